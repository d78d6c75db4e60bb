"""Whitening: after it no number of an image tells anything, linearly, about another (notes §6.2).

The images' covariance is split into its principal components. ``pca-whiten`` writes an image as its
components, each divided by its standard deviation; ``zca`` turns them back afterwards, which of all
whitenings changes the images least (Bell and Sejnowski, 1997).
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.augmentation import still
from cvtool.datasets.moments import Floats, full_range
from cvtool.datasets.split import Subset
from cvtool.kernels.batching import assemble
from cvtool.kernels.packing import pack
from cvtool.kernels.products import multiply, transpose
from cvtool.records import Note, Told, WorkRecord

# Bytes less 128 have products of at most 2¹⁴. Up to 2¹⁰ of those add up to whole numbers that
# float32 holds exactly, so that a covariance of bytes is made by the fast tile without an error.
_MIDDLE = 128.0
_IMAGES_AT_ONCE = 1000

_NOTHING = 1e-12
"""A share of the mean of squares that keeps a division by them possible, and changes none."""

_SLOW = 1000  # numbers of an image beyond which the components take seconds
_SHOWN = 32


@dataclass(frozen=True, eq=False)
class Spectrum:
    """Principal components: the columns of ``directions`` ``(d, rank)``, with their ``variances``.

    The largest comes first, and the largest number of each is positive. Directions in which the
    images do not vary, such as a pixel that is always the same, are left out: nothing is known of
    them. ``total`` is the sum of the variances.
    """

    directions: Floats
    variances: Floats
    total: float


@dataclass(frozen=True, eq=False)
class Whitening:
    """A matrix for centered images as rows of ``d`` numbers, and what there is to see of it.

    Parameters
    ----------
    matrix
        ``(d, d)`` float32: a row of an image times it is the whitened row.
    components
        ``(count, d)`` float32: the first principal components, of length one.
    shares
        ``(count,)`` float32: what each of them has of the whole variance.
    """

    matrix: NDArray[np.float32]
    components: NDArray[np.float32]
    shares: NDArray[np.float32]


def covariance(subset: Subset, mean_image: Floats) -> Generator[Told, None, Floats]:
    """Return how the numbers of images in [0, 1] vary together, ``(d, d)``.

    The bits do not depend on the number of threads; of bytes all sums are exact.

    Parameters
    ----------
    subset
        At least one image.
    mean_image
        ``(height, width, channels)``, of its pixels in [0, 1].
    """
    images, count, done = subset.examples.images, len(subset), 0
    center = np.full(mean_image.shape, _MIDDLE) if images.dtype == np.uint8 else mean_image
    sums, products = np.zeros(mean_image.size), np.zeros((mean_image.size, mean_image.size))
    for indices in subset.in_chunks(_IMAGES_AT_ONCE):
        rows = _centered(*subset.examples.pick(indices), center)
        sums += rows.sum(axis=0, dtype=np.float64)
        _add_products(rows, products)
        done += len(indices)
        yield WorkRecord("whitening: covariance, image", done, count)
    # As whole numbers of bytes: count·Σxy − Σx·Σy.
    products *= count
    products -= np.multiply.outer(sums, sums)
    products /= (count * full_range(images)) ** 2
    return _mirrored(products)


def _centered(images: NDArray[Any], indices: NDArray[np.int64], center: Floats) -> NDArray[Any]:
    """Gather images as rows less their center; bytes in single precision, floats in double."""
    dtype = np.dtype(np.float32 if images.dtype == np.uint8 else np.float64)
    out = np.empty((len(indices), *images.shape[1:]), dtype)
    ones = np.ones(out.shape[1:], dtype)
    assemble(images, indices, center.astype(dtype), ones, *still(len(indices)), out)
    return out.reshape(len(indices), -1)


def _add_products(rows: NDArray[Any], products: Floats) -> None:
    """Add ``rowsᵀ · rows`` to ``products``, on and above the diagonal at least."""
    turned = transpose(rows)
    for first, last, panels in pack(rows):
        band = multiply(turned[:last], panels, out=np.empty((last, last - first), rows.dtype))
        products[:last, first:last] += band


def _mirrored(products: Floats) -> Floats:
    """Write what is above the diagonal below it, too."""
    np.copyto(products, products.T, where=np.tri(len(products), k=-1, dtype=np.bool_))
    return products


def spectrum(covariances: Floats, *, faintest: float) -> Generator[Told, None, Spectrum]:
    """Find the principal components, on one thread of NumPy's library for the sake of the bits.

    Parameters
    ----------
    covariances
        ``(d, d)``.
    faintest
        Variance of a component that is no more than rounding.
    """
    from threadpoolctl import threadpool_limits

    size = len(covariances)
    if size > _SLOW:
        yield Note(f"finding {size:,} principal components, which takes a while")
    yield WorkRecord("whitening: principal components,", 0, size)
    with threadpool_limits(1, user_api="blas"):
        variances, directions = np.linalg.eigh(covariances)
    yield WorkRecord("whitening: principal components,", size, size)
    known = variances > max(faintest, size * np.finfo(np.float64).eps * variances[-1])
    variances, directions = variances[known][::-1], directions[:, known][:, ::-1]
    largest = np.abs(directions).argmax(axis=0)
    signs = np.sign(directions[largest, np.arange(len(variances))])
    return Spectrum(np.ascontiguousarray(directions * signs), variances, float(covariances.trace()))


def whiten(
    word: str, found: Spectrum, epsilon: float, *, standardized_channels: int | None = None
) -> Whitening:
    """Make the matrix of ``pca-whiten`` or ``zca``.

    Parameters
    ----------
    epsilon
        Added to every variance before dividing by it, as a share of their mean. Without it, the
        last components, mostly noise, would be blown up to the size of the first.
    standardized_channels
        Where given, the number of channels whose whitened numbers are brought to a standard
        deviation of one.
    """
    size, rank = found.directions.shape
    padded = found.variances + epsilon * found.total / size
    matrix = np.zeros((size, size))
    if word == "pca-whiten":
        matrix[:, :rank] = found.directions / np.sqrt(padded)
    else:
        halves = transpose(found.directions / padded**0.25)
        for first in range(0, rank, _IMAGES_AT_ONCE):
            _add_products(halves[first : first + _IMAGES_AT_ONCE], matrix)
        _mirrored(matrix)
    if standardized_channels is not None:
        variances = (found.directions**2 * (found.variances / padded)).sum(axis=1)
        matrix /= _deviations(variances, standardized_channels)
    shown = slice(min(_SHOWN, rank))
    return Whitening(
        matrix.astype(np.float32),
        found.directions.T[shown].astype(np.float32),
        (found.variances[shown] / found.total).astype(np.float32),
    )


def unwhiten(whitening: Whitening, white: NDArray[Any]) -> Floats:
    """Return the smallest centered images that become these, or come nearest, by whitening.

    Parameters
    ----------
    white
        ``(n, height, width, channels)``; the result has the same shape.
    """
    from threadpoolctl import threadpool_limits

    matrix = whitening.matrix.astype(np.float64)
    rows = white.reshape(len(white), -1).astype(np.float64)
    with threadpool_limits(1, user_api="blas"):  # for the sake of the bits
        # Directions that were left out have no length in the matrix, and get none here.
        square = matrix @ matrix.T
        square[np.diag_indices_from(square)] += _NOTHING * square.diagonal().mean()
        found = np.linalg.solve(square, matrix @ rows.T)
    return np.asarray(found.T.reshape(white.shape))


def _deviations(variances: Floats, channels: int) -> Floats:
    """Return for every number the standard deviation of its channel, or one if that is zero."""
    of_channels = np.sqrt(variances.reshape(-1, channels).mean(axis=0))
    of_channels[of_channels < np.finfo(np.float32).eps] = 1
    return np.tile(of_channels, len(variances) // channels)
