"""What a study found: its winner, what mattered, and what is to be said of that."""

from collections.abc import Sequence
from math import fsum

from cvtool.diagnostics.best_trials import fitting
from cvtool.experiments.study_plan import Plan
from cvtool.experiments.winner import write_winner
from cvtool.records import (
    Candidate,
    Importance,
    StudyOutcome,
    TuneResult,
    Verdict,
)
from cvtool.runs import RunFolder
from cvtool.tuning.importance import importance
from cvtool.tuning.lost_trials import trials_finish
from cvtool.tuning.search_verdicts import best_stands_out, what_mattered
from cvtool.tuning.study import Study

JUDGED = 5
"""How many of the best trials tell whether they over- or underfit."""


def sum_up(plan: Plan, study: Study, folder: RunFolder, *, interrupted: bool) -> TuneResult:
    """Sum a study up as far as it went, and write its winner down.

    Parameters
    ----------
    plan
        What it was to do.
    study
        What it did.
    folder
        Where its winner goes.
    interrupted
        Whether somebody stopped it.
    """
    model = plan.settings.model
    candidates = study.candidates
    best = candidates[0] if candidates else None
    winner = write_winner(folder, plan, best) if best is not None else None
    importances = _importances(plan, study)
    return TuneResult(
        study=str(folder.path),
        outcome=_outcome(best, interrupted),
        model=plan.settings.tune.model,
        dataset=model.dataset,
        seed=model.seed,
        seconds=fsum(record.seconds for record in study.records),
        stages=tuple(each.summary() for each in study.finished),
        trials=study.records,
        best=best,
        candidates=candidates,
        importance=importances,
        verdicts=_verdicts(plan, study, candidates, importances),
        warnings=tuple(study.warnings),
        winner=str(winner) if winner else None,
    )


def _importances(plan: Plan, study: Study) -> tuple[Importance, ...]:
    """Say what mattered by the stage that covered the whole space."""
    return importance(plan.space, study.finished[0].records) if study.finished else ()


def _verdicts(
    plan: Plan, study: Study, candidates: Sequence[Candidate], importances: Sequence[Importance]
) -> tuple[Verdict, ...]:
    """Judge the search, and the best of what it found."""
    first = study.finished[0].records if study.finished else ()
    found = (
        trials_finish(plan.space, first),
        what_mattered(importances),
        best_stands_out(candidates) if plan.settings.tune.repeats else None,
        fitting(study.best_trials(JUDGED), plan.settings.model),
    )
    return tuple(verdict for verdict in found if verdict is not None)


def _outcome(best: Candidate | None, interrupted: bool) -> StudyOutcome:
    if interrupted:
        return "interrupted"
    return "diverged" if best is None else "finished"
