"""What a user calls features: ``hog:orientations=9,signed=true+color``.

Words between plus signs, each with its choices behind a colon, as those of a data set.
"""

from collections.abc import Mapping
from dataclasses import fields
from difflib import get_close_matches
from typing import Any, NamedTuple

from cvtool.config import Choices
from cvtool.errors import UsageError


class Asked(NamedTuple):
    """One feature as it was asked for: its word, and what was said behind the colon."""

    word: str
    said: Mapping[str, str]


def parse(text: str, known: Mapping[str, Any]) -> list[Asked]:
    """Cut at plus signs, colons and commas.

    Parameters
    ----------
    text
        What the user wrote.
    known
        The words there are.

    Raises
    ------
    UsageError
        If a word is unknown, or a choice has no value.
    """
    asked = []
    for part in text.split("+"):
        word, _, rest = part.strip().partition(":")
        if word not in known:
            raise UsageError(f"--features does not know '{word}': {_hint(word, known)}")
        asked.append(Asked(word, _pairs(word, rest)))
    return asked


def _hint(word: str, known: Mapping[str, Any]) -> str:
    if all(part.strip() in known for part in word.split(",")):
        return f"join features by +, as {'+'.join(part.strip() for part in word.split(','))}"
    near = get_close_matches(word.lower(), known, n=1)
    return f"did you mean '{near[0]}'?" if near else f"take {', '.join(known)}"


def _pairs(word: str, text: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for each in text.split(",") if text else ():
        name, value = _pair(word, each)
        if name in pairs:
            raise UsageError(f"--features has '{name}=' of {word} twice: drop one of them")
        pairs[name] = value
    return pairs


def _pair(word: str, text: str) -> tuple[str, str]:
    name, equals, value = (each.strip() for each in text.partition("="))
    if not (name and equals and value):
        raise UsageError(f"--features needs {word}:CHOICE=VALUE,… but got '{text}': add the value")
    return name, value


def spell(word: str, choices: Choices) -> str:
    """Write a feature as it is asked for, with every choice that is not at its default."""
    said = [
        f"{each.name}={_plain(value)}"
        for each in fields(choices)
        if (value := getattr(choices, each.name)) != each.default
    ]
    return f"{word}:{','.join(said)}" if said else word


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
