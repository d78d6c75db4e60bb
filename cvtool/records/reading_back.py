"""Records as they were before they were turned into what JSON can hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from math import nan
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from cvtool.errors import DataError

if TYPE_CHECKING:  # runs are listed before NumPy would have been loaded
    from numpy.typing import NDArray

Record = TypeVar("Record")


def read_back(
    kind: type[Record], values: Any, *, source: str, arrays: Sequence[NDArray[Any]] = ()
) -> Record:
    """Build a record of its plain values, and all that it holds.

    Parameters
    ----------
    kind
        The record's class, or one that it is derived from: names of fields tell which.
    values
        What ``plain`` made of it, or ``taken_apart``.
    source
        Names where they come from.
    arrays
        What ``taken_apart`` took out of it.

    Raises
    ------
    DataError
        If they are not of such a record.
    """
    try:
        record: Record = _Reader(arrays).record(kind, values)
    except (TypeError, KeyError, ValueError, AttributeError, RecursionError) as error:
        raise DataError(
            f"{source} does not hold what its command reports ({error}): it is damaged, or of "
            f"another version"
        ) from None
    return record


@dataclass(frozen=True)
class _Reader:
    """Builds records and what they hold, as far as values are of the kinds that are declared."""

    arrays: Sequence[NDArray[Any]]

    def record(self, kind: type[Any], values: Any) -> Any:
        if not isinstance(values, Mapping):
            raise TypeError(f"a table is expected instead of {values!r:.40}")
        chosen: Any = _closest(kind, frozenset(values))
        hints = _hints(chosen)
        return chosen(**{name: self._value(hints[name], value) for name, value in values.items()})

    def _value(self, hint: Any, value: Any) -> Any:
        if value is None:
            return _none(hint)
        if isinstance(hint, UnionType):
            fitting = next((each for each in get_args(hint) if _fits(each, value)), Any)
            return self._value(fitting, value)
        if not _fits(hint, value):
            raise TypeError(f"{value!r:.40} is no {getattr(hint, '__name__', hint)}")
        if _is_array(hint):
            return self._array(hint, value)
        if get_origin(hint) is tuple:
            inner = get_args(hint)
            kinds = [inner[0]] * len(value) if inner[1:] == (...,) else inner
            return tuple(self._value(each, item) for each, item in zip(kinds, value, strict=True))
        return self.record(hint, value) if _is_record(hint) else value

    def _array(self, hint: Any, position: int) -> NDArray[Any]:
        """Find an array, and hold it to the type of its numbers, of which one may be declared."""
        if not 0 <= position < len(self.arrays):
            raise ValueError(f"there is no array {position} of {len(self.arrays)}")
        array = self.arrays[position]
        (number,) = get_args(get_args(hint)[1])
        if not issubclass(array.dtype.type, get_origin(number) or number):
            raise TypeError(f"an array of {array.dtype} is none of {number}")
        return array


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    """Say what each field of a record is declared as."""
    try:
        return get_type_hints(kind)
    except NameError:  # of NumPy, which modules of records import for those who check types
        import numpy as np
        from numpy.typing import NDArray

        return get_type_hints(kind, localns={"np": np, "NDArray": NDArray})


def _closest(kind: type[Any], names: frozenset[str]) -> type[Any]:
    """Find the class itself or that derived one that has just these fields."""
    if {each.name for each in fields(kind)} == names:
        return kind
    derived = (_closest(each, names) for each in kind.__subclasses__())
    return next((each for each in derived if {f.name for f in fields(each)} == names), kind)


def _none(hint: Any) -> Any:
    """Tell what stands for a number that is not finite from what is left open."""
    if hint is float:
        return nan
    if hint is Any or (isinstance(hint, UnionType) and NoneType in get_args(hint)):
        return None
    raise TypeError(f"null is no {getattr(hint, '__name__', hint)}")


def _fits(hint: Any, value: Any) -> bool:
    """Whether a plain value may be of a kind; of kinds that are not known, any."""
    origin = get_origin(hint)
    if origin is Literal:
        return value in get_args(hint)
    if _is_record(hint) or origin is Mapping:
        return isinstance(value, Mapping)
    if origin is tuple:
        return isinstance(value, list)
    if _is_array(hint):
        return _fits(int, value)
    if hint in SCALARS:
        return isinstance(value, SCALARS[hint]) and isinstance(value, bool) is (hint is bool)
    return hint is Any


def _is_record(hint: Any) -> bool:
    return isinstance(hint, type) and is_dataclass(hint)


def _is_array(hint: Any) -> bool:
    return getattr(get_origin(hint), "__name__", "") == "ndarray"


SCALARS: dict[Any, tuple[type, ...]] = {
    int: (int,),
    float: (int, float),
    str: (str,),
    bool: (bool,),
}
