"""``report``: all that was kept of runs, to be shown to others; their images are not needed."""

import shlex
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import TypeVar

from cvtool.errors import DataError, UsageError
from cvtool.experiments.recipes import RECIPES
from cvtool.experiments.runs_compare import compare
from cvtool.experiments.runs_show import show_run
from cvtool.experiments.tune import COMMAND as TUNE
from cvtool.features.feature_set import PIXELS
from cvtool.files import naming
from cvtool.records import Gallery, Report, ReportedRun, RunComparison, RunShown, Told
from cvtool.runs import RUNS, RunFolder
from cvtool.runs.pictures import kept_pictures
from cvtool.runs.stored import STOPPED

Kept = TypeVar("Kept")

NAME = "report.html"
SUFFIXES = (".html", ".htm")
RESUMABLE = (*RECIPES, TUNE)


def place(names: Sequence[str], to: Path | None) -> Path:
    """Say where the report of runs goes, and find out whether it can be written there.

    Parameters
    ----------
    names
        Names or paths of the runs.
    to
        The file that was asked for; unless one was, it goes into the folder of a single run, and
        for several into the working folder.

    Raises
    ------
    UsageError
        If no file can be there.
    DataError, OSError
        If there is no such run, or nothing can be written.
    """
    folders = RunFolder.open_all(names)
    if to is None:
        to = folders[0].path / NAME if len(folders) == 1 else Path(NAME)
    if to.is_dir():
        raise UsageError(f"--to takes a file, and {to} is a folder: say --to {to / NAME}")
    if to.exists() and not to.is_file():
        raise UsageError(f"--to takes a file, and {to} is none: choose another name")
    if to.suffix.lower() not in SUFFIXES:
        raise UsageError(
            f"a report is an HTML file, which the browser can print as PDF, and {to} does not end "
            f"in .html: say --to {to.with_suffix('.html')}"
        )
    if not to.parent.is_dir():
        raise UsageError(f"there is no folder {to.parent}: make it, or choose another --to")
    with naming(to.parent), TemporaryFile(dir=to.parent):
        return to


def report(names: Sequence[str]) -> Iterator[Told | Report]:
    """Gather all that was kept of runs and studies; the last record is that.

    Parameters
    ----------
    names
        Names or paths; one that is named twice is shown once.

    Raises
    ------
    DataError
        If one is no run, or its settings or result are damaged.
    """
    folders = RunFolder.open_all(names)
    runs = tuple(map(_reported, folders))
    comparison = None
    if len(runs) > 1:
        for record in compare([str(folder.path) for folder in folders]):
            if isinstance(record, RunComparison):
                comparison = record
            else:
                yield record
    yield Report(runs, comparison)


def _reported(folder: RunFolder) -> ReportedRun:
    missing: list[str] = []

    def kept(read: Callable[[], Kept]) -> Kept | None:
        """Read what all else can be shown without."""
        try:
            return read()
        except DataError as error:
            missing.append(str(error))
            return None

    shown = show_run(str(folder.path))
    history = kept(folder.read_metrics) or ()
    network = kept(folder.read_network)
    seen = kept(lambda: kept_pictures(folder.pictures)) or ()
    inside = kept(lambda: kept_pictures(folder.inside_pictures)) or ()
    return ReportedRun(
        shown=shown,
        history=tuple(history),
        network=network,
        seen=seen,
        inside=tuple(each for each in inside if isinstance(each, Gallery)),
        missing=(*missing, *_missing(folder, shown)),
    )


def _missing(folder: RunFolder, shown: RunShown) -> Iterator[str]:
    """Say what a run does not have, and what makes it."""
    learns, has_pictures = shown.command in RECIPES, folder.pictures.exists()
    again = _again(folder, shown.command)
    if shown.result is None:
        aim = "to go on" if shown.command in RESUMABLE else "to begin anew"
        advice = f"; {aim}: {again}" if shown.outcome == STOPPED else ""
        yield f"it is {shown.outcome}, so there is no result yet{advice}"
    elif not has_pictures and shown.outcome == "diverged":
        yield "it diverged, so there was nothing to be seen"
    elif not has_pictures:
        what = "pictures and layers" if learns else "pictures"
        yield (
            f"it has no {what}, as it was made from Python or by an earlier version; to make them: "
            f"{again}"
        )
    if learns and _has_an_inside(folder, shown) and not folder.inside_pictures.exists():
        yield f"nobody has looked inside its network yet: cvtool inspect {_spelled(folder)}"


def _has_an_inside(folder: RunFolder, shown: RunShown) -> bool:
    """Whether ``inspect`` can look into what was learned: from the pixels of images."""
    said = {each.name: each.value for each in shown.settings}
    sides = shown.environment.get("image_shape")
    has_points = isinstance(sides, list) and sides[-1:] == [2]
    return (
        folder.best_checkpoint.exists()
        and said.get("features", PIXELS) == PIXELS
        and not has_points
    )


def _again(folder: RunFolder, command: str) -> str:
    """Spell the command that goes on with a run, or where none can, does it again.

    One that has come to its end looks at its images again, and ends as it had.
    """
    if command in RESUMABLE:
        return f"cvtool {command} --resume {_spelled(folder)}"
    return f"cvtool {command} --config {shlex.quote(str(folder.path / 'config.toml'))}"


def _spelled(folder: RunFolder) -> str:
    return shlex.quote(folder.path.name if folder.path.parent == RUNS else str(folder.path))
