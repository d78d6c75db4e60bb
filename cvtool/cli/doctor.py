"""``cvtool doctor`` says what this installation stands on, for bug reports."""

from typing import Annotated

import typer

from cvtool.cli.options import AsJson

Quick = Annotated[
    bool, typer.Option("--quick", metavar="", help="measure nothing, and start no kernel")
]


def doctor(quick: Quick = False, as_json: AsJson = False) -> None:
    """Say what cvtool runs on, how fast it is, and what is wrong: to paste into a bug report.

    Measuring takes a few seconds. What cannot be found out is unknown, and no error.
    """
    from cvtool.experiments.doctor import doctor
    from cvtool.render.console import terminal_facts
    from cvtool.render.watching import watch

    watch(doctor(terminal_facts(), quick=quick), as_json=as_json)
