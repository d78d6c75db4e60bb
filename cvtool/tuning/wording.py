"""How a search is written: ``learning_rate=1e-5..1e-1 log, filters="16,32"|"32,64"``.

Here are words only; what they mean for a setting is said in ``meaning``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cvtool.errors import UsageError


@dataclass(frozen=True)
class Ends:
    """What ``1e-5..1e-1 log`` says: two numbers as they were written."""

    low: str
    high: str
    log: bool = False


@dataclass(frozen=True)
class Listed:
    """What ``16|32`` says; ``left`` where it is ``16|``, all that narrowing left of a choice."""

    values: tuple[str, ...]
    left: bool = False


Said = Ends | Listed


def settings(text: str, source: str) -> list[tuple[str, str]]:
    """Part a text into names and what is said of each; ``source`` names the text in errors.

    Raises
    ------
    UsageError
        If there is none, or what stands between two commas is not ``name=…``.
    """
    if not text.strip():
        raise UsageError(f"{source} names no setting: take some, as learning_rate=1e-5..1e-1 log")
    return [_setting(part, source) for part in _parts(text, ",", source)]


def _setting(part: str, source: str) -> tuple[str, str]:
    name, sign, said = part.partition("=")
    if not (sign and re.fullmatch(r"[\w-]+", name.strip())):
        raise UsageError(
            f"{source}: every comma is followed by name=low..high or name=a|b, not by "
            f"'{part.strip()}': put quotation marks around a value that has commas, as "
            f'filters="16,32"|"32,64"'
        )
    return name.strip(), said


def said_of(name: str, text: str, source: str) -> Said:
    """Read a range or a choice.

    Raises
    ------
    UsageError
        If it is neither.
    """
    parts = [part.strip() for part in _parts(text, "|", source)]
    if len(parts) == 1 and ".." in text and parts[0][0] not in _QUOTES:
        return _ends(name, parts[0], source)
    left = len(parts) == 2 and not parts[1]
    return Listed(tuple(_value(name, part, source) for part in parts[: 1 if left else None]), left)


def quoted(value: str) -> str:
    """Spell a value, between quotation marks if it needs them."""
    if re.fullmatch(r"[\w.:+-]+", value):
        return value
    return f"'{value}'" if '"' in value else f'"{value}"'


def _ends(name: str, text: str, source: str) -> Ends:
    low, _, rest = text.partition("..")
    high, *words = rest.split() or [""]
    if not (low.strip() and high) or words not in ([], ["log"]):
        raise UsageError(
            f"{source}: a range is low..high or low..high log, not {name}={text}: write it as "
            f"{name}=1..10, and put commas between settings"
        )
    return Ends(low.strip(), high, bool(words))


def _value(name: str, text: str, source: str) -> str:
    """Read one value of a choice, without its quotation marks."""
    if text[:1] in _QUOTES and len(text) > 1:
        inside = text[1:-1]
        if inside.strip() and text[-1] == text[0] and text[0] not in inside:
            return inside
    elif text and not re.search(r"[\s,'\"]", text):
        return text
    raise UsageError(
        f"{source}: {name} takes low..high or values with | between them, not '{text}': put "
        f"quotation marks around a whole value that has commas or spaces"
    )


def _parts(text: str, sign: str, source: str) -> Iterator[str]:
    """Part a text at signs that do not stand between quotation marks."""
    begin, mark = 0, ""
    for place, each in enumerate(text):
        if each in _QUOTES and mark in ("", each):
            mark = "" if mark else each
        elif each == sign and not mark:
            yield text[begin:place]
            begin = place + 1
    if mark:
        raise UsageError(f"{source}: a quotation mark {mark} is never closed: add another {mark}")
    yield text[begin:]


_QUOTES = ("'", '"')
