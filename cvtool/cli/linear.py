"""``cvtool linear`` says how far one matrix of weights gets."""

from typing import Any

from cvtool.cli.options import EXIT_CODES, AsJson, Resume, SettingsFile, choices, settle
from cvtool.config import LinearConfig
from cvtool.errors import UsageError


@choices(LinearConfig)
def linear(
    given: dict[str, Any],
    config: SettingsFile = None,
    resume: Resume = None,
    as_json: AsJson = False,
) -> int:
    """Train a linear classifier: one score a class, from one matrix of weights.

    Softmax or SVM, on pixels or on features of images. Without options it learns real handwritten
    digits, in seconds, and draws what the weights of each class look like.

    A folder under runs/ keeps all there is to know; --resume goes on with it.
    """
    if resume is not None and config:
        raise UsageError("--resume takes a run with its settings: leave --config out")
    settings = settle(LinearConfig, config, given)

    from cvtool.experiments import linear as experiment
    from cvtool.render import training

    records = experiment.train(settings) if resume is None else experiment.resume(resume, given)
    return EXIT_CODES.get(training.show(records, as_json=as_json).outcome, 0)
