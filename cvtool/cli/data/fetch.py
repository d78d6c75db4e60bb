"""``cvtool data fetch`` downloads a known data set."""

from pathlib import Path
from typing import Annotated

import typer

from cvtool.cli.completing import downloads
from cvtool.cli.options import AsJson

Name = Annotated[
    str,
    typer.Argument(metavar="NAME", help="as 'cvtool data list' names it", autocompletion=downloads),
]
From = Annotated[
    Path | None,
    typer.Option(
        "--from",
        metavar="FILE",
        help="take the file, or the folder of files, that was downloaded by hand",
    ),
]
Mirror = Annotated[
    list[str] | None,
    typer.Option("--mirror", metavar="URL", help="look here first; may be given several times"),
]


def fetch(name: Name, given: From = None, mirror: Mirror = None, as_json: AsJson = False) -> None:
    """Download a known data set, check every byte of it, and store it for instant use.

    A download that was stopped goes on where it was.
    """
    from cvtool.experiments.data_fetch import fetch
    from cvtool.render.watching import watch

    watch(fetch(name, given=given, mirrors=tuple(mirror or ())), as_json=as_json)
