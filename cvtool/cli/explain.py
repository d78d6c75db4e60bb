"""``cvtool explain`` says what a check, verdict or claim means."""

from typing import Annotated

import typer

from cvtool.cli.completing import explained
from cvtool.cli.options import AsJson

Words = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="CHECK",
        help="name of a check, verdict or claim",
        show_default=False,
        autocompletion=explained,
    ),
]


def explain(check: Words = None, as_json: AsJson = False) -> None:
    """Say what a check, verdict or claim means, why it fails, and what to try.

    Names may have spaces or hyphens. Without a name it lists them all.
    """
    from cvtool.experiments.explain import explain
    from cvtool.render import show

    show(explain(check or ()), as_json=as_json)
