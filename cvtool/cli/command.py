"""Commands and groups of Typer's whose help ends in examples, and has room in any terminal."""

from shutil import get_terminal_size
from typing import Any

from typer.core import TyperCommand, TyperGroup

from cvtool.cli.examples import EXAMPLES
from cvtool.cli.narrow_help import ROOM, narrow_help


class Command(TyperCommand):
    """As Typer's, but for what its help says."""

    def get_help_option(self, ctx: Any) -> Any:
        """Return ``--help``, which takes no value, and does not look as if it did."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.metavar = ""
        return option

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the help, then examples as they are typed: never wrapped, to be copied."""
        if not _written_narrowly(self, ctx):
            super().format_help(ctx, formatter)
        lines = EXAMPLES[ctx.command_path.partition(" ")[2]]
        print(" Examples:", *(f"   {line}" for line in lines), sep="\n", end="\n\n")


class Group(TyperGroup):
    """As Typer's, but for narrow terminals."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the help."""
        if not _written_narrowly(self, ctx):
            super().format_help(ctx, formatter)


def _written_narrowly(command: Any, context: Any) -> bool:
    width = get_terminal_size().columns
    if width < ROOM:
        print(narrow_help(command, context, width))
    return width < ROOM
