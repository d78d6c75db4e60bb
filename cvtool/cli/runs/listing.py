"""``cvtool runs list`` finds runs."""

from typing import Annotated

import typer

from cvtool.cli.options import AsJson

Filter = Annotated[
    str,
    typer.Option(
        "--filter",
        metavar="CONDITIONS",
        help='as "command=tune val_accuracy>0.95", with =, !=, <, <=, >, >= or ~ (contains) and '
        "any key of a run's config.toml, result.json or environment.json",
    ),
]
Sort = Annotated[
    str, typer.Option("--sort", metavar="KEY", help="sort by a key; -KEY begins with the largest")
]
Columns = Annotated[
    str | None, typer.Option("--columns", metavar="KEY,…", help="show these keys instead")
]
Last = Annotated[
    int | None, typer.Option("--last", metavar="N≥1", min=1, help="list only the last so many")
]


def list_runs(
    filter: Filter = "",
    sort: Sort = "started",
    columns: Columns = None,
    last: Last = None,
    as_json: AsJson = False,
) -> None:
    """List runs: what they are of, when they began, how they ended, how well they do.

    Folders that cannot be read are named and skipped. A run without a result is running or stopped.
    """
    from cvtool.experiments.runs_list import list_runs
    from cvtool.render import show
    from cvtool.render.run_list_table import tell_damaged

    runs = list_runs(filter=filter, sort=sort, columns=columns, last=last)
    show(runs, as_json=as_json)
    tell_damaged(runs.damaged)
