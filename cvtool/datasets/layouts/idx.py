"""Arrays of bytes in idx files, the format of the MNIST family, plain or compressed by gzip.

Two zeros, the type of the values, the number of dimensions, and each dimension in four bytes, the
highest first; then the values, the last dimension fastest. Plain files are mapped, not read.
"""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.layouts.expanding import expanding
from cvtool.errors import DataError

_BYTES = 8  # the type of unsigned bytes
_MOST_DIMENSIONS = 4
_LARGEST = 768 * 2**20  # bytes to hold in memory; EMNIST's largest file has 522 MiB
_LARGEST_IMAGE = 2**26
_AT_ONCE = 2**22
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class _Header:
    """The shape of an array, and how many bytes it takes to say so."""

    shape: tuple[int, ...]

    @property
    def length(self) -> int:
        return 4 + 4 * len(self.shape)

    @property
    def values(self) -> int:
        return math.prod(self.shape)

    def __str__(self) -> str:
        return "×".join(map(str, self.shape))


def read_idx(path: Path, *, turned: bool = False) -> NDArray[np.uint8]:
    """Read the array of a file; one that is mapped cannot be written to.

    Parameters
    ----------
    path
        A regular file.
    turned
        Whether to exchange the second and third dimension, in memory.

    Raises
    ------
    DataError
        If it is no idx file of bytes, is cut off or longer than it says, or is too large for
        memory and has to be held there.
    """
    compressed, header = _is_compressed(path), _read_header(path)
    turned = turned and len(header.shape) > 2
    if (compressed or turned) and header.values > _LARGEST:
        raise DataError(
            f"{path} says that it expands to {header.values / 2**20:,.0f} MiB, and more than "
            f"{_LARGEST / 2**20:.0f} MiB are not read into memory: unpack it, so that it can stay "
            f"on the disk, or keep fewer images in it"
        )
    if compressed:
        array = _expand(path, header)
    else:
        _check_size(path, header)
        array = np.memmap(path, np.uint8, "r", header.length, header.shape)
    return _turn(array) if turned else array


def _is_compressed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_GZIP)) == _GZIP


def _read_header(path: Path) -> _Header:
    with expanding(path, most=_LARGEST) as content:
        start = content.read(4)
        dimensions = start[3]
        if start[:2] != b"\0\0" or not 1 <= dimensions <= _MOST_DIMENSIONS:
            raise DataError(f"{path} does not begin like an idx file: fetch it again")
        if start[2] != _BYTES:
            raise DataError(
                f"{path} holds values of type 0x{start[2]:02x} but only unsigned bytes, type 0x08, "
                f"are read: save it so"
            )
        sizes = np.frombuffer(content.read(4 * dimensions), ">u4")
    header = _Header(tuple(map(int, sizes)))
    if not header.values or math.prod(header.shape[1:]) > _LARGEST_IMAGE:
        raise DataError(f"{path} says that it holds {header} values, no images: fetch it again")
    return header


def _check_size(path: Path, header: _Header) -> None:
    wanted, found = header.length + header.values, path.stat().st_size
    if found != wanted:
        raise DataError(
            f"{path} must have {wanted:,} bytes for {header} values but has {found:,}: fetch it "
            f"again"
        )


def _expand(path: Path, header: _Header) -> NDArray[np.uint8]:
    values = np.empty(header.values, np.uint8)  # costs nothing before it is written to
    with expanding(path, most=header.length + header.values) as content:
        content.read(header.length)
        for start in range(0, len(values), _AT_ONCE):
            part = values[start : start + _AT_ONCE]
            part[:] = np.frombuffer(content.read(len(part)), np.uint8)
        content.finish()
    return values.reshape(header.shape)


def _turn(array: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Exchange rows and columns, a few images at a time: those of EMNIST fill half a gigabyte."""
    count, height, width, *rest = array.shape
    if array.flags.writeable and height == width:
        target = array
    else:
        target = np.empty((count, width, height, *rest), np.uint8)
    step = max(1, _AT_ONCE // array[0].size)
    for start in range(0, count, step):
        target[start : start + step] = array[start : start + step].swapaxes(1, 2).copy()
    return target
