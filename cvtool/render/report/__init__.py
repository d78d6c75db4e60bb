"""The report: one HTML file of runs, to be read anywhere, with no network."""

from pathlib import Path

from cvtool.records import Report


def write_report(report: Report, to: Path) -> None:
    """Write a report into one file, whole or not at all.

    Parameters
    ----------
    report
        What there is to say and to show.
    to
        The file; one that is there is replaced.
    """
    raise NotImplementedError
