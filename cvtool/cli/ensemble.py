"""``cvtool ensemble`` lets several networks decide together."""

from typing import Annotated

import typer

from cvtool.cli.completing import runs as offered
from cvtool.cli.options import AsJson

Runs = Annotated[
    list[str],
    typer.Argument(metavar="RUN…", help="names or paths of run folders", autocompletion=offered),
]
Checkpoints = Annotated[
    bool,
    typer.Option("--checkpoints", metavar="", help="take all checkpoints that a run has kept"),
]
Test = Annotated[
    bool,
    typer.Option("--test", metavar="", help="open the test set; the runs remember how often"),
]


def ensemble(
    runs: Runs, checkpoints: Checkpoints = False, test: Test = False, as_json: AsJson = False
) -> None:
    """Average the probabilities of several runs, or of one run's checkpoints."""
    raise NotImplementedError
