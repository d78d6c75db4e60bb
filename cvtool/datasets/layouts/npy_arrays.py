"""Arrays out of an ``.npz`` file that nobody vouches for.

``numpy.load`` claims as much memory as the header of an array asks for. Here the header is compared
with the bytes that are there before anything is claimed, and nothing is ever unpickled.
"""

import math
import warnings
import zipfile
from collections.abc import Collection
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from cvtool.datasets.layouts.zips import fill, opened_member, opened_zip
from cvtool.errors import DataError

_READ_HEADER = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
_HARMLESS = 2**27  # bytes that may expand out of anything
_LARGEST_RATIO = 100  # of what more than that expands to; images come to 10 at most
_ENDING = ".npy"


def load_arrays(path: Path, wanted: Collection[str]) -> dict[str, NDArray[Any]]:
    """Read the arrays so named, those of them that are there.

    Raises
    ------
    DataError
        If the file is damaged, an array holds objects, or they expand as a trap would.
    """
    with opened_zip(path) as archive:
        members = {member.filename: member for member in archive.infolist()}
        found = {name: members[name + _ENDING] for name in wanted if name + _ENDING in members}
        _check_expansion(path, sum(member.file_size for member in found.values()))
        return {name: _read(path, archive, member) for name, member in found.items()}


def names_of_arrays(path: Path) -> list[str]:
    """Name the arrays that a file holds, in their order.

    Raises
    ------
    DataError
        If the file is damaged.
    """
    with opened_zip(path) as archive:
        names = [name for name in archive.namelist() if name.endswith(_ENDING)]
    return [name.removesuffix(_ENDING) for name in names]


def _check_expansion(path: Path, size: int) -> None:
    stored = path.stat().st_size
    if size > max(_HARMLESS, _LARGEST_RATIO * stored):
        raise DataError(
            f"{path} would expand from {stored / 2**20:,.1f} to {size / 2**20:,.0f} MiB, more than "
            f"images do: save it by numpy.savez, which does not compress, if it is what you want"
        )


def _read(path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> NDArray[Any]:
    with opened_member(path, archive, member) as content:
        shape, fortran, dtype = _read_header(f"{member.filename} in {path}", content)
        size, there = math.prod(shape) * dtype.itemsize, member.file_size - content.tell()
        if size != there or min(shape, default=0) < 0 or not dtype.itemsize:
            raise DataError(
                f"{member.filename} in {path} should have {size:,} bytes of values but has "
                f"{there:,}: save it again"
            )
        values = np.empty(math.prod(shape), dtype)
        fill(content, values.view(np.uint8).data)
    return values.reshape(shape[::-1]).T if fortran else values.reshape(shape)


def _read_header(name: str, content: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what Python 2 wrote otherwise
            shape, fortran, dtype = _READ_HEADER[npy.read_magic(content)](content)
    except (
        Exception
    ) as error:  # numpy reads it as an expression of Python, which fails in many ways
        raise DataError(f"{name} is no array ({_first_line(error)}): save it again") from error
    if dtype.hasobject:
        raise DataError(
            f"{name} holds objects, which could run code: save it again as plain arrays"
        )
    return shape, fortran, dtype


def _first_line(error: Exception) -> str:
    lines = str(error).splitlines()
    return lines[0][:100] if lines else type(error).__name__
