"""Follow a command's stream of records to its result, and draw the pictures on its way."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cvtool.records import DataShown, Drawn, Note, WorkRecord
from cvtool.render import show
from cvtool.render.console import console
from cvtool.render.progress import Progress


def watch(records: Iterator[Any], *, as_json: bool) -> Any:
    """Show what goes on and what came of it.

    Parameters
    ----------
    records
        The stream of an experiment, which ends in its result; pictures on the way are drawn into
        the ``plots/`` of the run that the result names.
    as_json
        Whether the result goes to stdout as JSON.

    Returns
    -------
    The result.
    """
    pictures: list[Drawn] = []
    with Progress(console(stderr=True)).live() as progress:
        result: Any = None
        for result in records:
            if isinstance(result, Note | WorkRecord):
                progress.tell(result)
            elif isinstance(result, Drawn):
                pictures.append(result)
        if pictures:
            progress.busy("drawing pictures")
            from cvtool.render.plots import draw_pictures

            draw_pictures(pictures, Path(result.run) / "plots")
    show(result, as_json=as_json)
    if isinstance(result, DataShown) and not as_json:
        _show_pictures(pictures)
    return result


def _show_pictures(pictures: list[Drawn]) -> None:
    """Show pictures between the lines, where a terminal can."""
    stdout = console()
    if stdout.is_terminal and stdout.color_system in ("truecolor", "256"):
        from cvtool.render.terminal_pictures import terminal_picture

        for picture in pictures:
            shown = terminal_picture(picture, stdout.width)
            if shown is not None:
                stdout.print(shown)
