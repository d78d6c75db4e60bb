"""Memory that kernels compute in: images inside a border of zeros, panels of full width.

A window that hangs over the edge of an image reads the border instead of being tested for, and a
register tile that is wider than the last columns reads padding instead of being cut.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple, Self

import numpy as np
from numba import carray, types
from numba.extending import intrinsic
from numpy.typing import DTypeLike, NDArray

from cvtool.kernels.jit import helper
from cvtool.kernels.processor import TILE

Array = NDArray[Any]

# A tile may read past the last number of a buffer by less than its own rows and columns.
_SLACK = TILE.rows + TILE.columns(np.float32)


@dataclass(frozen=True, eq=False)
class Bordered:
    """Images with ``border`` rows and columns of zeros on all four sides.

    ``whole`` is a C-contiguous array ``(images, height + 2·border, width + 2·border, channels)``,
    made by ``zeros`` or ``around``, which leave room behind it for tiles to read past its end.
    """

    whole: Array
    border: int

    @classmethod
    def zeros(cls, shape: tuple[int, ...], border: int, dtype: DTypeLike) -> Self:
        """Make room for images of ``shape``, all zero."""
        images, height, width, channels = shape
        outer = (images, height + 2 * border, width + 2 * border, channels)
        size = int(np.prod(outer))
        return cls(np.zeros(size + _SLACK, dtype)[:size].reshape(outer), border)

    @classmethod
    def around(cls, images: Array, border: int) -> Self:
        """Copy ``images`` into a border of zeros."""
        bordered = cls.zeros(images.shape, border, images.dtype)
        bordered.inside[...] = images
        return bordered

    @property
    def inside(self) -> Array:
        """The images without their border: a view to read and write."""
        b = self.border
        _, height, width, _ = self.whole.shape
        return self.whole[:, b : height - b, b : width - b]

    def first(self, count: int) -> Self:
        """View the first ``count`` images."""
        return type(self)(self.whole[:count], self.border)


class Pixels(NamedTuple):
    """Where the pixels of images lie: an address, and distances from each to the next, in numbers.

    What is not an image has one pixel for each first index; see ``pixels_of``.
    """

    place: int
    image: int
    row: int
    pixel: int
    size: int


def pixels_of(array: Array) -> Pixels:
    """Describe ``(n, height, width, channels)`` or ``(n, channels)`` with contiguous channels."""
    distances = steps(array)
    if array.ndim == 2:
        distances = (distances[0], 0, 0, distances[1])
    if distances[3] != 1 and array.shape[-1] > 1:
        raise ValueError("a kernel needs the channels of a pixel side by side")
    image, row, pixel = distances[:3]
    return Pixels(address(array), image, row, pixel, array.itemsize)


def pixel_shape(array: Array) -> tuple[int, int, int, int]:
    """Return ``(n, height, width, channels)``, also for ``(n, channels)``."""
    if array.ndim == 2:
        return (array.shape[0], 1, 1, array.shape[1])
    images, height, width, channels = array.shape
    return (images, height, width, channels)


def address(array: Array) -> int:
    """Return the place of the first number; the caller keeps the array alive."""
    return int(array.__array_interface__["data"][0])


def steps(array: Array) -> tuple[int, ...]:
    """Return the distance between neighbors along each axis, in numbers instead of bytes."""
    return tuple(stride // array.itemsize for stride in array.strides)


def whole_panels(matrix: Array) -> Array:
    """Widen a matrix with zero columns until tiles cover it without a remainder.

    Returns
    -------
    A C-contiguous ``(rows, columns′)``; the matrix itself where that is what it is already.
    """
    rows, columns = matrix.shape
    width = TILE.columns(matrix.dtype)
    full = -(-columns // width) * width
    if full == columns and matrix.flags.c_contiguous:
        return matrix
    wide = np.zeros((rows, full), matrix.dtype)
    wide[:, :columns] = matrix
    return wide


@intrinsic
def _pointer(typingctx, place, like):
    def generate(context, builder, signature, args):
        return builder.inttoptr(args[0], context.get_value_type(signature.return_type))

    return types.CPointer(like)(types.intp, like), generate


@helper
def numbers_at(place, like, count):
    """View ``count`` numbers of the type of ``like`` at an address as an array."""
    return carray(_pointer(place, like), (count,))


@helper
def fill(numbers, value):
    """Set all numbers of a row; numba compiles it much faster than ``numbers[:] = value``."""
    for i in range(numbers.size):
        numbers[i] = value


@helper
def pixel_at(zero, pixels, image, row, column, channels):
    """View the channels of one pixel as an array; ``zero`` is of their type."""
    place = image * pixels.image + row * pixels.row + column * pixels.pixel
    return numbers_at(pixels.place + pixels.size * place, zero, channels)
