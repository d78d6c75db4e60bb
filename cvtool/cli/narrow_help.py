"""Help for narrow terminals, where Typer's tables would cut the names of options."""

from collections.abc import Iterator
from inspect import cleandoc
from textwrap import TextWrapper
from typing import Any

ROOM = 64
"""Characters a line that Typer's tables need."""


def narrow_help(command: Any, context: Any, width: int) -> str:
    """Write usage and help, then arguments, options and commands, each above its own words."""
    plain = TextWrapper(width, break_on_hyphens=False)
    below = TextWrapper(
        width, break_on_hyphens=False, initial_indent="   ", subsequent_indent="   "
    )
    lines = [*plain.wrap(context.get_usage()), ""]
    for paragraph in cleandoc(command.help or "").split("\n\n"):
        lines += [*plain.wrap(paragraph), ""]
    for name, words in _entries(command, context):
        lines += [f" {name}", *below.wrap(words)]
    return "\n".join([*lines, ""])


def _entries(command: Any, context: Any) -> Iterator[tuple[str, str]]:
    for each in command.get_params(context):
        names = each.opts if each.param_type_name == "option" else []
        yield " ".join([*names, each.metavar or ""]).strip(), each.help or ""
    for name in command.list_commands(context) if hasattr(command, "list_commands") else ():
        yield name, command.get_command(context, name).get_short_help_str(limit=200)
