"""``cvtool runs export`` takes measurements elsewhere."""

from pathlib import Path
from typing import Annotated

import typer

from cvtool.cli.completing import runs as offered
from cvtool.cli.options import AsJson

Runs = Annotated[
    list[str],
    typer.Argument(metavar="RUN…", help="names or paths of run folders", autocompletion=offered),
]
Format = Annotated[
    str,
    typer.Option("--format", metavar="WORD", help="how to write it: csv, json, tensorboard"),
]
To = Annotated[
    Path,
    typer.Option("--to", metavar="FILE|FOLDER", help="where to; for tensorboard a folder"),
]


def export(runs: Runs, to: To, format: Format = "csv", as_json: AsJson = False) -> None:
    """Write what runs measured epoch by epoch into one file, or a folder for TensorBoard."""
    from cvtool.experiments.runs_export import export
    from cvtool.render import show

    show(export(runs, format=format, to=to), as_json=as_json)
