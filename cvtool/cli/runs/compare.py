"""``cvtool runs compare`` holds runs against each other."""

from pathlib import Path
from typing import Annotated

import typer

from cvtool.cli.completing import runs as offered
from cvtool.cli.options import AsJson
from cvtool.errors import UsageError

Runs = Annotated[
    list[str],
    typer.Argument(
        metavar="RUN…", help="two or more names or paths of run folders", autocompletion=offered
    ),
]
PictureFile = Annotated[
    Path | None,
    typer.Option("--picture", metavar="FILE.png", help="draw the curves over each other"),
]


def compare(runs: Runs, picture: PictureFile = None, as_json: AsJson = False) -> None:
    """Compare runs: their settings, their results, and whether a difference is more than chance.

    Where two networks can be shown the same validation images, McNemar's test tells that.
    """
    if picture and picture.suffix.lower() != ".png":
        raise UsageError(f"--picture takes a name that ends in .png, not {picture}: add .png")

    from cvtool.experiments.runs_compare import compare
    from cvtool.render.watching import watch

    comparison = watch(compare(runs), as_json=as_json)
    if picture:
        from cvtool.render.plots import draw_comparison

        draw_comparison(comparison, picture)
