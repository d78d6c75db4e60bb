"""Follow a search for hyperparameters to its end: progress, pictures, result."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from cvtool.records import Drawn, TuneResult
from cvtool.render import show as show_result
from cvtool.render.console import console
from cvtool.render.following import follow
from cvtool.render.study_progress import StudyProgress


def show(records: Iterator[Any], *, as_json: bool) -> TuneResult:
    """Show a study while it goes on and what came of it; draw its pictures.

    Parameters
    ----------
    records
        The stream of a study, which ends in a TuneResult; also where the user interrupts it.
    as_json
        Whether the result goes to stdout as JSON.

    Returns
    -------
    TuneResult
        What the study found.
    """
    with ExitStack() as at_last, StudyProgress(console(stderr=True)).live() as progress:
        seen, result = follow(records, progress, TuneResult)
        # Also where pictures have no room, or somebody does not wait for them.
        at_last.callback(show_result, result, as_json=as_json)
        progress.tell(result)
        pictures = [each for each in seen if isinstance(each, Drawn)]
        if pictures:
            progress.busy("drawing pictures")
            from cvtool.render.plots import draw_pictures

            draw_pictures(pictures, Path(result.study) / "plots")
    return result
