"""Conditions on runs, as ``command=tune dataset=digits val_accuracy>0.95``."""

import operator
import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cvtool.errors import UsageError

_CONDITION = re.compile(r"([A-Za-z_][\w.-]*)(!=|>=|<=|=|>|<|~)(.*)", re.DOTALL)
_MOMENT = re.compile(r"\d{4}-\d\d")
_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
"""What numbers, and moments as ``2026-11``, are compared by."""


@dataclass(frozen=True)
class Condition:
    """One condition on one key; what a run does not have is only ``!=`` to anything."""

    key: str
    sign: str
    wanted: str

    def __post_init__(self) -> None:
        """Hold what is compared in order to what has one.

        Raises
        ------
        UsageError
            If it is neither a number nor a moment.
        """
        is_ordered = self.sign in _ORDERS
        if is_ordered and _number(self.wanted) is None and not _MOMENT.match(self.wanted):
            raise UsageError(
                f"--filter compares numbers, or dates as 2026-11-30, and '{self.wanted}' in "
                f"'{self}' is neither: use =, != or ~"
            )

    def __str__(self) -> str:
        return f"{self.key}{self.sign}{self.wanted}"

    def holds(self, value: Any) -> bool:
        """Whether a run fulfills it that has this value under the key."""
        if self.sign == "!=":
            return not self._equals(value)
        if value is None:
            return False
        if self.sign == "=":
            return self._equals(value)
        if self.sign == "~":
            return self.wanted.lower() in spelled(value).lower()
        number = _number(self.wanted)
        compare = _ORDERS[self.sign]
        if isinstance(value, str):
            return number is None and compare(value, self.wanted)
        return number is not None and _is_number(value) and compare(value, number)

    def _equals(self, value: Any) -> bool:
        if _is_number(value):
            return bool(value == _number(self.wanted))
        return value is not None and spelled(value) == self.wanted


def parse_conditions(text: str) -> tuple[Condition, ...]:
    """Read conditions with spaces between them, all of which are to hold.

    Parameters
    ----------
    text
        As ``command=tune val_accuracy>0.95``; what holds spaces stands in quotation marks, as
        ``command="data check"``. A key may be spelled as an option is, ``learning-rate``.

    Raises
    ------
    UsageError
        If it is none.
    """
    try:
        words = shlex.split(text)
    except ValueError:
        raise UsageError(
            f"--filter '{text}' opens a quotation mark that is never closed: close it"
        ) from None
    return tuple(map(_condition, words))


def key_name(word: str) -> str:
    """Spell a key as files do: ``learning-rate`` is ``learning_rate``."""
    return word.strip().replace("-", "_")


def spelled(value: Any) -> str:
    """Write a value as a condition has it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _condition(word: str) -> Condition:
    found = _CONDITION.fullmatch(word)
    if not found:
        raise UsageError(
            f"--filter takes conditions as KEY=VALUE with =, !=, <, <=, >, >= or ~ (contains) and "
            f"no space around it, not '{word}'"
        )
    return Condition(key_name(found[1]), found[2], found[3])


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
