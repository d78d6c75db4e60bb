"""``cvtool evaluate`` says how well a trained run does."""

from typing import Annotated

import typer

from cvtool.cli.options import AsJson, RunName

Test = Annotated[
    bool,
    typer.Option("--test", metavar="", help="open the test set; the run remembers how often"),
]


def evaluate(run: RunName, test: Test = False, as_json: AsJson = False) -> None:
    """Measure a trained run on its validation images, or on the test set.

    The test set is not for choosing: look at it once, when all choices are made.
    """
    from cvtool.experiments.evaluate import evaluate
    from cvtool.render.watching import watch

    watch(evaluate(run, test=test), as_json=as_json)
