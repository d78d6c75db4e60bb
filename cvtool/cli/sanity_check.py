"""``cvtool sanity-check`` says whether a set-up is worth training."""

from typing import Annotated, Any

import typer

from cvtool.cli.options import CHECK_FAILED, AsJson, SettingsFile, choices, settle
from cvtool.config import TrainConfig

SelfTest = Annotated[
    bool,
    typer.Option("--self-test", metavar="", help="make known mistakes and see which are found"),
]


@choices(TrainConfig)
def sanity_check(
    given: dict[str, Any],
    config: SettingsFile = None,
    self_test: SelfTest = False,
    as_json: AsJson = False,
) -> int:
    """Check data, network and learning before training in earnest.

    Takes the options of train-cnn; every check says what it expected, saw, and advises.
    """
    settings = settle(TrainConfig, config, given)

    from cvtool.experiments import sanity_check, sanity_self_test
    from cvtool.render.watching import watch

    look = sanity_self_test.self_test if self_test else sanity_check.check
    return 0 if watch(look(settings), as_json=as_json).ok else CHECK_FAILED
