"""Claims on centering and on the variances of weights (notes §6.2, §6.3)."""

import numpy as np

from cvtool.diagnostics.claims.claim import Bench, Claim, Measurement, holds
from cvtool.diagnostics.claims.samples import Matrix, draw, pixel_rows, with_interval
from cvtool.seeds import stream

_INPUTS = 400
_NEURONS = 100
_IMAGES = 100
_REPEATS = 10


def _misprint(name: str, text: str, right: float, words: str, rectified: bool) -> Claim:
    """Simulate a layer whose weights have the listed number as variance, and as it should be.

    Parameters
    ----------
    right
        The variance that keeps the second moment, times N; the notes list this over √N.
    rectified
        Whether inputs are outputs of ReLUs.
    """
    listed = right / _INPUTS**0.5

    def test(bench: Bench) -> Measurement:
        kept, gone = (
            [_growth(bench, name, each, variance, rectified) for each in range(_REPEATS)]
            for variance in (right / _INPUTS, listed)
        )
        measured = with_interval("as misprinted", gone) | with_interval("as meant", kept)
        is_misprint = measured["as misprinted low"] > 2 and abs(measured["as meant"] - 1) < 0.1
        message = (
            f"with {_INPUTS} inputs the listed variance multiplies the second moment by "
            f"{measured['as misprinted']:.1f} at each layer (95 % interval "
            f"{measured['as misprinted low']:.1f} to {measured['as misprinted high']:.1f}); "
            f"{words} keeps it, at {measured['as meant']:.2f} ({measured['as meant low']:.2f} to "
            f"{measured['as meant high']:.2f})"
        )
        return Measurement(measured, "the notes are in error" if is_misprint else "holds", message)

    return Claim(name, "§6.3", text, test)


def _growth(bench: Bench, name: str, repeat: int, variance: float, rectified: bool) -> float:
    """Tell what a layer multiplies the second moment of its inputs' sources by."""
    random = stream(bench.seed, "claims", name, repeat)
    given = random.normal(0, 1, (_IMAGES, _INPUTS))
    inputs = np.maximum(given, 0) if rectified else given
    outputs = inputs @ random.normal(0, variance**0.5, (_INPUTS, _NEURONS))
    return float((outputs**2).mean() / (given**2).mean())


def _centering(bench: Bench) -> Measurement:
    """Subtract both kinds of mean, and look at what is left of each pixel's and channel's."""
    images, _ = draw(bench, 1_000, "centering")
    channels = images.shape[3]
    rows = pixel_rows(images)
    by_image = rows - rows.mean(axis=0)
    shade = rows.reshape(-1, channels).mean(axis=0)
    by_channel = (rows.reshape(-1, channels) - shade).reshape(rows.shape)
    measured = {
        "pixel means, mean image": _largest_mean(by_image),
        "pixel means, channel mean": _largest_mean(by_channel),
        "channel means, channel mean": _largest_mean(by_channel.reshape(-1, channels)),
    }
    pixels, left, shades = measured.values()
    return holds(
        pixels < 1e-10 and shades < 1e-10,
        measured,
        f"a mean image leaves every pixel a mean of {pixels:.0e}; {channels} channel mean"
        f"{'s' if channels > 1 else ''} leave{'' if channels > 1 else 's'} every channel "
        f"{shades:.0e} and single pixels up to {left:.2f}",
    )


def _largest_mean(columns: Matrix) -> float:
    return float(np.abs(columns.mean(axis=0)).max())


CLAIMS: tuple[Claim, ...] = (
    Claim(
        "both-means-center",
        "§6.2",
        "a mean image centers every pixel, a channel mean every channel",
        _centering,
    ),
    _misprint(
        "variance-for-tanh",
        "weights before tanh are drawn with variance 1/√N",
        1.0,
        "1/√N as standard deviation",
        rectified=False,
    ),
    _misprint(
        "variance-for-relu",
        "weights before ReLU are drawn with variance 2/√N",
        2.0,
        "√(2/N) as standard deviation",
        rectified=True,
    ),
)
