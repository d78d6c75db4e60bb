"""Claims on centering images before a network sees them (notes §6.2)."""

import numpy as np

from cvtool.diagnostics.claims.claim import Bench, Claim, Measurement, holds
from cvtool.diagnostics.claims.samples import Matrix, draw, pixel_rows


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
)
