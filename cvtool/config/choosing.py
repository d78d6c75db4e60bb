"""How choices are declared, and held to their bounds: once, in frozen dataclasses."""

import operator
from collections.abc import Iterable, Mapping
from dataclasses import Field, dataclass, field, fields
from difflib import get_close_matches
from typing import Any, Self, get_args

from cvtool.errors import UsageError


def option(
    default: Any,
    help: str,
    *,
    low: float | None = None,
    high: float | None = None,
    above: float | None = None,
    below: float | None = None,
    choices: Iterable[str] | None = None,
    metavar: str | None = None,
) -> Any:
    """Declare one choice; ``low`` and ``high`` belong to the allowed range, the others do not."""
    return field(
        default=default,
        metadata={
            "help": help,
            "low": low,
            "high": high,
            "above": above,
            "below": below,
            "choices": tuple(choices) if choices else None,
            "metavar": metavar,
        },
    )


@dataclass(frozen=True, kw_only=True)
class Config:
    """A frozen set of choices; wrong values never become one."""

    def __post_init__(self) -> None:
        """Hold every field to its declared bounds.

        Raises
        ------
        UsageError
            Naming the option, its rule, the value given and what would do.
        """
        for each in fields(self):
            value = getattr(self, each.name)
            if value is not None:
                _check(self.spell(each.name), value, each.metadata)

    @staticmethod
    def spell(name: str) -> str:
        """Spell a field as the user does who sets it."""
        return flag(name)

    def to_dict(self) -> dict[str, Any]:
        """All choices by name, without those left open (TOML has no word for None)."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: value for name, value in values.items() if value is not None}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any], *, source: str = "the configuration") -> Self:
        """Build a configuration from plain values, as read from TOML.

        Raises
        ------
        UsageError
            If a name is unknown, a type does not fit, or a value is out of bounds.
        """
        known = {each.name: each for each in fields(cls)}
        for name, value in values.items():
            if name not in known:
                near = get_close_matches(name, known, n=1)
                hint = f"did you mean '{near[0]}'?" if near else f"known are {', '.join(known)}"
                raise UsageError(f"{source} has no setting '{name}': {hint}")
            if not _fits(value, known[name].type):
                wanted = _words(known[name].type)
                raise UsageError(f"{source}: '{name}' takes {wanted}, not {value!r}")
        return cls(**values)

    @classmethod
    def from_texts(cls, texts: Mapping[str, str]) -> dict[str, Any]:
        """Read what was said of some fields, as text, into values of their types.

        Raises
        ------
        UsageError
            If a text is no number, or neither true nor false, where that is needed.
        """
        known = {each.name: each for each in fields(cls)}
        return {name: cls._read(known[name], text) for name, text in texts.items()}

    @classmethod
    def _read(cls, declared: Field[Any], text: str) -> Any:
        try:
            return _BOOLEANS[text.lower()] if kind(declared) is bool else kind(declared)(text)
        except (ValueError, KeyError):
            words = _words(kind(declared))
            raise UsageError(f"{cls.spell(declared.name)} takes {words}, not '{text}'") from None


_BOOLEANS = {"true": True, "false": False}


def kind(declared: Field[Any]) -> type:
    """Tell the type of a field without the None that says it may be left open."""
    first: type = (get_args(declared.type) or (declared.type,))[0]
    return first


def flag(name: str) -> str:
    """Spell a field as on the command line: ``batch_size`` is ``--batch-size``."""
    return "--" + name.replace("_", "-")


def _fits(value: Any, annotation: Any) -> bool:
    allowed = get_args(annotation) or (annotation,)
    if float in allowed and isinstance(value, int) and not isinstance(value, bool):
        return True
    return type(value) in allowed


def _words(annotation: Any) -> str:
    names = {int: "a whole number", float: "a number", str: "text", bool: "true or false"}
    allowed = get_args(annotation) or (annotation,)
    return " or ".join(names[each] for each in allowed if each in names)


def _check(option_name: str, value: Any, rules: Mapping[str, Any]) -> None:
    choices = rules["choices"]
    if choices and value not in choices:
        near = get_close_matches(str(value), choices, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"choose one of {', '.join(choices)}"
        raise UsageError(f"{option_name} does not know '{value}': {hint}")
    if isinstance(value, float) and value != value:
        raise UsageError(f"{option_name} takes a number, not nan")
    for rule, broken, words in (
        ("low", operator.lt, "at least"),
        ("high", operator.gt, "at most"),
        ("above", operator.le, "more than"),
        ("below", operator.ge, "less than"),
    ):
        bound = rules[rule]
        if bound is not None and broken(value, bound):
            raise UsageError(f"{option_name} takes a number of {words} {bound}, not {value}")


def same(config: type[Config], name: str, **changes: Any) -> Any:
    """Declare a choice that another configuration has too, but for some changes."""
    declared = next(each for each in fields(config) if each.name == name)
    rules = {**declared.metadata, "default": declared.default} | changes
    return option(rules.pop("default"), rules.pop("help"), **rules)
