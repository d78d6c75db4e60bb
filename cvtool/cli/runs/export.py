"""``cvtool runs export`` takes measurements elsewhere."""

from pathlib import Path
from typing import Annotated

import typer

from cvtool.cli.options import AsJson, RunNames

Format = Annotated[
    str,
    typer.Option(
        "--format",
        metavar="WORD",
        help="how to write it: csv, json, tensorboard (default csv)",
        show_default=False,
    ),
]
To = Annotated[
    Path,
    typer.Option("--to", metavar="FILE|FOLDER", help="where to; for tensorboard a folder"),
]


def export(runs: RunNames, to: To, format: Format = "csv", as_json: AsJson = False) -> None:
    """Write what runs measured epoch by epoch into one file, or a folder for TensorBoard."""
    from cvtool.experiments.runs_export import export
    from cvtool.render import show

    show(export(runs, format=format, to=to), as_json=as_json)
