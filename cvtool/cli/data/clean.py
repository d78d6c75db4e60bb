"""``cvtool data clean`` makes room."""

from typing import Annotated

import typer

from cvtool.cli.options import AsJson

DryRun = Annotated[
    bool, typer.Option("--dry-run", metavar="", help="say what would go, and leave it")
]
Downloads = Annotated[
    bool,
    typer.Option("--downloads", metavar="", help="also downloads that have been stored since"),
]


def clean(dry_run: DryRun = False, downloads: Downloads = False, as_json: AsJson = False) -> None:
    """Remove what can be made again: decoded images, drawn images, kernels of other versions.

    Data sets that were imported or fetched stay.
    """
    from cvtool.experiments.data_clean import clean
    from cvtool.render import show

    show(clean(dry_run=dry_run, downloads=downloads), as_json=as_json)
