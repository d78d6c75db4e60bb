"""``cvtool runs rerun`` does a run again."""

from typing import Annotated

import typer

from cvtool.cli.options import CHECK_FAILED, AsJson, RunName

NewName = Annotated[
    str | None, typer.Option("--name", metavar="TEXT", help="name of the new run folder")
]


def rerun(run: RunName, name: NewName = None, as_json: AsJson = False) -> int:
    """Do a run again, as a new one, and say whether the bits agree.

    Takes runs of train-cnn, linear and knn.
    """
    from cvtool.experiments.runs_rerun import rerun
    from cvtool.records import Rerun
    from cvtool.render import training

    return 0 if training.show(rerun(run, name), as_json=as_json, kind=Rerun).same else CHECK_FAILED
