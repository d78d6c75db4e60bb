"""What loss and accuracy over the epochs tell: the notes' verdicts of §6.5 and §6.6."""

from math import ceil, isfinite, log

from cvtool.config import BLIND_SEARCHES, TrainConfig
from cvtool.diagnostics.advice import (
    better_start,
    more_fit,
    more_regularization,
    other_rate,
    started_poorly,
)
from cvtool.diagnostics.finished_run import UNCHANGED, FinishedRun
from cvtool.diagnostics.layer_health import rate_factor
from cvtool.records import EpochRecord, Verdict
from cvtool.training.loop import EXPLODED

RISING = 0.1
"""A loss rises if it ends above its lowest by this share of a guesser's loss: more than noise."""

FLAT_EPOCHS = 2
"""One flat epoch may be bad luck with batches; two at the start are a pattern."""

DROPPED = 0.25
"""A loss that began flat and then lost this share of its first value did learn in the end."""

OVERFIT_GAP = 0.1
"""Training accuracy above validation accuracy by more than this is "much better" (§6.6)."""

SAME_GAP = 0.01
"""Accuracies this close are "the same": the noise of a few thousand validation images."""

NEARLY_PERFECT = 0.95
"""Beyond this accuracy a larger network has little left to gain."""


def loss_changes(run: FinishedRun) -> Verdict | None:
    """§6.5: if the loss is not changing, the learning rate is likely too small."""
    if not run.has_curve:
        return None
    seen = f"the training loss went from {run.initial_loss:.3g} to {run.last.train_loss:.3g}"
    if run.learned:
        return Verdict("loss changes", True, run.drop, f"{seen}: {run.learner} learns")
    if _rises(run):
        return None  # it does change, and loss_stays_down says how
    accuracy = f"with {run.last.train_accuracy:.0%} of the training images right"
    return Verdict("loss changes", False, run.drop, f"{seen}, {accuracy}: {_why_unchanged(run)}")


def loss_stays_down(run: FinishedRun) -> Verdict | None:
    """§6.5: if the loss rises or goes to NaN, the learning rate is probably too large."""
    check = "loss stays down"
    if run.exploded:
        return Verdict(check, False, _last_number(run), _explosion(run))
    if not run.history:
        return None
    last, lowest = run.losses[-1], _lowest(run)
    if not _rises(run):
        return Verdict(check, True, last, f"the training loss ends at {last:.3g}, near its lowest")
    seen = f"the training loss rose from {lowest:.3g} to {last:.3g}"
    advice = f"the learning rate is probably too large, try {other_rate(run.config, 0.3)}"
    return Verdict(check, False, last, f"{seen}: {advice}")


def loss_falls_at_once(run: FinishedRun) -> Verdict | None:
    """§6.6: a loss that is flat at first and then drops tells of a poor initialization."""
    check = "loss falls at once"
    if not run.has_curve or run.drop < DROPPED:
        return None
    flat = max(0, _flat_epochs(run) - ceil(run.config.warmup))
    if flat < FLAT_EPOCHS:
        return Verdict(check, True, float(flat), "the training loss fell from the start")
    seen = f"the training loss was flat for {flat} epochs and then dropped"
    advice = f"the weights probably started badly, try {better_start(run.config)}"
    if not isinstance(run.config, TrainConfig):  # with one matrix, any start is as good
        advice = f"the learning rate is probably too large, try {other_rate(run.config, 0.3)}"
    return Verdict(check, False, float(flat), f"{seen}: {advice}")


def generalizes(run: FinishedRun) -> Verdict | None:
    """§6.6: training much better than validation asks for more regularization."""
    if not run.learned:
        return None
    gap = _accuracy_gap(run)
    if gap <= OVERFIT_GAP:
        message = f"{_accuracies(run.last)}: close enough"
        return Verdict("generalizes", True, gap, message)
    advice = f"{run.learner} overfits, try {more_regularization(run.config)}"
    return Verdict("generalizes", False, gap, f"{_accuracies(run.last)}: {advice}")


def large_enough(run: FinishedRun) -> Verdict | None:
    """§6.6: the same accuracy on both asks for a larger network or less regularization."""
    if not run.learned:
        return None
    gap = _accuracy_gap(run)
    if run.last.val_accuracy >= NEARLY_PERFECT or gap > SAME_GAP:
        message = f"{_accuracies(run.last)}: {run.learner} is large enough"
        return Verdict("large enough", True, gap, message)
    same = "the same" if gap >= -SAME_GAP else "no better in training"
    advice = f"{same}, so more can be taken in, try {more_fit(run)}"
    return Verdict("large enough", False, gap, f"{_accuracies(run.last)}: {advice}")


def _why_unchanged(run: FinishedRun) -> str:
    if run.config.optimizer in BLIND_SEARCHES:
        return "guesses lead nowhere soon, try where gradients lead, as --optimizer adam"
    if started_poorly(run.config):
        return f"the weights started badly, try {better_start(run.config)}"
    factor = rate_factor(run)
    size = "small" if factor > 1 else "large"
    return f"the learning rate is likely too {size}, try {other_rate(run.config, factor)}"


def _rises(run: FinishedRun) -> bool:
    noise = RISING * min(run.initial_loss, log(run.classes))
    return run.losses[-1] > min(_lowest(run) + noise, EXPLODED * run.initial_loss)


def _lowest(run: FinishedRun) -> float:
    return min(run.initial_loss, *run.losses)


def _last_number(run: FinishedRun) -> float | None:
    return next((loss for loss in reversed(run.losses) if isfinite(loss)), None)


def _explosion(run: FinishedRun) -> str:
    if not isfinite(run.initial_loss):
        return f"the loss is no number before any step, try {better_start(run.config)}"
    advice = f"the learning rate is too large, try {other_rate(run.config, 0.1)}"
    return f"the loss exploded from {run.initial_loss:.3g}: {advice}"


def _flat_epochs(run: FinishedRun) -> int:
    level = (1 - UNCHANGED) * run.initial_loss
    return next(done for done, loss in enumerate(run.losses) if loss < level)


def _accuracy_gap(run: FinishedRun) -> float:
    return run.last.train_accuracy - run.last.val_accuracy


def _accuracies(epoch: EpochRecord) -> str:
    return (
        f"accuracy {epoch.train_accuracy:.1%} in training, {epoch.val_accuracy:.1%} in validation"
    )
