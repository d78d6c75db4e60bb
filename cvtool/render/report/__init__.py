"""The report: one HTML file of runs, to be read anywhere, with no network.

``run_page`` and ``comparison`` turn records into blocks, plain values of a few kinds: tables,
verdicts, pictures, charts. ``templates/blocks`` has one file to write each kind down, ``page`` puts
all into one document together with ECharts, which draws the charts, and ``assets``: how the page
looks, and what happens in it.
"""

from pathlib import Path

from cvtool.files import write_atomically
from cvtool.records import Report
from cvtool.render.report.page import page


def write_report(report: Report, to: Path) -> None:
    """Write a report into one file, whole or not at all.

    Parameters
    ----------
    report
        What there is to say and to show.
    to
        The file; one that is there is replaced.
    """
    write_atomically(to, page(report).encode(errors="replace"))
