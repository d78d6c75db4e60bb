"""``ensemble``: the mean of several networks, and whether it does better than the best of them."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from math import fsum
from pathlib import Path

import numpy as np

from cvtool.diagnostics.ensembles import agreement, mean_loss, mean_probabilities, verdict
from cvtool.diagnostics.intervals import wilson
from cvtool.diagnostics.paired_runs import compare_pair
from cvtool.errors import DataError, UsageError
from cvtool.experiments.same_images import Answered, SameImages, known
from cvtool.losses.softmax import log_probabilities
from cvtool.records import Ensemble, EnsembleMember, Told, WorkRecord, passing
from cvtool.runs import RunFolder, StoredRun
from cvtool.training import checkpoint

BEST = "best"


@dataclass(frozen=True)
class _Member:
    """A run as it was when it was saved."""

    run: StoredRun
    checkpoint: str
    saved: Path


@dataclass(frozen=True, eq=False)
class _Asked:
    """A member, what it answered, and what is said of it."""

    member: _Member
    answered: Answered
    record: EnsembleMember


def ensemble(
    names: Sequence[str], *, checkpoints: bool = False, test: bool = False
) -> Iterator[Told | Ensemble]:
    """Average the class probabilities of trained networks; the last record is the result.

    Parameters
    ----------
    names
        Names or paths of runs; one that is named twice is a member once.
    checkpoints
        Take the checkpoints that each run has kept, and not that of its best epoch alone.
    test
        Look at the test set, and write down in every run's folder that it was looked at; else look
        at the validation images, which have to be the same for all members.

    Raises
    ------
    UsageError, DataError
        If there are fewer than two members, they cannot be shown the same images, or a run or its
        data cannot be read.
    """
    runs = [StoredRun(folder.path) for folder in RunFolder.open_all(names)]
    if len(runs) < 2 and not checkpoints:
        raise UsageError(
            f"ensemble takes two runs or more, not {names[0]} alone: name another, or let its "
            f"checkpoints decide by --checkpoints"
        )
    members = [each for run in runs for each in _members_of(run, checkpoints)]
    if len(members) < 2:
        raise UsageError(
            f"{runs[0].name} has kept {members[0].checkpoint} alone, its best epoch: train it "
            f"for more epochs, or with a smaller --keep-every"
        )
    shown = SameImages(test=test)
    yield from shown.check(runs)
    asked = yield from _ask(shown, members)
    best = min(asked, key=lambda each: _rank(each, test))
    folders = [RunFolder(run.path) for run in runs]
    opened = max(each.count_test_opening() if test else each.test_openings() for each in folders)
    yield _sum_up(asked, best, test, opened)


def _members_of(run: StoredRun, checkpoints: bool) -> list[_Member]:
    """Say which checkpoints of a run are members: no epoch twice."""
    folder = known(run).folder
    best = _Member(run, BEST, folder.best_checkpoint)
    best_epoch = checkpoint.read_progress(best.saved).epoch - 1
    if not checkpoints:
        return [best]
    kept = folder.kept_checkpoints()
    if not kept:
        raise UsageError(
            f"{run.name} has kept no checkpoints: train it with --keep-every 5, or go on with it "
            f"by --resume {run.name} --keep-every 5 and more --epochs"
        )
    members = {epoch: _Member(run, path.stem, path) for epoch, path in kept.items()}
    members.setdefault(best_epoch, best)
    return [members[epoch] for epoch in sorted(members)]


def _ask(shown: SameImages, members: Sequence[_Member]) -> Generator[Told, None, list[_Asked]]:
    asked = []
    for number, member in enumerate(members, start=1):
        asking = shown.ask(member.run, member.saved)
        answered = yield from _told_of(f"network {number} of {len(members)}", asking)
        scored = answered.scored
        record = EnsembleMember(
            run=str(member.run.path),
            checkpoint=member.checkpoint,
            epoch=answered.epoch,
            accuracy=scored.accuracy,
            loss=mean_loss([log_probabilities(scored.scores, scored.labels)]),
        )
        asked.append(_Asked(member, answered, record))
    return asked


def _told_of(whom: str, asking: Generator[Told, None, Answered]) -> Generator[Told, None, Answered]:
    """Say in all that is told of the work who does it."""

    def named(told: Told) -> Told:
        return replace(told, work=f"{whom}: {told.work}") if isinstance(told, WorkRecord) else told

    return (yield from passing(asking, named))


def _sum_up(asked: Sequence[_Asked], best: _Asked, test: bool, opened: int) -> Ensemble:
    answers = [each.answered.scored for each in asked]
    labels = answers[0].labels
    decided = mean_probabilities([each.probabilities for each in answers]).argmax(axis=1)
    right = np.asarray(decided == labels)
    pair = compare_pair(BEST, "ensemble", best.answered.scored.right, right)
    assert pair.difference is not None
    assert pair.interval is not None
    assert pair.p_value is not None
    return Ensemble(
        dataset=str(asked[0].member.run.config["dataset"]),
        part="test" if test else "validation",
        images=len(labels),
        members=tuple(each.record for each in asked),
        accuracy=float(right.mean()),
        interval=wilson(int(right.sum()), len(labels)),
        loss=mean_loss([log_probabilities(each.scores, labels) for each in answers]),
        mean_accuracy=fsum(each.accuracy for each in answers) / len(answers),
        best=best.record,
        difference=pair.difference,
        difference_interval=pair.interval,
        only_best=pair.only_first,
        only_ensemble=pair.only_second,
        p_value=pair.p_value,
        agreement=agreement([each.predictions for each in answers]),
        opened=opened,
        verdict=verdict(pair),
        warnings=tuple(_warnings(asked)),
    )


def _rank(asked: _Asked, test: bool) -> tuple[float, float, str, int]:
    """Order members, the best first: by validation images, also where the test set is open."""
    record = asked.record
    accuracy, loss = record.accuracy, record.loss
    if test:
        accuracy, loss = _validated(asked.member.run, record.epoch)
    return -accuracy, loss, record.run, record.epoch


def _validated(run: StoredRun, epoch: int) -> tuple[float, float]:
    """Find how a run did on its validation images after an epoch, when it was trained."""
    for each in run.epochs:
        if each.get("epoch") == epoch:
            return float(each["val_accuracy"]), float(each["val_loss"])
    raise DataError(f"{run.path / 'metrics.jsonl'} has no line of epoch {epoch}: train again")


def _warnings(asked: Sequence[_Asked]) -> Iterator[str]:
    names = dict.fromkeys(each.member.run.name for each in asked if each.answered.only_ranks)
    if names:
        yield (
            f"{' and '.join(names)} learned by an SVM loss, whose scores are no probabilities: how "
            f"much they weigh in the mean is a matter of their scale; train with --loss softmax"
        )
