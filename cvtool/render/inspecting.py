"""Follow a look inside a network to its end, and replace what an earlier one has drawn."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cvtool.records import Drawn, Inspection
from cvtool.render import show as show_result
from cvtool.render.console import console
from cvtool.render.following import follow
from cvtool.render.progress import Progress
from cvtool.runs.folder import PICTURES
from cvtool.runs.pictures import keep_pictures
from cvtool.runs.replacing import replacing


def show(records: Iterator[Any], folder: Path, *, as_json: bool) -> None:
    """Draw what there is to see into a folder, which is replaced as a whole, and say what it is.

    Parameters
    ----------
    records
        The stream of ``inspect``.
    folder
        Where the pictures go, with what they are drawn from.
    as_json
        Whether the result goes to stdout as JSON.

    Raises
    ------
    OSError
        If nothing can be written there, before any work is done.
    """
    with Progress(console(stderr=True)).live() as progress, replacing(folder) as filled:
        seen, result = follow(records, progress, Inspection)
        progress.busy("drawing pictures")
        from cvtool.render import plots

        plots.draw_pictures([each for each in seen if isinstance(each, Drawn)], filled)
        keep_pictures(filled / PICTURES, seen)
    show_result(result, as_json=as_json)
