"""A space to search from what ``--search`` says, and back."""

from collections.abc import Iterable
from datetime import date, time
from pathlib import Path
from typing import Any

from cvtool.config import Model
from cvtool.errors import UsageError
from cvtool.files import read_toml
from cvtool.tuning.dimension import Dimension, Range
from cvtool.tuning.meaning import dimension
from cvtool.tuning.space import Space
from cvtool.tuning.wording import Ends, Listed, Said, quoted, said_of, settings

OPTION = "--search"


def parse(text: str, model: type[Model]) -> Space:
    """Read a space.

    Parameters
    ----------
    text
        As ``learning_rate=1e-5..1e-1 log, strength=1e-6..1e-1 log, filters=16|32, dropout=0..0.6``.
        ``a..b`` is a range, of whole numbers where the setting is one, by powers where ``log``
        follows; ``a|b`` is a choice, and ``a|`` what narrowing has left of one. Values with commas
        or spaces stand between quotation marks. Names may have dashes.
    model
        The configuration that has the settings.

    Raises
    ------
    UsageError
        Naming the setting, if it cannot be searched so.
    """
    said = [(name, said_of(name, each, OPTION)) for name, each in settings(text, OPTION)]
    return _space(said, model, OPTION)


def load(text_or_path: str, model: type[Model]) -> Space:
    """Read a space from a text, or from the TOML file that it names; see ``parse``.

    In a file, perhaps in its table ``[search]``, each setting has a text as above, a list of
    values, or a table ``{low = 1e-5, high = 1e-1, log = true}``.

    Raises
    ------
    UsageError
        As ``parse``.
    DataError, OSError
        If the file cannot be read.
    """
    if not _names_file(text_or_path):
        return parse(text_or_path, model)
    values = read_toml(Path(text_or_path))
    if set(values) == {"search"} and isinstance(values["search"], dict):
        values = values["search"]
    if not values:
        raise UsageError(f"{text_or_path} names no setting: add some, as dropout = '0..0.6'")
    said = [(name, _said(name, value, text_or_path)) for name, value in values.items()]
    return _space(said, model, text_or_path)


def spell(space: Space) -> str:
    """Write a space as ``parse`` takes it, always in the same way."""
    return ", ".join(f"{each.name}={_spelled(each)}" for each in space)


def spell_value(value: Any) -> str:
    """Write a value as ``parse`` takes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, float):
        return quoted(str(value))
    digits, sign, power = repr(value).removesuffix(".0").partition("e")
    return f"{digits}{sign}{int(power)}" if sign else digits


def _spelled(each: Dimension) -> str:
    if isinstance(each, Range):
        low, high = (int(end) if each.whole else float(end) for end in (each.low, each.high))
        return f"{spell_value(low)}..{spell_value(high)}{' log' if each.log else ''}"
    return "|".join(map(spell_value, each.values)) + ("|" if len(each.values) == 1 else "")


def _space(said: Iterable[tuple[str, Said]], model: type[Model], source: str) -> Space:
    dimensions = tuple(dimension(name, each, model, source) for name, each in said)
    names = [each.name for each in dimensions]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"{source} names {name} more than once: keep one of them")
    return Space(dimensions)


def _names_file(text: str) -> bool:
    """Tell a file from words; words can be longer than any path."""
    try:
        return text.endswith(".toml") or Path(text).is_file()
    except OSError:
        return False


def _said(name: str, value: Any, source: str) -> Said:
    """Understand what TOML holds of a setting."""
    if isinstance(value, str):
        return said_of(name, value, source)
    if isinstance(value, list):
        return Listed(tuple(_text(name, each, source) for each in value))
    if not isinstance(value, dict):
        raise UsageError(
            f"{source}: {name} takes low..high, a list or a table, not {value}: leave it out, "
            f"or give it as an option"
        )
    if not {"low", "high"} <= set(value) <= {"low", "high", "log"}:
        raise UsageError(
            f"{source}: a range has low, high and perhaps log, but {name} has "
            f"{', '.join(value) or 'none of them'}: write {name} = {{low = 1, high = 10}}"
        )
    log = value.get("log", False)
    if not isinstance(log, bool):
        raise UsageError(f"{source}: the log of {name} is true or false, not {log}")
    return Ends(_text(name, value["low"], source), _text(name, value["high"], source), log)


def _text(name: str, value: Any, source: str) -> str:
    if isinstance(value, dict | list | date | time):
        raise UsageError(f"{source}: {name} takes numbers or texts, not {value}: write it as one")
    return str(value)
