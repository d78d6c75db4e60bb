"""``cvtool export`` takes a model elsewhere."""

from pathlib import Path
from typing import Annotated

import typer

from cvtool.cli.completing import words
from cvtool.cli.options import AsJson, RunName
from cvtool.config import MODEL_FORMATS

Format = Annotated[
    str,
    typer.Option(
        "--format",
        metavar="WORD",
        help=f"how to write it: {', '.join(MODEL_FORMATS)} (default {MODEL_FORMATS[0]})",
        show_default=False,
        autocompletion=words(MODEL_FORMATS),
    ),
]
To = Annotated[
    Path | None,
    typer.Option(
        "--to", metavar="FILE", help="where to; named after the run, in this folder, unless said"
    ),
]


def export(
    run: RunName, format: Format = MODEL_FORMATS[0], to: To = None, as_json: AsJson = False
) -> None:
    """Write a trained network into a file that other programs read.

    Preprocessing and the names of the classes go along.

    For pytorch a short Python program is written beside the weights.
    """
    from cvtool.experiments.export import export
    from cvtool.render import show

    show(export(run, format=format, to=to), as_json=as_json)
