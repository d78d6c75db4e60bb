"""What images are like, as a network sees them: their mean, and how colors vary together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cvtool.layers.base import Array, Shape


@dataclass(frozen=True, eq=False)
class SeenMoments:
    """Of preprocessed images.

    Parameters
    ----------
    mean
        ``(height, width, channels)``: the mean image.
    covariance
        ``(channels, channels)``: of the channels of a pixel, about the mean image.
    """

    mean: NDArray[np.float64]
    covariance: NDArray[np.float64]

    def deviation(self) -> float:
        """Return the standard deviation over all channels and pixels; one if images are alike."""
        return float(np.sqrt(np.diagonal(self.covariance).mean())) or 1.0

    def color_root(self) -> NDArray[np.float64]:
        """Return the root of the covariance, scaled so that channels alike in size keep theirs.

        Multiplied by it, colors that images do not have become faint: those of independent channels
        become like those of images.
        """
        variances, directions = np.linalg.eigh(self.covariance)
        mean = variances.mean()
        if not mean > 0:
            return np.eye(len(variances))
        lengths = np.sqrt(np.maximum(variances, 0) / mean)
        return np.asarray(np.einsum("ik,k,jk->ij", directions, lengths, directions))


class MomentSums:
    """Sums that moments are made of, batch by batch.

    They are of what images differ from the first one by: of images that are alike they are exactly
    zero, where those of pixels would leave rounding, and a variance below zero.
    """

    def __init__(self, shape: Shape) -> None:
        self._count = 0
        self._first = np.zeros(shape)
        self._images = np.zeros(shape)
        self._products = np.zeros((shape[-1], shape[-1]))

    def add(self, images: Array) -> None:
        """Take in a batch ``(n, height, width, channels)``."""
        if not self._count:
            self._first = images[0].astype(np.float64)
        self._count += len(images)
        apart = images - self._first
        self._images += apart.sum(axis=0)
        self._products += np.einsum("nhwc,nhwd->cd", apart, apart)

    def moments(self) -> SeenMoments:
        """Return the moments of all images, at least one."""
        mean = self._images / self._count
        places = mean.shape[0] * mean.shape[1]
        about_first = self._products / self._count
        covariance = about_first - np.einsum("hwc,hwd->cd", mean, mean)
        return SeenMoments(self._first + mean, covariance / places)
