"""``cvtool tune`` says which hyperparameters are good."""

from typing import Annotated, Any

import typer

from cvtool.cli.options import EXIT_CODES, AsJson, SettingsFile, choices, settle
from cvtool.config import MODELS, SHOW, TuneConfig, TuneSettings
from cvtool.errors import UsageError

ResumeStudy = Annotated[
    str | None, typer.Option("--resume", metavar="STUDY", help="go on with a study")
]


@choices(TuneConfig, fixing=MODELS)
def tune(
    given: dict[str, Any],
    config: SettingsFile = None,
    resume: ResumeStudy = None,
    as_json: AsJson = False,
) -> int:
    """Search good hyperparameters: coarse, then fine, then the best once more.

    Options of train-cnn, linear or knn fix what is not searched.

    Without options 50 trials search the default network on real handwritten digits.

    A folder under runs/ keeps every trial; --resume goes on with it after any end.
    """
    if resume is not None and config:
        raise UsageError("--resume takes a study with its settings: leave --config out")
    # What is said of a study that goes on is held to that study, not to the defaults.
    settings = settle(TuneSettings, config, given if resume is None else {})

    from cvtool.experiments import study_plan
    from cvtool.experiments import tune as experiment
    from cvtool.render import show, tuning

    if settings.tune.stages == SHOW and resume is None:
        show(study_plan.lay_out(study_plan.settle(settings)), as_json=as_json)
        return 0
    records = experiment.tune(settings) if resume is None else experiment.resume(resume, given)
    return EXIT_CODES.get(tuning.show(records, as_json=as_json).outcome, 0)
