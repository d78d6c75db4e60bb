"""Show a file in the browser that its user prefers, if there is one."""

import os
import sys
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cvtool.render.console import console


def show_in_browser(path: Path) -> None:
    """Open a file in the default browser; where none is found, say so on stderr."""
    address = path.resolve().as_uri()
    with _stdout_kept_clean():
        found = webbrowser.open(address)
    if not found:
        console(stderr=True).print(f"no browser was found to show {path}", soft_wrap=True)


@contextmanager
def _stdout_kept_clean() -> Iterator[None]:
    """Keep what a browser says, and the browser itself, from whoever reads stdout to its end.

    One that shows pages in the terminal has it to itself.
    """
    if sys.stdout.isatty():
        yield
        return
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
