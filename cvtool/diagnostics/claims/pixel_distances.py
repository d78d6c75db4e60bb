"""Claims on what distances between pixels see (notes §2.1)."""

import numpy as np

from cvtool.diagnostics.claims.claim import Bench, Claim, Measurement, holds
from cvtool.diagnostics.claims.samples import draw, share_with_interval
from cvtool.diagnostics.image_changes import draw_checkerboard, invert, shift
from cvtool.diagnostics.image_comparison import rows_of
from cvtool.kernels.distances import distances
from cvtool.seeds import stream

_QUERIES = 200
_BREADTH = 8
"""An image is shifted by this part of its width."""


def _shifted_far(bench: Bench) -> Measurement:
    images, _ = draw(bench, 1_000, "shifted-far")
    queries = images[:_QUERIES]
    pixels = max(1, images.shape[2] // _BREADTH)
    moved = rows_of(shift(queries, pixels))
    own = np.array(
        [
            distances(one, other, metric="l2")[0, 0]
            for one, other in zip(rows_of(queries)[:, None], moved[:, None], strict=True)
        ]
    )
    others = distances(rows_of(queries), rows_of(images), metric="l2")
    np.fill_diagonal(others, np.inf)
    farther = int((own > others.min(axis=1)).sum())
    measured = {"pixels": float(pixels)} | share_with_interval("share", farther, len(own))
    return holds(
        measured["share low"] > 0.5,
        measured,
        f"shifted by {pixels} pixel{'s' if pixels > 1 else ''}, {measured['share']:.0%} of images "
        f"are farther from themselves than from another image (95 % interval "
        f"{measured['share low']:.0%} to {measured['share high']:.0%})",
    )


def _checkerboard(bench: Bench) -> Measurement:
    images, _ = draw(bench, 1_000, "checkerboard")
    board = draw_checkerboard(bench.dataset.image_shape, np.dtype(np.uint8))
    negative = invert(board)
    measured = {}
    for metric, greatest in (("l1", 255.0 * board.size), ("l2", 255.0 * board.size**0.5)):
        distance = float(distances(rows_of(board), rows_of(negative), metric=metric)[0, 0])
        measured[f"{metric} share of the greatest"] = distance / greatest
    as_bytes = (
        images if images.dtype == np.uint8 else np.clip(images * 255, 0, 255).astype(np.uint8)
    )
    to_images = distances(rows_of(board), rows_of(as_bytes), metric="l2")
    nearer = float(to_images.max() / (255.0 * board.size**0.5))
    measured["farthest image"] = nearer
    is_so = all(abs(measured[f"{each} share of the greatest"] - 1) < 1e-12 for each in ("l1", "l2"))
    return holds(
        is_so,
        measured,
        f"no two images can be farther apart, by L1 or L2; the farthest of {len(images):,} real "
        f"images is at {nearer:.0%} of that",
    )


def _root_needless(bench: Bench) -> Measurement:
    images, _ = draw(bench, 1_000, "root-needless")
    random = stream(bench.seed, "claims", "root-needless", "queries")
    chosen = random.permutation(len(images))[:_QUERIES]
    rows = rows_of(images)
    rooted = distances(rows[chosen], rows, metric="l2")
    wide = rows.astype(np.float64)
    norms = (wide**2).sum(axis=1)
    squares = norms[chosen, None] + norms - 2 * (wide[chosen] @ wide.T)
    order = np.argsort(squares, axis=1, kind="stable")
    backwards = np.diff(np.take_along_axis(rooted, order, axis=1), axis=1)
    scale = rooted.max() or 1.0
    wrong = int((backwards < -1e-6 * scale).sum())
    return holds(
        wrong == 0,
        {"pairs": backwards.size, "pairs out of order": wrong},
        f"of {backwards.size:,} neighboring pairs that squared distances put in order, {wrong} are "
        f"in another order by their roots",
    )


def _place_blind(bench: Bench) -> Measurement:
    images, _ = draw(bench, 300, "place-blind")
    rows = rows_of(images)
    order = stream(bench.seed, "claims", "place-blind", "order").permutation(rows.shape[1])
    before = distances(rows, rows, metric="l1")
    after = distances(rows[:, order], rows[:, order], metric="l1")
    change = float(np.abs(before - after).max() / (before.max() or 1.0))
    return holds(
        change < 1e-5,
        {"largest relative change": change},
        f"all pixels trade places, the same way in each of {len(rows)} images, and distances "
        f"change by {change:.1g} of the largest",
    )


CLAIMS: tuple[Claim, ...] = (
    Claim(
        "shifted-image-far",
        "§2.1",
        "a shifted image is far from itself",
        _shifted_far,
    ),
    Claim(
        "checkerboard-negative-farthest",
        "§2.1",
        "a checkerboard and its negative are at the greatest possible distance",
        _checkerboard,
    ),
    Claim(
        "square-root-needless",
        "§2.1",
        "leaving out the square root leaves the order of neighbors",
        _root_needless,
    ),
    Claim(
        "distances-blind-to-place",
        "§2.1",
        "distances weigh every pixel alike, whether subject or background, wherever it is",
        _place_blind,
    ),
)
