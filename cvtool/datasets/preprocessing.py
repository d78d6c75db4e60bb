"""What is done to pixels before a network sees them (notes §6.2).

Pixels are always brought to a range of [0, 1] first: bytes are divided by 255, floats are taken as
they are. The statistics come from training images alone; what is held out never has a say in them.

A chain of steps, each fitted to what those before it leave of the training images, is one mean and
one scale, and at most one matrix behind them: whatever is subtracted later is part of the mean.
"""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from cvtool.config import DataConfig
from cvtool.datasets.moments import NOISE, Floats, Moments, measure
from cvtool.datasets.preprocessing_chain import WHITENINGS, check_size, parse_chain
from cvtool.datasets.request import Progress
from cvtool.datasets.split import Subset
from cvtool.datasets.whitening import Whitening, covariance, spectrum, unwhiten, whiten
from cvtool.kernels.products import multiply_by_transposed
from cvtool.records import Told, finish


@dataclass(frozen=True, eq=False)
class Preprocessing:
    """``(pixels − mean) / scale``, for pixels in [0, 1], and then perhaps a matrix.

    Parameters
    ----------
    kind
        Words between commas. ``none``; ``mean-image``: subtract a mean for each pixel and channel;
        ``channel-mean``: a mean for each channel; ``standardize``: that, and divide by each
        channel's standard deviation; ``pca-whiten``: replace the numbers of an image by its
        principal components, the largest first, each divided by its standard deviation; ``zca``:
        that, turned back to pixels.
    mean, scale
        float32 of shape ``()``, ``(channels,)`` or ``(height, width, channels)``.
    whitening
        What makes the numbers of an image white; they are rows of ``height · width · channels``.
    """

    kind: str
    mean: NDArray[np.float32]
    scale: NDArray[np.float32]
    whitening: Whitening | None = None

    @classmethod
    def fit(
        cls,
        kind: str,
        subset: Subset,
        *,
        epsilon: float = DataConfig.whiten_epsilon,
        progress: Progress | None = None,
    ) -> Self:
        """Learn from training images, a few megabytes at a time.

        Parameters
        ----------
        kind
            A chain of words, as ``channel-mean,zca``.
        subset
            The training images, at least one.
        epsilon
            Added to variances before whitening, as a share of their mean.
        progress
            Told how far the work is, if anybody wants to know.

        Raises
        ------
        UsageError
            If the chain makes no sense, or the images are too large to be whitened.
        """
        return finish(cls.fitting(kind, subset, epsilon=epsilon), progress)

    @classmethod
    def fitting(cls, kind: str, subset: Subset, *, epsilon: float) -> Generator[Told, None, Self]:
        """Learn as ``fit`` does and yield what there is to tell on the way."""
        words = parse_chain(kind)
        check_size(words, subset.examples.images.shape[1:])
        if "none" in words:
            return cls._of(kind, 0.0, 1.0)
        moments = yield from measure(subset)
        place = next((at for at, word in enumerate(words) if word in WHITENINGS), None)
        if place is None:
            return cls._of(kind, *_mean_and_scale(words, moments))
        _, scale = _mean_and_scale(words[:place], moments)
        spread = np.broadcast_to(scale, moments.mean_image.shape).ravel()
        varying = (yield from covariance(subset, moments.mean_image)) / spread[:, None] / spread
        faintest = float(np.mean((NOISE * moments.mean_image / scale) ** 2))
        found = yield from spectrum(varying, faintest=faintest)
        # Whitened images have no mean, so that of all later steps a division alone is left to do.
        channels = len(moments.channel_mean) if "standardize" in words[place:] else None
        whitening = whiten(words[place], found, epsilon, standardized_channels=channels)
        return cls._of(kind, moments.mean_image, scale, whitening)

    @classmethod
    def _of(cls, kind: str, mean: Floats | float, scale: Floats | float, *more: Whitening) -> Self:
        return cls(kind, np.asarray(mean, np.float32), np.asarray(scale, np.float32), *more)

    def undo(self, seen: NDArray[Any]) -> Floats:
        """Return pixels in [0, 1], or beyond, that a network sees as it sees these.

        Parameters
        ----------
        seen
            Preprocessed images, ``(n, height, width, channels)``. What a whitening knows nothing
            of, as pixels that never vary, is that of the mean image.
        """
        centered = seen if self.whitening is None else unwhiten(self.whitening, seen)
        return np.asarray(centered * self.scale.astype(np.float64) + self.mean)

    def pull_back(self, gradients: NDArray[Any]) -> Floats:
        """Turn gradients by what a network sees into those by pixels in [0, 1]: the chain rule.

        Parameters
        ----------
        gradients
            ``(n, height, width, channels)``.
        """
        if self.whitening is not None:
            rows = gradients.reshape(len(gradients), -1)
            by_centered = multiply_by_transposed(rows, self.whitening.matrix.astype(rows.dtype))
            gradients = by_centered.reshape(gradients.shape)
        return np.asarray(gradients / self.scale.astype(np.float64))

    def to_arrays(self) -> dict[str, NDArray[np.float32]]:
        """Return what has to be saved to preprocess other images likewise."""
        whitening = vars(self.whitening) if self.whitening else {}
        return {"mean": self.mean, "scale": self.scale, **whitening}

    @classmethod
    def from_arrays(cls, kind: str, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Rebuild what ``to_arrays`` gave."""
        more = {name: array for name, array in arrays.items() if name not in ("mean", "scale")}
        return cls(kind, arrays["mean"], arrays["scale"], Whitening(**more) if more else None)


def _mean_and_scale(
    words: tuple[str, ...], moments: Moments
) -> tuple[Floats | float, Floats | float]:
    """Say what all steps before a whitening subtract, and what they divide by.

    A mean image leaves no mean of a channel, and a constant that was subtracted before does not
    change the deviation from it.
    """
    mean: Floats | float = 0.0
    scale: Floats | float = 1.0
    for at, word in enumerate(words):
        if word == "mean-image":
            mean = moments.mean_image
        elif "mean-image" not in words[:at]:
            mean = moments.channel_mean
        if word == "standardize":
            by_pixel = "mean-image" in words[:at]
            scale = moments.divisor_about_mean_image if by_pixel else moments.divisor
    return mean, scale
