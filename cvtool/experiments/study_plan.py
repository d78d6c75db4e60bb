"""A study before its first trial: where it searches, in which steps; nothing is left open."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cvtool.config import MODELS, KnnConfig, TuneSettings, flag
from cvtool.errors import UsageError
from cvtool.records import PlannedStage, StageKind, StagePlan
from cvtool.tuning.defaults import default_space
from cvtool.tuning.proposing import Proposer, proposer_of
from cvtool.tuning.sampling import grid
from cvtool.tuning.space import Space
from cvtool.tuning.spelling import load, spell
from cvtool.tuning.stages import Stage, plan
from cvtool.tuning.study import REPEATED, Search


@dataclass(frozen=True)
class Plan:
    """What a study does: settled settings, the space they search, and the stages."""

    settings: TuneSettings
    space: Space
    stages: tuple[Stage, ...]
    propose: Proposer

    @property
    def epochs(self) -> int:
        """Epochs that the winner is to have; 0 where nothing is learned."""
        return self.stages[-1].epochs

    def search(self) -> Search:
        """Return what the search needs to know, which is nothing of any model."""
        tune, seed = self.settings.tune, self.settings.model.seed
        return Search(self.space, self.stages, seed, self.propose, tune.repeats, not tune.no_extend)


def settle(settings: TuneSettings) -> Plan:
    """Settle what is left open: what is searched, and in which stages.

    Raises
    ------
    UsageError
        If there is nothing to search, choices contradict each other, or a library is missing.
    """
    tune = settings.tune
    if tune.workers is not None and tune.cluster is not None:
        raise UsageError("--workers and --cluster both say who works: leave one of them out")
    space = _space(settings)
    searched = replace(tune, search=spell(space))
    settled = replace(settings, tune=searched, searched=frozenset(space.names))
    epochs = 0 if isinstance(settings.model, KnnConfig) else settings.model.epochs
    propose = proposer_of(tune, settings.model.seed)
    return Plan(settled, space, plan(tune, epochs), propose)


def lay_out(planned: Plan) -> StagePlan:
    """Say what a study does, stage by stage, as far as nothing is learned by then."""
    tune = planned.settings.tune
    combinations = len(grid(planned.space, tune.points)) if tune.grid else 0
    stages = [
        PlannedStage(
            each.name,
            each.kind,
            each.trials if each.trials is not None else combinations,
            each.epochs,
            _what(each, tune.sampler, tune.grid),
        )
        for each in planned.stages
    ]
    if tune.repeats:
        stages.append(_repeats(stages, tune.repeats))
    return StagePlan(tune.model, spell(planned.space), tuple(stages))


def _repeats(stages: Sequence[PlannedStage], seeds: int) -> PlannedStage:
    """Plan the end, of no more settings than have been tried."""
    count = min(REPEATED, sum(each.runs for each in stages))
    best = f"the best {count} settings, each" if count > 1 else "the best settings,"
    what = f"{best} learned with {seeds} other seed{'s' * (seeds > 1)}"
    return PlannedStage("repeats", "repeats", count * seeds, stages[-1].epochs, what)


def _space(settings: TuneSettings) -> Space:
    tune = settings.tune
    if tune.search is None:
        return default_space(tune.model, settings.said)
    space = load(tune.search, MODELS[tune.model])
    for name in space.names:
        if name in settings.said:
            raise UsageError(
                f"{flag(name)} fixes what --search {name}=… varies: leave one of them out"
            )
    return space


def _what(stage: Stage, sampler: str, is_grid: bool) -> str:
    """Say in words what a stage tries."""
    drawn = "all combinations" if is_grid else "drawn at random"
    if stage.kind != "coarse" and sampler != "random":
        drawn = f"proposed by {sampler}"
    where: dict[StageKind, str] = {
        "coarse": f"{drawn}, given up where there is no hope" if stage.epochs else drawn,
        "fine": f"{drawn}, around what survived" if stage.narrows else drawn,
        "halving": "the best so far",
    }
    return where[stage.kind]
