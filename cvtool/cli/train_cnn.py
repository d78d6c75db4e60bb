"""``cvtool train-cnn`` says how good a network is on images."""

from typing import Annotated, Any

import typer

from cvtool.cli.options import EXIT_CODES, AsJson, Resume, SettingsFile, choices, settle
from cvtool.config import TrainConfig
from cvtool.errors import UsageError

Describe = Annotated[
    bool,
    typer.Option("--describe", metavar="", help="show the network layer by layer and stop"),
]


@choices(TrainConfig)
def train_cnn(
    given: dict[str, Any],
    config: SettingsFile = None,
    resume: Resume = None,
    describe: Describe = False,
    as_json: AsJson = False,
) -> int:
    """Train a convolutional network on images.

    Any chain of ((CONV + RELU)*N + POOL)*M + (FC + RELU)*K + SOFTMAX will do.

    Without options it learns real handwritten digits, in seconds.

    A folder under runs/ keeps all there is to know; --resume goes on with it.
    """
    if resume is not None and (config or describe):
        other = "--describe" if describe else "--config"
        raise UsageError(f"--resume takes a run with its settings: leave {other} out")
    settings = settle(TrainConfig, config, given)

    from cvtool.experiments import train_cnn as experiment
    from cvtool.render import training
    from cvtool.render.watching import watch

    if describe:
        watch(experiment.describe(settings), as_json=as_json)
        return 0
    records = experiment.train(settings) if resume is None else experiment.resume(resume, given)
    return EXIT_CODES.get(training.show(records, as_json=as_json).outcome, 0)
