"""Follow a training run to its end: progress, pictures, result."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from cvtool.records import Drawn, Findings, Rerun, TrainResult
from cvtool.render import show as show_result
from cvtool.render.console import console
from cvtool.render.following import follow
from cvtool.render.progress import Progress

Result = TypeVar("Result", TrainResult, Rerun)


def show(
    records: Iterator[Any],
    *,
    as_json: bool,
    kind: type[Result] = TrainResult,  # type: ignore[assignment]
) -> Result:
    """Show a run while it goes on and what came of it; draw its pictures.

    Parameters
    ----------
    records
        The stream of a training experiment, which ends in its result.
    as_json
        Whether the result goes to stdout as JSON.
    kind
        What the result is.

    Returns
    -------
    How the run ended.
    """
    with Progress(console(stderr=True)).live() as progress:
        seen, result = follow(records, progress, kind)
        if seen:
            progress.busy("drawing pictures")
            from cvtool.render import plots

            folder = Path(result.run) / "plots"
            for findings in (each for each in seen if isinstance(each, Findings)):
                plots.draw(findings, folder)
            plots.draw_pictures([each for each in seen if isinstance(each, Drawn)], folder)
    show_result(result, as_json=as_json)
    return result
