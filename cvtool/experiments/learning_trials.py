"""A trial in which weights are learned: what ``train-cnn`` or ``linear`` would learn, unsaved."""

from collections.abc import Generator
from dataclasses import replace

from cvtool.config import LearnerConfig
from cvtool.experiments.trial_data import prepared
from cvtool.experiments.trial_settings import with_params
from cvtool.records import EpochRecord, StepRecord, TrialMoved, TrialOutcome
from cvtool.training.loop import DivergedError, Learner, fit
from cvtool.training.progress import Progress
from cvtool.tuning.early_stopping import Hope
from cvtool.tuning.trial import Measured, Trial


def try_learning(
    config: LearnerConfig, checksum: str, trial: Trial
) -> Generator[TrialMoved, None, Measured]:
    """Learn with the settings of a trial, and measure them by the epoch that was best.

    All trials are judged on the same validation images, whatever seed they begin with: those that
    the study itself holds out.

    Parameters
    ----------
    config
        The settings that are not searched; its data set is found from any folder.
    checksum
        That of the data set.
    trial
        What to try; see ``Objective``.

    Raises
    ------
    UsageError, DataError
        If settings contradict each other, or the data are not those of the study.
    """
    chosen = with_params(config, trial.params)
    tried = replace(chosen, epochs=trial.epochs, seed=trial.seed)
    preparation = prepared(replace(chosen, seed=config.seed), checksum)
    return (yield from _learn(preparation.anew(tried).learner(tried, Progress()), trial))


def _learn(learner: Learner, trial: Trial) -> Generator[TrialMoved, None, Measured]:
    hope = Hope(learner.config.warmup) if trial.stops_early else None
    best: EpochRecord | None = None
    try:
        for record in fit(learner):
            if isinstance(record, StepRecord):
                yield _moved(trial, record)
                reason = hope.after(record) if hope else None
                if reason:
                    return _measured("stopped early", reason, best)
            elif isinstance(record, EpochRecord):
                best = record if record.best else best
                if learner.out_of_patience:
                    patience = f"no better for {learner.config.patience} epochs"
                    return _measured("finished", patience, best)
    except DivergedError as error:
        return _measured("diverged", str(error), best)
    return _measured("finished", "", best)


def _moved(trial: Trial, step: StepRecord) -> TrialMoved:
    done = (step.epoch - 1) * step.steps + step.step
    total = step.epochs * step.steps
    return TrialMoved(trial.stage, trial.number, done, total, step.loss, step.accuracy)


def _measured(outcome: TrialOutcome, reason: str, best: EpochRecord | None) -> Measured:
    if best is None:
        return Measured(outcome, reason)
    return Measured(
        outcome,
        reason,
        train_accuracy=best.train_accuracy,
        val_accuracy=best.val_accuracy,
        train_loss=best.train_loss,
        val_loss=best.val_loss,
        best_epoch=best.epoch,
    )
