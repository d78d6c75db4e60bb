"""Records as they were before ``plain`` turned them into what JSON can hold."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from math import nan
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from cvtool.errors import DataError

Record = TypeVar("Record")


def read_back(kind: type[Record], values: Any, *, source: str) -> Record:
    """Build a record of its plain values, and all that it holds.

    Parameters
    ----------
    kind
        The record's class, or one that it is derived from: names of fields tell which.
    values
        What ``plain`` made of it.
    source
        Names where they come from.

    Raises
    ------
    DataError
        If they are not of such a record.
    """
    try:
        record: Record = _record(kind, values)
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        raise DataError(
            f"{source} does not hold what its command reports ({error}): it is damaged, or of "
            f"another version"
        ) from None
    return record


def _record(kind: type[Any], values: Any) -> Any:
    if not isinstance(values, Mapping):
        raise TypeError(f"a table is expected instead of {values!r:.40}")
    chosen = _closest(kind, frozenset(values))
    hints = get_type_hints(chosen)
    return chosen(**{name: _value(hints[name], value) for name, value in values.items()})


def _closest(kind: type[Any], names: frozenset[str]) -> type[Any]:
    """Find the class itself or that derived one that has just these fields."""
    if {each.name for each in fields(kind)} == names:
        return kind
    derived = (_closest(each, names) for each in kind.__subclasses__())
    return next((each for each in derived if {f.name for f in fields(each)} == names), kind)


def _value(hint: Any, value: Any) -> Any:
    if value is None:
        return _none(hint)
    if isinstance(hint, UnionType):
        return _value(next((each for each in get_args(hint) if _fits(each, value)), Any), value)
    if not _fits(hint, value):
        raise TypeError(f"{value!r:.40} is no {getattr(hint, '__name__', hint)}")
    if get_origin(hint) is tuple:
        inner = get_args(hint)
        kinds = [inner[0]] * len(value) if inner[1:] == (...,) else inner
        return tuple(_value(each, item) for each, item in zip(kinds, value, strict=True))
    return _record(hint, value) if _is_record(hint) else value


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
    if hint in SCALARS:
        return isinstance(value, SCALARS[hint]) and isinstance(value, bool) is (hint is bool)
    return hint is Any


def _is_record(hint: Any) -> bool:
    return isinstance(hint, type) and is_dataclass(hint)


SCALARS: dict[Any, tuple[type, ...]] = {
    int: (int,),
    float: (int, float),
    str: (str,),
    bool: (bool,),
}
