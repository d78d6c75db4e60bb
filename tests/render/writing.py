"""What a table looks like in a terminal, as text."""

from typing import Any

from rich.console import Console


def written(table: Any, width: int = 80) -> str:
    console = Console(width=width, markup=False, highlight=False, no_color=True)
    with console.capture() as capture:
        console.print(table)
    return capture.get()
