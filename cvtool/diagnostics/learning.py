"""The verdicts the notes teach to draw from a finished run (§6.1, §6.5, §6.6).

Each is one small function in ``learning_curves`` or ``layer_health``: it looks at one thing, gives
the value it saw and, where that is not well, the option to try next. Where a run holds nothing to
judge by it keeps silent: of a run that exploded, nobody needs to hear that it generalizes badly.
"""

from collections.abc import Sequence

from cvtool.config import LearnerConfig
from cvtool.diagnostics.finished_run import FinishedRun
from cvtool.diagnostics.layer_health import units_live, units_respond, updates_fit
from cvtool.diagnostics.learning_curves import (
    generalizes,
    large_enough,
    loss_changes,
    loss_falls_at_once,
    loss_stays_down,
)
from cvtool.records import EpochRecord, Verdict


def verdicts(
    history: Sequence[EpochRecord],
    *,
    config: LearnerConfig,
    classes: int,
    initial_loss: float,
    diverged: bool,
) -> tuple[Verdict, ...]:
    """Judge a run by its curves and the health of its layers.

    Parameters
    ----------
    history
        The epochs done, first to last; may be empty if the run diverged at once.
    config
        What the run was asked to do; the options to try next are reckoned from it.
    classes
        How many classes the images have, two or more.
    initial_loss
        Mean loss of the untrained network on training images.
    diverged
        Whether the run was given up because its loss exploded.

    Returns
    -------
    tuple of Verdict
        One for each check that the run holds data for, whether it is well or not.
    """
    run = FinishedRun(history, config, classes, initial_loss, diverged)
    findings = (check(run) for check in CHECKS)
    return tuple(verdict for verdict in findings if verdict is not None)


CHECKS = (
    loss_changes,
    loss_stays_down,
    loss_falls_at_once,
    generalizes,
    large_enough,
    updates_fit,
    units_live,
    units_respond,
)
