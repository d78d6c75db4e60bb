"""What pictures are drawn from, kept in one file, so that a report can show it later.

The arrays are safetensors, and the records without them JSON in the header of the same file. Images
of one shape are one tensor: thousands of them would each have their line in the header, and take
ten times as long to read.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import numpy as np
import safetensors.numpy
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from cvtool.errors import DataError
from cvtool.files import write_atomically
from cvtool.records import Drawn, Findings, read_back, taken_apart

Drawable = Findings | Drawn
"""What a picture is drawn from."""

KINDS: dict[str, type[Any]] = {each.__name__: each for each in get_args(Drawable)}

_VERSION = "1"
"""Of the file; records may have more fields in a later one, as long as these have defaults."""

Arrays = list[NDArray[Any]]


def keep_pictures(path: Path, seen: Sequence[Drawable]) -> None:
    """Write records with all their arrays into one file, whole or not at all.

    Parameters
    ----------
    path
        The file, as ``pictures.safetensors`` in a run folder.
    seen
        What is drawn, in its order.
    """
    values, arrays = taken_apart([[type(each).__name__, each] for each in seen])
    tensors, places = _stacked(arrays)
    header = {"pictures": _VERSION, "records": json.dumps(values), "arrays": json.dumps(places)}
    write_atomically(path, safetensors.numpy.save(tensors, metadata=header))


def kept_pictures(path: Path) -> tuple[Drawable, ...]:
    """Read what ``keep_pictures`` wrote; nothing where there is no such file.

    Raises
    ------
    DataError
        If the file is damaged or of another version.
    """
    if not path.exists():
        return ()
    header, tensors = _read(path)
    if header["pictures"] != _VERSION:
        raise _unknown(path, f"they are kept as version {header['pictures']}")
    try:
        arrays = _taken_from(tensors, json.loads(header["arrays"]))
        kinds = [(KINDS[name], values) for name, values in json.loads(header["records"])]
    except (LookupError, TypeError, ValueError, RecursionError) as error:
        raise _unknown(path, error) from None
    return tuple(read_back(kind, values, source=str(path), arrays=arrays) for kind, values in kinds)


def _read(path: Path) -> tuple[Mapping[str, str], Mapping[str, NDArray[Any]]]:
    try:
        with safe_open(path, framework="numpy") as file:
            found = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        return {name: found[name] for name in ("pictures", "records", "arrays")}, tensors
    except (SafetensorError, LookupError, TypeError, ValueError) as error:
        raise _unknown(path, error) from None


def _unknown(path: Path, reason: object) -> DataError:
    return DataError(
        f"{path} cannot be read as pictures of a run ({reason}): it is damaged, or of another "
        f"version of cvtool, so make them again"
    )


def _stacked(arrays: Arrays) -> tuple[dict[str, NDArray[Any]], list[int]]:
    """Stack arrays of one type and shape; return also the number of the stack each went into."""
    stacks: dict[Any, Arrays] = {}
    for array in arrays:
        stacks.setdefault((array.dtype, array.shape), []).append(array)
    numbers = {each: number for number, each in enumerate(stacks)}
    # A stack is laid out as what it is made of, and safetensors takes any as rows of rows.
    tensors = {
        str(numbers[each]): np.ascontiguousarray(np.stack(stack)) for each, stack in stacks.items()
    }
    return tensors, [numbers[array.dtype, array.shape] for array in arrays]


def _taken_from(tensors: Mapping[str, NDArray[Any]], places: Sequence[int]) -> Arrays:
    """Take arrays from the tensors they were stacked into, one after the other."""
    left = {name: iter(range(len(tensor))) for name, tensor in tensors.items()}
    try:
        return [tensors[str(place)][next(left[str(place)]), ...] for place in places]
    except StopIteration:
        raise ValueError("it lacks arrays") from None
