"""Claims on the two losses (notes §3.1)."""

from collections.abc import Callable
from math import log

import numpy as np

from cvtool.diagnostics.claims.claim import Bench, Claim, Measurement, holds
from cvtool.diagnostics.claims.samples import draw, pixel_rows, standardized, with_interval
from cvtool.losses.registry import Loss
from cvtool.losses.softmax import probabilities, softmax_loss
from cvtool.losses.svm import svm_loss
from cvtool.seeds import stream

_SMALL = 1e-3
_NEAR = 0.01


def _initial(loss: Loss, expected: Callable[[int], float], name: str, words: str) -> Claim:
    def test(bench: Bench) -> Measurement:
        classes = len(bench.dataset.classes)
        seen = []
        for repeat in range(8):
            images, labels = draw(bench, 300, name, repeat)
            rows = standardized(raw := pixel_rows(images), raw)
            random = stream(bench.seed, "claims", name, "weights", repeat)
            weights = random.normal(0, _SMALL, (rows.shape[1], classes))
            seen.append(loss(rows @ weights, labels)[0])
        wanted, measured = expected(classes), with_interval("loss", seen)
        return holds(
            abs(measured["loss"] / wanted - 1) < _NEAR,
            measured | {"expected": wanted},
            f"{measured['loss']:.4f} (95 % interval {measured['loss low']:.4f} to "
            f"{measured['loss high']:.4f}) with small weights and {classes} classes; "
            f"{wanted:.4f} expected",
        )

    return Claim(name, "§3.1", words, test)


def _equal_scores(bench: Bench) -> Measurement:
    classes = len(bench.dataset.classes)
    random = stream(bench.seed, "claims", "equal-scores")
    scores = np.repeat(random.normal(0, 10, (50, 1)), classes, axis=1)
    labels = random.integers(0, classes, 50)
    softmax, svm = softmax_loss(scores, labels)[0], svm_loss(scores, labels)[0]
    error = max(abs(softmax - log(classes)), abs(svm - (classes - 1)))
    return holds(
        error < 1e-9,
        {"softmax": softmax, "svm": svm, "largest error": error},
        f"with equal scores softmax loses {softmax:.6f} = ln {classes} and the SVM {svm:.6f} = "
        f"{classes} − 1, up to {error:.0e}",
    )


def _shifted_scores(bench: Bench) -> Measurement:
    random = stream(bench.seed, "claims", "shifted-scores")
    scores = random.normal(0, 3, (100, len(bench.dataset.classes)))
    with np.errstate(over="ignore", invalid="ignore"):
        powers = np.exp(scores + 1_000)
        naive = powers / powers.sum(axis=1, keepdims=True)
        plain = np.exp(scores)
    change = float(
        np.abs(probabilities(scores + 1_000) - plain / plain.sum(1, keepdims=True)).max()
    )
    lost = float(np.isnan(naive).mean())
    return holds(
        change < 1e-9 and lost == 1,
        {"largest change": change, "lost without": lost},
        f"1,000 added to all scores changes probabilities by {change:.0e}; without subtracting the "
        f"highest score {lost:.0%} of them would be no numbers",
    )


CLAIMS: tuple[Claim, ...] = (
    _initial(softmax_loss, log, "initial-softmax-loss", "the initial loss of softmax is ln C"),
    _initial(
        svm_loss, lambda classes: classes - 1.0, "initial-svm-loss", "that of the SVM is C − 1"
    ),
    Claim("equal-scores-loss", "§3.1", "equal scores lose exactly that much", _equal_scores),
    Claim(
        "softmax-shift",
        "§3.1",
        "subtracting the highest score changes no probability, and avoids overflow",
        _shifted_scores,
    ),
)
