"""A command's options, made from the dataclass that declares them.

``@choices(TrainConfig)`` gives a command one option for each field, with the field's name, help,
bounds and default, in one panel for each base class. The command itself receives only what was said
on the command line, as ``given``: to Typer every option is a text that may be missing, or a flag.
What is missing comes from a file, an earlier run, or the defaults in ``config``.
"""

from collections.abc import Callable
from dataclasses import Field, fields
from functools import wraps
from inspect import Parameter, get_annotations, signature
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from cvtool.config import Config, flag, kind
from cvtool.files import read_toml

Command = Callable[..., int | None]
Chosen = TypeVar("Chosen", bound=Config)

AsJson = Annotated[
    bool, typer.Option("--json", metavar="", help="print the result as JSON and nothing else")
]
RunName = Annotated[str, typer.Argument(metavar="RUN", help="name or path of a run folder")]
SettingsFile = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="take settings from a run's config.toml"),
]

Resume = Annotated[
    str | None, typer.Option("--resume", metavar="RUN", help="go on with a run, bit for bit")
]


EXIT_CODES = {"diverged": 5, "interrupted": 130}
"""Endings of a training run that scripts are told of."""

CHECK_FAILED = 4
"""Exit code of a check that found something wrong."""


def choices(config: type[Config], *, argument: str | None = None) -> Callable[[Command], Command]:
    """Put an option for each field of ``config`` in the place of a command's ``given``.

    The field that ``argument`` names is said without an option, and has to be if its default is
    empty.
    """

    def decorate(command: Command) -> Command:
        @wraps(command)
        def run(**values: Any) -> int | None:
            said = {each.name: values.pop(each.name) for each in fields(config)}
            texts = {name: str(text) for name, text in said.items() if text not in (None, False)}
            return command(given=config.from_texts(texts), **values)

        own = [each for each in signature(command).parameters.values() if each.name != "given"]
        parameters = [
            each.replace(kind=Parameter.KEYWORD_ONLY)
            for each in [*own, *_parameters(config, argument)]
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


def _parameters(config: type[Config], argument: str | None) -> list[Parameter]:
    """Make the options in panels, each named after the class that first declares it."""
    bases = config.__mro__
    panels = {name: base.__name__ for base in bases for name in get_annotations(base)}
    parameters = []
    for each in fields(config):
        is_flag, is_needed = kind(each) is bool, each.name == argument and each.default == ""
        words = _argument(each) if each.name == argument else _option(each, panels[each.name])
        parameters.append(
            Parameter(
                each.name,
                Parameter.KEYWORD_ONLY,
                default=Parameter.empty if is_needed else False if is_flag else None,
                annotation=Annotated[bool if is_flag else str | None, words],
            )
        )
    return parameters


def _argument(declared: Field[Any]) -> Any:
    return typer.Argument(metavar=_metavar(declared), help=_help(declared), show_default=False)


def _option(declared: Field[Any], panel: str) -> Any:
    return typer.Option(
        flag(declared.name),
        metavar=_metavar(declared),
        help=_help(declared),
        rich_help_panel=panel.removesuffix("Config"),
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
    words = declared.metadata["choices"]
    listed = f": {', '.join(words)}" if words else ""
    unsaid = declared.default is None or declared.default is False or declared.default == ""
    default = "" if unsaid else f" (default {_spell(declared.default)})"
    return f"{declared.metadata['help']}{listed}{default}"


def _spell(default: Any) -> str:
    return f"{default:g}" if isinstance(default, float) else str(default)
