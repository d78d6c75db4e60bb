"""``cvtool report`` shows runs in one HTML file."""

from pathlib import Path
from typing import Annotated

import typer

from cvtool.cli.completing import runs as offered
from cvtool.cli.options import AsJson

Runs = Annotated[
    list[str],
    typer.Argument(
        metavar="RUN…", help="names or paths of runs or studies", autocompletion=offered
    ),
]
To = Annotated[
    Path | None,
    typer.Option(
        "--to", metavar="FILE.html", help="where to; report.html in the folder of the run"
    ),
]
Open = Annotated[bool, typer.Option("--open", metavar="", help="show it in the browser")]


def report(runs: Runs, to: To = None, open: Open = False, as_json: AsJson = False) -> None:
    """Show one run or study, or several beside each other, in one HTML file that needs no network.

    Everything in it was kept in the folders of the runs.

    Only networks that are compared with each other see their images again.
    """
    from cvtool.experiments.report import place, report
    from cvtool.render import reporting

    to = place(runs, to)
    reporting.show(report(runs), to, as_json=as_json)
    if open:
        from cvtool.render.browser import show_in_browser

        show_in_browser(to)
