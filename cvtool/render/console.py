"""Where words go: results to stdout, progress and notes to stderr."""

from rich.console import Console


def console(*, stderr: bool = False) -> Console:
    """Make a console that writes names and formulas as they are, without reading markup in them."""
    return Console(stderr=stderr, markup=False, highlight=False, emoji=False)
