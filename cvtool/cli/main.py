"""The console script: its commands, and help that answers at once.

A command's file imports what it needs inside the command, so that nothing heavy is loaded before
there is work to do.
"""

import os
import sys
from collections.abc import Mapping
from typing import Annotated, Any

import typer
import typer.completion

import cvtool
from cvtool.cli import data, runs
from cvtool.cli.boundary import exit_code
from cvtool.cli.claims import claims
from cvtool.cli.command import Command, Group
from cvtool.cli.completing import COMPLETE
from cvtool.cli.doctor import doctor
from cvtool.cli.ensemble import ensemble
from cvtool.cli.evaluate import evaluate
from cvtool.cli.explain import explain
from cvtool.cli.export import export
from cvtool.cli.gradcheck import gradcheck
from cvtool.cli.graph import graph
from cvtool.cli.inspect import inspect
from cvtool.cli.knn import knn
from cvtool.cli.linear import linear
from cvtool.cli.predict import predict
from cvtool.cli.report import report
from cvtool.cli.sanity_check import sanity_check
from cvtool.cli.signs import spell_missing_signs
from cvtool.cli.train_cnn import train_cnn
from cvtool.cli.tune import tune


def main() -> None:
    """Run the command line and exit with its code."""
    arguments = sys.argv[1:] or ["--help"]
    spell_missing_signs()
    sys.exit(exit_code(lambda: _invoke(arguments), _help_command(arguments)))


def build() -> typer.Typer:
    """Put the commands together."""
    app = _group(cvtool.__doc__, COMMANDS, callback=_shared)
    for name, group in GROUPS.items():
        app.add_typer(_group(group.__doc__, group.COMMANDS, callback=_helping), name=name)
    return app


def _group(words: str | None, commands: Mapping[str, Any], callback: Any) -> typer.Typer:
    app = typer.Typer(
        cls=Group,
        help=words,
        add_completion=False,
        add_help_option=False,
        rich_markup_mode="rich",
        callback=callback,
    )
    for name, command in commands.items():
        app.command(name, cls=Command, context_settings=TAKING_SIGNS.get(name))(command)
    return app


def _invoke(arguments: list[str]) -> int:
    program = typer.main.get_command(build())
    if COMPLETE in os.environ:
        typer.completion.get_completion_inspect_parameters()  # which makes shells known
        program(prog_name="cvtool")  # which answers the shell, and exits
    try:
        with program.make_context("cvtool", arguments) as context:
            return program.invoke(context) or 0
    except typer.Exit as end:
        return WRONG_USAGE if end.exit_code else 0  # in a shell that completion is not known for


def _help_command(arguments: list[str]) -> str:
    """Say where a user whose words were not understood can read on."""
    first, second = (*arguments, "", "")[:2]
    words = ["cvtool", *([first] if first in COMMANDS or first in GROUPS else [])]
    if first in GROUPS and second in GROUPS[first].COMMANDS:
        words.append(second)
    return " ".join([*words, "--help"])


def _show_help(context: typer.Context, wanted: bool) -> None:
    if wanted:
        context.get_help()  # which prints it
        raise typer.Exit


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"cvtool {cvtool.__version__}")
        raise typer.Exit


def _install_completion(context: typer.Context, wanted: bool) -> None:
    typer.completion.install_callback(context, NO_PARAMETER, wanted)


def _show_completion(context: typer.Context, wanted: bool) -> None:
    typer.completion.show_callback(context, NO_PARAMETER, wanted)


NO_PARAMETER: Any = None
"""Typer's callbacks take the parameter they belong to, and have no use for it."""

Version = Annotated[
    bool,
    typer.Option(
        "--version", metavar="", help="Show the version and exit.", callback=_show_version
    ),
]
Help = Annotated[
    bool,
    typer.Option(
        "--help", metavar="", help="Show this message and exit.", callback=_show_help, is_eager=True
    ),
]
InstallCompletion = Annotated[
    bool,
    typer.Option(
        "--install-completion",
        metavar="",
        help="Let this shell complete commands, options, words and runs, and exit.",
        callback=_install_completion,
    ),
]
ShowCompletion = Annotated[
    bool,
    typer.Option(
        "--show-completion",
        metavar="",
        help="Show the script that --install-completion would install, and exit.",
        callback=_show_completion,
    ),
]
"""These stand in for Typer's own, for which Typer would import pydantic at every start."""


def _shared(
    version: Version = False,
    install_completion: InstallCompletion = False,
    show_completion: ShowCompletion = False,
    help: Help = False,
) -> None:
    """Take the options that stand before any command."""


def _helping(help: Help = False) -> None:
    """Take the option that stands before a command of a group."""


COMMANDS = {
    "train-cnn": train_cnn,
    "linear": linear,
    "knn": knn,
    "tune": tune,
    "gradcheck": gradcheck,
    "evaluate": evaluate,
    "predict": predict,
    "report": report,
    "inspect": inspect,
    "ensemble": ensemble,
    "export": export,
    "graph": graph,
    "claims": claims,
    "explain": explain,
    "sanity-check": sanity_check,
    "doctor": doctor,
}
WRONG_USAGE = 2
TAKING_SIGNS = {"graph": {"ignore_unknown_options": True}}
"""What a command is told whose arguments may begin with a minus sign."""

GROUPS = {"data": data, "runs": runs}
