"""Images compared with themselves, changed, and with others: which of them is nearer."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.dataset import Indices
from cvtool.diagnostics.image_changes import Images, changes_for, draw_checkerboard, invert
from cvtool.kernels.distances import distances
from cvtool.records import Changed, Checkerboard, WorkRecord
from cvtool.seeds import stream

_MOST_QUERIES = 200
_MOST_IMAGES = 10_000
_AT_ONCE = 500

Measured = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Nearest:
    """The image nearest to each query: its position among those given, and how far it is."""

    positions: Indices
    distances: Measured


@dataclass(frozen=True, eq=False)
class Comparison:
    """Some images, changed, and their distances to themselves and to others.

    Parameters
    ----------
    queries, labels
        ``(q, h, w, c)`` and ``(q,)``.
    images
        How many they were compared with.
    changed, to_self
        By the name of a change: the queries so changed, and how far each then is from itself.
    nearest, another_class
        The nearest other image of each, and the nearest of another class.
    board, board_nearest, checkerboard
        A checkerboard ``(1, h, w, c)``, the image nearest to it, and what its negative shows.
    """

    metric: str
    queries: Images
    labels: Indices
    images: int
    changed: dict[str, Images]
    to_self: dict[str, Measured]
    nearest: Nearest
    another_class: Nearest
    board: Images
    board_nearest: Nearest
    checkerboard: Checkerboard

    def changes(self) -> tuple[Changed, ...]:
        """Sum up what each change does."""
        return tuple(
            Changed(
                change,
                float(own.mean()),
                float((own > self.nearest.distances).mean()),
                float((own > self.another_class.distances).mean()),
            )
            for change, own in self.to_self.items()
        )


def compare(
    images: Images, labels: Indices, *, metric: str, seed: int
) -> Generator[WorkRecord, None, Comparison]:
    """Change up to 200 images, and compare them with themselves and up to 10,000 others.

    Parameters
    ----------
    images
        ``(n, h, w, c)``, two or more, uint8 or floats in [0, 1].
    labels
        ``(n,)``.
    metric
        ``l1``, ``l2`` or ``cosine``.
    seed
        Which images are taken.
    """
    chosen = stream(seed, "explain").permutation(len(images))[:_MOST_IMAGES]
    queries, own = images[chosen[:_MOST_QUERIES]], labels[chosen[:_MOST_QUERIES]]
    changed = {name: change(queries) for name, change in changes_for(images.shape[2]).items()}
    board = draw_checkerboard(images.shape[1:], images.dtype)
    asking = np.concatenate([queries, board])
    to_all = yield from _distances_to(rows_of(asking), images, chosen, metric)
    to_others, of_board = to_all[:-1], to_all[-1:]
    is_own = labels[chosen] == own[:, None]
    np.fill_diagonal(to_others, np.inf)  # the queries are the first of those chosen
    return Comparison(
        metric,
        queries,
        own,
        len(chosen),
        changed,
        {name: _to_self(queries, each, metric) for name, each in changed.items()},
        _nearest(to_others, chosen),
        _nearest(np.where(is_own, np.inf, to_others), chosen),
        board,
        _nearest(of_board, chosen),
        _of_checkerboard(board, of_board, metric),
    )


def rows_of(images: Images) -> NDArray[Any]:
    """Lay images out as rows of bytes or float32, as kernels compare them."""
    rows = images.reshape(len(images), -1)
    return rows if rows.dtype == np.uint8 else rows.astype(np.float32, copy=False)


def _distances_to(
    queries: NDArray[Any], images: Images, chosen: Indices, metric: str
) -> Generator[WorkRecord, None, Measured]:
    out = np.empty((len(queries), len(chosen)))
    for start in range(0, len(chosen), _AT_ONCE):
        yield WorkRecord("comparing images", start, len(chosen))
        part = slice(start, start + _AT_ONCE)
        out[:, part] = distances(queries, rows_of(images[chosen[part]]), metric=metric)
    yield WorkRecord("comparing images", len(chosen), len(chosen))
    return out


def _to_self(queries: Images, changed: Images, metric: str) -> Measured:
    pairs = zip(rows_of(queries)[:, None], rows_of(changed)[:, None], strict=True)
    return np.array([distances(one, other, metric=metric)[0, 0] for one, other in pairs])


def _nearest(to_images: Measured, chosen: Indices) -> Nearest:
    columns = to_images.argmin(axis=1)
    return Nearest(chosen[columns], to_images[np.arange(len(columns)), columns])


def _of_checkerboard(board: Images, to_images: Measured, metric: str) -> Checkerboard:
    """Compare a checkerboard with its negative; nothing is farther from it than that."""
    negative = rows_of(invert(board))
    distance = float(distances(rows_of(board), negative, metric=metric)[0, 0])
    return Checkerboard(distance, float((to_images < distance).mean()))
