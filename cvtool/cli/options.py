"""A command's options, made from the dataclass that declares them.

``@choices(TrainConfig)`` gives a command one option for each field, with the field's name, help,
bounds and default, in one panel for each base class. The command itself receives only what was said
on the command line, as ``given``: to Typer every option is a text that may be missing, or a flag.
What is missing comes from a file, an earlier run, or the defaults in ``config``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import Field, fields
from functools import wraps
from inspect import Parameter, get_annotations, signature
from pathlib import Path
from typing import Annotated, Any, Protocol, Self, TypeVar

import typer

from cvtool.cli.completing import completion, runs
from cvtool.config import UNSAID, Config, flag, kind
from cvtool.files import read_toml

Command = Callable[..., int | None]


class Settings(Protocol):
    """What settings can be built as: of one table of names and values."""

    @classmethod
    def from_dict(cls, values: Mapping[str, Any], *, source: str) -> Self:
        """Build them; ``source`` says where the values come from, should they be wrong."""
        ...


Chosen = TypeVar("Chosen", bound=Settings)

AsJson = Annotated[
    bool, typer.Option("--json", metavar="", help="print the result as JSON and nothing else")
]
RunName = Annotated[
    str,
    typer.Argument(metavar="RUN", help="name or path of a run folder", autocompletion=runs),
]
RunNames = Annotated[
    list[str],
    typer.Argument(metavar="RUN…", help="names or paths of run folders", autocompletion=runs),
]
SettingsFile = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="take settings from a run's config.toml"),
]

Resume = Annotated[
    str | None,
    typer.Option(
        "--resume", metavar="RUN", help="go on with a run, bit for bit", autocompletion=runs
    ),
]


EXIT_CODES = {"diverged": 5, "interrupted": 130}
"""Endings of a training run that scripts are told of."""

CHECK_FAILED = 4
"""Exit code of a check that found something wrong."""


def choices(
    config: type[Config], *, argument: str | None = None, fixing: Mapping[str, type[Config]] = {}
) -> Callable[[Command], Command]:
    """Put an option for each field of ``config`` in the place of a command's ``given``.

    The field that ``argument`` names is said without an option, and has to be if its default is
    empty. What is said of the other configurations ``fixing`` things is given as text: only the
    command knows whose it is.
    """
    others = _others(config, fixing)

    def decorate(command: Command) -> Command:
        @wraps(command)
        def run(**values: Any) -> int | None:
            said = {name: values.pop(name) for name in (*_names(config), *others)}
            texts = {name: str(text) for name, text in said.items() if text not in (None, False)}
            own = {name: text for name, text in texts.items() if name not in others}
            return command(given=texts | config.from_texts(own), **values)

        own = [each for each in signature(command).parameters.values() if each.name != "given"]
        parameters = [
            each.replace(kind=Parameter.KEYWORD_ONLY)
            for each in [*own, *_parameters(config, argument), *others.values()]
        ]
        run.__signature__ = signature(command).replace(parameters=parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {each.name: each.annotation for each in parameters}
        return run

    return decorate


def settle(config: type[Chosen], file: Path | None, given: dict[str, Any]) -> Chosen:
    """Build a configuration: what is given goes before the file, the file before the defaults."""
    settings = read_toml(file) if file else {}
    config.from_dict(settings, source=str(file))
    return config.from_dict(settings | given, source="the command line")


def _names(config: type[Config]) -> tuple[str, ...]:
    return tuple(each.name for each in fields(config))


def _parameters(config: type[Config], argument: str | None) -> list[Parameter]:
    """Make the options in panels, each named after the class that first declares it."""
    panels = _panels(config)
    parameters = []
    for each in fields(config):
        if each.name != argument:
            parameters.append(_parameter(each, _option(each, panels[each.name])))
            continue
        needed = Parameter.empty if each.default == "" else None
        parameters.append(_parameter(each, _argument(each)).replace(default=needed))
    return parameters


def _others(config: type[Config], fixing: Mapping[str, type[Config]]) -> dict[str, Parameter]:
    """Make one option of each field that ``config`` does not have and others do."""
    left_out = {*_names(config), *UNSAID}
    found: dict[str, dict[str, Field[Any]]] = {}
    panels: dict[str, str] = {}
    for owner, other in fixing.items():
        panels = _panels(other) | panels
        for each in fields(other):
            if each.name not in left_out:
                found.setdefault(each.name, {})[owner] = each
    return {
        name: _parameter(
            next(iter(owners.values())),
            typer.Option(
                flag(name),
                metavar=_metavar(next(iter(owners.values()))),
                help=_help_of_all(owners),
                rich_help_panel=panels[name].removesuffix("Config"),
                autocompletion=completion(max(owners.values(), key=_count_of_words)),
            ),
        )
        for name, owners in found.items()
    }


def _count_of_words(declared: Field[Any]) -> int:
    return len(declared.metadata["choices"] or ())


def _help_of_all(owners: Mapping[str, Field[Any]]) -> str:
    """Say what an option does; for each owner, where they mean different things by it."""
    declared = list(owners.values())
    if len({each.metadata["help"] for each in declared}) > 1:
        return "; ".join(f"{owner}: {_help(each)}" for owner, each in owners.items())
    if len({each.default for each in declared}) == 1:
        return _help(declared[0])
    defaults = ", ".join(f"{_spell(each.default)} for {owner}" for owner, each in owners.items())
    words = max((each.metadata["choices"] or () for each in declared), key=len)
    return _completed(declared[0].metadata["help"], words, defaults)


def _panels(config: type[Config]) -> dict[str, str]:
    """Name the panel of each field after the class that first declares it."""
    return {name: base.__name__ for base in config.__mro__ for name in get_annotations(base)}


def _parameter(declared: Field[Any], words: Any) -> Parameter:
    is_flag = kind(declared) is bool
    return Parameter(
        declared.name,
        Parameter.KEYWORD_ONLY,
        default=False if is_flag else None,
        annotation=Annotated[bool if is_flag else str | None, words],
    )


def _argument(declared: Field[Any]) -> Any:
    return typer.Argument(
        metavar=_metavar(declared),
        help=_help(declared),
        show_default=False,
        autocompletion=completion(declared),
    )


def _option(declared: Field[Any], panel: str) -> Any:
    return typer.Option(
        flag(declared.name),
        metavar=_metavar(declared),
        help=_help(declared),
        rich_help_panel=panel.removesuffix("Config"),
        autocompletion=completion(declared),
    )


def _metavar(declared: Field[Any]) -> str:
    """Spell what an option takes: ``WORD``, ``N≥1``, ``0<X<1``."""
    rules = declared.metadata
    letter = {int: "N", float: "X", str: "TEXT", bool: ""}[kind(declared)]
    if rules["metavar"] or rules["choices"]:
        return rules["metavar"] or "WORD"
    lower = next(((rules[name], sign) for name, sign in LOWER if rules[name] is not None), None)
    upper = next(((sign, rules[name]) for name, sign in UPPER if _is_telling(rules[name])), None)
    if lower and upper:
        return f"{lower[0]:g}{lower[1]}{letter}{upper[0]}{upper[1]:g}"
    return f"{letter}{MIRRORED[lower[1]]}{lower[0]:g}" if lower else letter


LOWER = (("low", "≤"), ("above", "<"))
UPPER = (("high", "≤"), ("below", "<"))
MIRRORED = {"≤": "≥", "<": ">"}


def _is_telling(bound: float | None) -> bool:
    """Leave out of the help what only guards against a slip of the finger."""
    return bound is not None and bound < 10_000


def _help(declared: Field[Any]) -> str:
    """Complete a help text by the words to choose from and the default."""
    unsaid = declared.default is None or declared.default is False or declared.default == ""
    default = "" if unsaid else _spell(declared.default)
    return _completed(declared.metadata["help"], declared.metadata["choices"], default)


def _completed(help: str, words: Sequence[str] | None, default: str) -> str:
    listed = f": {', '.join(words)}" if words else ""
    return f"{help}{listed}" + (f" (default {default})" if default else "")


def _spell(default: Any) -> str:
    return f"{default:g}" if isinstance(default, float) else str(default)
