"""The search itself: stage after stage, each a function of those before it alone."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

from cvtool.errors import DataError
from cvtool.records import (
    Candidate,
    StageBegan,
    TrialEvent,
    TrialRecord,
)
from cvtool.tuning.edges import Crowding, crowded, extended, message
from cvtool.tuning.executors import Executor
from cvtool.tuning.finished_stage import FinishedStage
from cvtool.tuning.journal import Journal
from cvtool.tuning.narrowing import narrowed
from cvtool.tuning.proposing import Proposer
from cvtool.tuning.ranking import candidates, ranked, top
from cvtool.tuning.space import Params, Space
from cvtool.tuning.spelling import spell
from cvtool.tuning.stages import Stage
from cvtool.tuning.trial import Trial

REPEATED = 3
"""How many of the best settings are repeated over seeds."""

FEWEST_BEYOND = 5
"""Trials that are worth looking beyond an edge with."""

Event = StageBegan | TrialEvent


@dataclass(frozen=True)
class Search:
    """What a study is to do.

    Parameters
    ----------
    space
        Where to search at first.
    stages
        In which steps; see ``stages.plan``.
    seed
        Decides on all trials, and is what they learn with.
    propose
        Who proposes settings.
    repeats
        Seeds that the best settings are repeated over; 0 takes the best trial as it is.
    extends
        Whether ranges grow where the best crowd an edge.
    """

    space: Space
    stages: tuple[Stage, ...]
    seed: int
    propose: Proposer
    repeats: int
    extends: bool


class Study:
    """One study from where its journal ends to its own end.

    ``finished`` are the stages that are done, and last of all one that somebody left; ``warnings``
    say what was noticed at edges.
    """

    def __init__(self, search: Search, executor: Executor, journal: Journal) -> None:
        self._search, self._executor, self._journal = search, executor, journal
        self.finished: list[FinishedStage] = []
        self.warnings: list[str] = []

    def run(self) -> Generator[Event, None, None]:
        """Carry out all trials that are not known yet; whoever stops listening stops them.

        Raises
        ------
        DataError
            If the journal holds trials that this study does not make.
        """
        space = self._search.space
        for stage in self._search.stages:
            space = self._next_space(stage, space)
            yield from self._carry_out(stage, space, self._proposed(stage, space))
            if not top(self.finished[-1].records, 1):
                return  # nothing learns: there is nothing to narrow down to
        yield from self._look_beyond_edges()
        yield from self._repeat_the_best()

    @property
    def records(self) -> tuple[TrialRecord, ...]:
        """All trials that are known, stage by stage in their order."""
        return tuple(record for each in self.finished for record in each.records)

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """Settings that were repeated, or the best so far where none were."""
        return candidates(self._repeats or top(self.seen_to_the_end, REPEATED))

    def best_trials(self, count: int) -> list[TrialRecord]:
        """Return trials of the best settings: the best of their repeats, if there are any."""
        repeats = ranked(self._repeats)
        return repeats[:count] if repeats else top(self.seen_to_the_end, count)

    @property
    def seen_to_the_end(self) -> list[TrialRecord]:
        """All trials with the epochs that the winner is to have."""
        epochs = self._search.stages[-1].epochs
        return [
            record
            for each in self.finished
            if each.stage.epochs == epochs and each.stage.kind != "repeats"
            for record in each.records
        ]

    @property
    def _repeats(self) -> list[TrialRecord]:
        """The trials of the best settings with seeds that nobody chose them by."""
        return [
            record
            for each in self.finished
            if each.stage.kind == "repeats"
            for record in each.records
        ]

    def _next_space(self, stage: Stage, space: Space) -> Space:
        return narrowed(space, self.finished[-1].records) if stage.narrows else space

    def _proposed(self, stage: Stage, space: Space) -> list[Params]:
        if stage.kind == "halving" and self.finished:
            best = top(self.finished[-1].records, stage.trials or 0)
            return [dict(record.params) for record in best]
        return self._search.propose(space, self._seen(stage), len(self.finished), stage.trials)

    def _seen(self, stage: Stage) -> list[TrialRecord]:
        """Return the trials that tell most of those to come: of as many epochs, or the last."""
        alike = [each for each in self.finished if each.stage.epochs == stage.epochs]
        return [record for each in alike or self.finished[-1:] for record in each.records]

    def _carry_out(
        self,
        stage: Stage,
        space: Space,
        settings: Sequence[Params],
        seeds: Sequence[int] | None = None,
    ) -> Iterator[Event]:
        """Do a stage: what the journal knows is taken from there."""
        number = len(self.finished)
        seeds = seeds or [self._search.seed] * len(settings)
        trials = [
            Trial(number, place, params, stage.epochs, seed, stage.stops_early)
            for place, (params, seed) in enumerate(zip(settings, seeds, strict=True))
        ]
        missing = [trial for trial in trials if not self._knows(trial)]
        try:
            yield from self._events(stage, space, trials, missing)
        finally:  # what is known of a stage that somebody left counts as well
            known = self._journal.known
            records = tuple(known[trial.key] for trial in trials if trial.key in known)
            self.finished.append(FinishedStage(stage, space, records))

    def _events(
        self, stage: Stage, space: Space, trials: Sequence[Trial], missing: Sequence[Trial]
    ) -> Iterator[Event]:
        """Say what is known of a stage, and carry out what is not."""
        yield StageBegan(
            stage.name,
            stage.kind,
            len(self.finished),
            self._stages_known(stage),
            len(trials),
            len(trials) - len(missing),
            stage.epochs,
            spell(space),
        )
        known = self._journal.known
        yield from [known[trial.key] for trial in trials if trial.key in known]
        for event in self._executor.carry_out(missing):
            if isinstance(event, TrialRecord):
                self._journal.append(event)
            yield event

    def _stages_known(self, stage: Stage) -> int:
        """Count the stages, as far as is known while one of them is done."""
        planned = max(len(self._search.stages), len(self.finished) + (stage.kind != "repeats"))
        return planned + (self._search.repeats > 0)

    def _knows(self, trial: Trial) -> bool:
        """Whether the journal has a trial, and as this study makes it.

        Raises
        ------
        DataError
            If it has another one in its place.
        """
        record = self._journal.known.get(trial.key)
        if record is None:
            return False
        if (record.params, record.epochs, record.seed) != (trial.params, trial.epochs, trial.seed):
            raise DataError(
                f"trial {trial.number} of stage {trial.stage} was another one when the study "
                f"began, with {record.params}: its settings or cvtool have changed, so begin anew"
            )
        return True

    def _look_beyond_edges(self) -> Iterator[Event]:
        """Search on where the best values crowd an edge, once."""
        judged = self._judged
        before = self.finished[: self.finished.index(judged)]
        earlier = [(each.space, each.records) for each in before]
        crowdings = crowded(judged.space, judged.records, earlier)
        space = extended(judged.space, crowdings)
        goes_on = bool(crowdings) and self._search.extends
        self._warn(crowdings, space, searched=goes_on)
        if not goes_on:
            return
        trials = max(FEWEST_BEYOND, len(judged.records) // 2)
        stage = Stage("extension", "extension", trials, self._search.stages[-1].epochs)
        yield from self._carry_out(stage, space, self._proposed(stage, space))
        gone_on = {(each.name, each.side) for each in crowdings}
        found = crowded(space, self.finished[-1].records)
        again = [each for each in found if (each.name, each.side) in gone_on]
        self._warn(again, extended(space, again), searched=False)

    @property
    def _judged(self) -> FinishedStage:
        """The stage that drew most evenly where the winner was looked for."""
        return self.finished[0] if self.finished[-1].stage.kind == "halving" else self.finished[-1]

    def _warn(self, crowdings: Sequence[Crowding], further: Space, *, searched: bool) -> None:
        for each in crowdings:
            one = Space((further[each.name],))
            self.warnings.append(message(each, spell(one), searched=searched))

    def _repeat_the_best(self) -> Iterator[Event]:
        """Learn the best settings anew with seeds that nobody chose them by.

        Settings that reach more in few epochs than all others in many are among them.
        """
        best = top(self.records, REPEATED)
        if not self._search.repeats or not best:
            return
        seeds = [(self._search.seed + each) % 2**63 for each in range(1, self._search.repeats + 1)]
        pairs = [(dict(record.params), seed) for record in best for seed in seeds]
        stage = Stage("repeats", "repeats", len(pairs), self._search.stages[-1].epochs)
        settings, chosen = [each for each, _ in pairs], [seed for _, seed in pairs]
        yield from self._carry_out(stage, Space(()), settings, chosen)  # which draws nothing
