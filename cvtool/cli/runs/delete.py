"""``cvtool runs delete`` lets runs go."""

import sys
from typing import Annotated

import typer

from cvtool.cli.completing import runs as offered
from cvtool.cli.options import AsJson
from cvtool.errors import UsageError

NAMED = 5
"""Runs that are named in a question; of more, the first."""

Runs = Annotated[
    list[str] | None,
    typer.Argument(metavar="RUN…", help="names of folders under runs/", autocompletion=offered),
]
Filter = Annotated[
    str,
    typer.Option(
        "--filter",
        metavar="KEY=VALUE…",
        help="all runs that conditions hold for, as runs list takes them",
    ),
]
Yes = Annotated[bool, typer.Option("--yes", metavar="", help="without being asked")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", metavar="", help="say what would go, and leave it")
]


def delete(
    runs: Runs = None,
    filter: Filter = "",
    yes: Yes = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Delete runs with all they hold, and say how much that was.

    Nothing outside of runs/ is ever touched, wherever links may lead.
    """
    from cvtool.experiments.runs_delete import chosen, delete, find
    from cvtool.render import show

    found = find(chosen(runs or [], filter))
    if found and not (yes or dry_run):
        _ask([each.path.name for each in found])
    show(delete(found, dry_run=dry_run), as_json=as_json)


def _ask(names: list[str]) -> None:
    """Ask whoever sits at a terminal; nobody else can answer."""
    what = ", ".join(names[:NAMED])
    if len(names) > NAMED:
        what = f"{len(names)} runs, {what} and others,"
    if not sys.stdin.isatty():
        raise UsageError(f"deleting {what} cannot be undone: say --yes to do it")
    if not typer.confirm(f"delete {what.rstrip(',')}?", err=True):
        raise UsageError("nothing was deleted: answer y, or say --yes, to do it")
