"""``cvtool export`` takes a model elsewhere."""

from pathlib import Path
from typing import Annotated

import typer

from cvtool.cli.options import AsJson, RunName

Format = Annotated[
    str,
    typer.Option("--format", metavar="WORD", help="onnx, safetensors or pytorch"),
]
To = Annotated[
    Path | None,
    typer.Option("--to", metavar="FILE", help="where to; the name of the run here unless said"),
]


def export(run: RunName, format: Format = "onnx", to: To = None, as_json: AsJson = False) -> None:
    """Write a trained network into a file that other programs read."""
    raise NotImplementedError
