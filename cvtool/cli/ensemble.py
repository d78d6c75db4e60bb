"""``cvtool ensemble`` lets several networks decide together."""

from typing import Annotated

import typer

from cvtool.cli.options import AsJson, RunNames

Checkpoints = Annotated[
    bool,
    typer.Option(
        "--checkpoints", metavar="", help="take all checkpoints kept by --keep-every, and the best"
    ),
]
Test = Annotated[
    bool,
    typer.Option("--test", metavar="", help="open the test set; the runs remember how often"),
]


def ensemble(
    runs: RunNames, checkpoints: Checkpoints = False, test: Test = False, as_json: AsJson = False
) -> None:
    """Average the probabilities of several runs, or of one run's checkpoints.

    Says whether that is right more often than the best of them alone, by more than chance.

    Runs of different seeds hold the same images out where they have the same --split-seed.
    """
    from cvtool.experiments.ensemble import ensemble
    from cvtool.render.watching import watch

    watch(ensemble(runs, checkpoints=checkpoints, test=test), as_json=as_json)
