"""Claims on nearest neighbors as a classifier (notes §2.1, §2.2)."""

from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.embedded.points import SpiralChoices, spiral
from cvtool.diagnostics.claims.claim import Bench, Claim, Measurement, holds
from cvtool.diagnostics.claims.samples import draw, pixel_rows, with_interval
from cvtool.diagnostics.prediction_time import growth
from cvtool.kernels.nearest import nearest
from cvtool.models.nearest_neighbors import vote
from cvtool.seeds import stream

_KS = (1, 3, 5, 15)
_GRID = 60
_ROUNDS = 8


def _k1_perfect(bench: Bench) -> Measurement:
    images, labels = draw(bench, 1_000, "k1-perfect")
    rows, first = np.unique(pixel_rows(images), axis=0, return_index=True)
    winners = _classify(rows, rows, labels[first], (1,), len(bench.dataset.classes))
    accuracy = float((winners[:, 0] == labels[first]).mean())
    return holds(
        accuracy == 1,
        {"accuracy": accuracy, "images": len(rows)},
        f"accuracy {accuracy:.1%} on the {len(rows):,} distinct images that are its training set",
    )


def _k1_misleads(bench: Bench) -> Measurement:
    gaps, best = [], []
    for repeat in range(10):
        images, labels = draw(bench, 800, "k1-misleads", repeat)
        rows, half = pixel_rows(images), len(labels) // 2
        classes = len(bench.dataset.classes)
        own = _classify(rows[:half], rows[:half], labels[:half], _KS, classes)
        others = _classify(rows[half:], rows[:half], labels[:half], _KS, classes)
        of_own = (own == labels[:half, None]).mean(axis=0)
        gaps.append(float(of_own[0] - (others[:, 0] == labels[half:]).mean()))
        best.append(_KS[int(of_own.argmax())])
    measured = {"K chosen": float(max(best))} | with_interval("overstated by", gaps)
    return holds(
        max(best) == 1 and measured["overstated by low"] > 0,
        measured,
        f"of K = {', '.join(map(str, _KS))} the training images choose {max(best)} every time, and "
        f"overstate its accuracy by {100 * measured['overstated by']:.1f} points "
        f"({_points(measured, 'overstated by')})",
    )


def _larger_k_smoother(bench: Bench) -> Measurement:
    shares = []
    for repeat in range(6):
        seed = int(stream(bench.seed, "claims", "larger-k-smoother", repeat).integers(2**31))
        train = spiral(SpiralChoices(images=400, test_images=0, noise=0.5, seed=seed)).train
        axis = np.linspace(-1, 1, _GRID, dtype=np.float32)
        cells = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
        points = np.ascontiguousarray(train.images.reshape(-1, 2))
        winners = _classify(cells, points, train.labels, (1, 15), 3)
        jagged, smooth = (_changes(winners[:, each]) for each in range(2))
        shares.append(smooth / jagged)
    measured = with_interval("boundary kept", shares)
    return holds(
        measured["boundary kept high"] < 1,
        measured,
        f"on spirals the boundary at K = 15 has {measured['boundary kept']:.0%} of the length it "
        f"has at K = 1 (95 % interval {measured['boundary kept low']:.0%} to "
        f"{measured['boundary kept high']:.0%})",
    )


def _cost_linear(bench: Bench) -> Measurement:
    random = stream(bench.seed, "claims", "cost-linear")
    rows = random.integers(0, 256, (32_000, 256), np.uint8)
    queries = random.integers(0, 256, (128, 256), np.uint8)
    sizes = (4_000, 11_000, 32_000)
    nearest(queries[:1], rows[:1], 1, metric="l1")  # what has to be compiled is, untimed
    seconds: dict[int, tuple[float, ...]] = dict.fromkeys(sizes, ())
    for _ in range(_ROUNDS):
        for size in sizes:
            started = perf_counter()
            nearest(queries, rows[:size], 1, metric="l1")
            seconds[size] += (perf_counter() - started,)
    power = growth(seconds)
    # Without one round, whichever it is, the power hardly changes.
    left = [
        growth({size: taken[:each] + taken[each + 1 :] for size, taken in seconds.items()})
        for each in range(_ROUNDS)
    ]
    return holds(
        0.7 < power < 1.3,
        {"power": power, "power low": min(left), "power high": max(left)},
        f"from {sizes[0]:,} to {sizes[-1]:,} images time grows with their number to the power "
        f"{power:.2f} ({min(left):.2f} to {max(left):.2f} with any one round left out)",
    )


def _classify(
    queries: NDArray[np.floating],
    rows: NDArray[np.floating],
    labels: NDArray[np.int64],
    ks: tuple[int, ...],
    classes: int,
) -> NDArray[np.int64]:
    found = nearest(
        queries.astype(np.float32), rows.astype(np.float32), min(max(ks), len(rows)), metric="l2"
    )
    return vote(labels[found.indices], ks, classes=classes).winners


def _changes(winners: NDArray[np.int64]) -> int:
    """Count neighboring cells of the plane that are given different classes."""
    plane = winners.reshape(_GRID, _GRID)
    return sum(int((np.diff(plane, axis=axis) != 0).sum()) for axis in range(2))


def _points(measured: dict[str, float], name: str) -> str:
    low, high = measured[f"{name} low"], measured[f"{name} high"]
    return f"95 % interval {100 * low:.1f} to {100 * high:.1f}"


CLAIMS: tuple[Claim, ...] = (
    Claim("k1-perfect", "§2.1", "K = 1 is perfect on its training set", _k1_perfect),
    Claim("larger-k-smoother", "§2.1", "a larger K smooths the boundary", _larger_k_smoother),
    Claim(
        "prediction-cost-linear",
        "§2.1",
        "the cost of a prediction grows linearly with the training set",
        _cost_linear,
    ),
    Claim(
        "training-set-misleads",
        "§2.2",
        "the training set would always choose K = 1, and overstates it",
        _k1_misleads,
    ),
)
