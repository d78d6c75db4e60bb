"""A command of Typer's whose help ends in examples."""

from typing import Any

from typer.core import TyperCommand

from cvtool.cli.examples import EXAMPLES


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
        super().format_help(ctx, formatter)
        lines = EXAMPLES[ctx.command_path.partition(" ")[2]]
        print(" Examples:", *(f"   {line}" for line in lines), sep="\n", end="\n\n")
