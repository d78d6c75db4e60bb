"""Records as what JSON can hold; of those with arrays, the arrays beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from math import isfinite
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # runs are listed before NumPy would have been loaded
    from numpy.typing import NDArray


def plain(record: Any) -> Any:
    """Turn a record into what JSON can hold; numbers that are not finite become None."""
    return _spelled(record, _finite)


def taken_apart(record: Any) -> tuple[Any, list[NDArray[Any]]]:
    """Take a record apart into plain values and the arrays it holds, whatever they hold.

    Returns
    -------
    values
        As of ``plain``, but numbers that are not finite stay as they are, and in the place of an
        array is its position in ``arrays``.
    arrays
        The arrays themselves, in the order in which they were met.
    """
    import numpy as np

    arrays: list[NDArray[Any]] = []

    def spell(value: Any) -> Any:
        if isinstance(value, np.ndarray):
            arrays.append(value)
            return len(arrays) - 1
        return value.item() if isinstance(value, np.generic) else value

    return _spelled(record, spell), arrays


def _spelled(record: Any, leaf: Callable[[Any], Any]) -> Any:
    """Go through all that a record holds, and spell what holds nothing more."""
    if hasattr(record, "__dataclass_fields__"):
        return {each.name: _spelled(getattr(record, each.name), leaf) for each in fields(record)}
    if isinstance(record, Mapping):
        return {str(name): _spelled(value, leaf) for name, value in record.items()}
    if isinstance(record, list | tuple):
        return [_spelled(value, leaf) for value in record]
    return leaf(record)


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not isfinite(value) else value
