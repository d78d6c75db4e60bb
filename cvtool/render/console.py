"""Where words go: results to stdout, progress and notes to stderr."""

import os

from rich.console import Console

from cvtool.records import TerminalFacts

SETTINGS = ("TERM", "COLORTERM", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "LANG", "PYTHONUTF8")
"""Variables of the environment that say what a terminal can show, or shall."""


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to the boundary what it means that nobody reads a result any more."""
        if not self.stderr:
            raise BrokenPipeError
        super().on_broken_pipe()


def console(*, stderr: bool = False) -> Console:
    """Make a console that writes names and formulas as they are, without reading markup in them."""
    return _Console(stderr=stderr, markup=False, highlight=False, emoji=False)


def terminal_facts() -> TerminalFacts:
    """Say what stdout can show."""
    stdout = console()
    return TerminalFacts(
        terminal=stdout.is_terminal,
        width=stdout.width,
        colors=None if stdout.no_color else stdout.color_system,
        encoding=stdout.encoding,
        settings={name: os.environ[name] for name in SETTINGS if name in os.environ},
    )
