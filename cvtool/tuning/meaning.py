"""What a search says, understood as dimensions of the settings that a model has."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import Field
from math import isfinite
from typing import Any

from cvtool.config import Model, flag, kind
from cvtool.errors import UsageError
from cvtool.tuning.dimension import Choice, Dimension, Range
from cvtool.tuning.searchable import COUNTS, bounds, check_allowed, is_whole, searchable
from cvtool.tuning.wording import Ends, Listed, Said


def dimension(name: str, said: Said, model: type[Model], source: str) -> Dimension:
    """Understand what is said of a setting; ``source`` names what says it in errors.

    Raises
    ------
    UsageError
        If the setting is unknown or cannot be searched, or values are none of its own.
    """
    declared = searchable(name.replace("-", "_"), model, source)
    with _naming(source):
        if isinstance(said, Ends):
            return _range(declared, said, model)
        return _choice(declared, said, model)


def _range(declared: Field[Any], said: Ends, model: type[Model]) -> Range:
    name = declared.name
    low, high = (_end(declared, text, model) for text in (said.low, said.high))
    shown = f"{said.low}..{said.high}{' log' if said.log else ''}"
    if not low < high:
        raise UsageError(
            f"{name} is searched from a lower to a higher number, not {shown}: "
            f"turn them around, or hold it with the option {flag(name)}"
        )
    if said.log and low <= 0:
        raise UsageError(
            f"{name} can be searched by powers from more than 0 only, not {shown}: "
            f"take a higher number, or leave out log"
        )
    check_allowed(declared, (low, high), model)
    least, most = bounds(declared, said.log)
    if low < least or high > most:
        raise UsageError(
            f"{name} is searched within {least:g}..{most:g}, not {shown}: take a smaller range"
        )
    return Range(name, float(low), float(high), said.log, is_whole(declared), (least, most))


def _choice(declared: Field[Any], said: Listed, model: type[Model]) -> Choice:
    name = declared.name
    values = tuple(_finite(name, model.from_texts({name: text})[name]) for text in said.values)
    check_allowed(declared, values, model)
    for value, text in zip(values, said.values, strict=True):
        if values.count(value) > 1:
            raise UsageError(f"{name} has the value '{text}' more than once: keep one of them")
        if not text.strip() or {"'", '"'} <= set(text):
            raise UsageError(
                f"{name} takes values of some signs, with one kind of quotation marks among them, "
                f"not '{text}': write it otherwise"
            )
    if len(values) < 2 and not said.left:
        raise UsageError(
            f"{name} is searched among two values or more, not {', '.join(said.values) or 'none'}: "
            f"give one that is held as the option {flag(name)}"
        )
    return Choice(name, values)


def _end(declared: Field[Any], text: str, model: type[Model]) -> float:
    """Read an end of a range."""
    name = declared.name
    if kind(declared) in (int, float):
        number: float = _finite(name, model.from_texts({name: text})[name])
        return number
    if name not in COUNTS:
        raise UsageError(f"{name} takes words, not a range: name some, with | between them")
    if not (text.isascii() and text.isdecimal() and len(text) <= _LONGEST):
        raise UsageError(f"{name} takes whole numbers, not '{text}': take a range as 1..31")
    return int(text)


def _finite(name: str, value: Any) -> Any:
    if isinstance(value, float) and not isfinite(value):
        raise UsageError(f"{name} is searched among finite numbers, not {value}: take another")
    return value


@contextmanager
def _naming(source: str) -> Iterator[None]:
    """Say where a mistake was found."""
    try:
        yield
    except UsageError as error:
        raise UsageError(f"{source}: {error}") from error


_LONGEST = 12
"""Digits of a count: more than any of them can have."""
