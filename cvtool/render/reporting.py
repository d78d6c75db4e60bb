"""Follow the gathering of a report, write it down, and say where it is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cvtool.records import Report, ReportWritten
from cvtool.render import show as show_result
from cvtool.render.console import console
from cvtool.render.following import follow
from cvtool.render.progress import Progress
from cvtool.render.report import write_report


def show(records: Iterator[Any], to: Path, *, as_json: bool) -> None:
    """Write a report into a file, and show where it is.

    Parameters
    ----------
    records
        The stream of a report, which ends in it.
    to
        The file.
    as_json
        Whether what is said of it goes to stdout as JSON.
    """
    with Progress(console(stderr=True)).live() as progress:
        _, report = follow(records, progress, Report)
        progress.busy("writing the report")
        write_report(report, to)
    runs = tuple(each.shown.run for each in report.runs)
    show_result(ReportWritten(str(to), to.stat().st_size, runs), as_json=as_json)
