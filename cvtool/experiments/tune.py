"""``tune``: search hyperparameters, trial by trial; a stream of records that ends in the result."""

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cvtool.config import TuneSettings, flag
from cvtool.errors import DataError, UsageError
from cvtool.experiments.carrying_out import carrying_out
from cvtool.experiments.first_use import compiling
from cvtool.experiments.keeping_pictures import keep
from cvtool.experiments.reading import read
from cvtool.experiments.study_plan import Plan, lay_out, settle
from cvtool.experiments.study_result import sum_up
from cvtool.experiments.trials import check_search, objective_of
from cvtool.experiments.tune_pictures import study_pictures
from cvtool.kernels.threads import use_threads
from cvtool.records import (
    Drawn,
    Note,
    StageBegan,
    StagePlan,
    TrialEvent,
    TuneResult,
    WorkRecord,
)
from cvtool.runs import RunFolder
from cvtool.training.interruption import terminated_as_by_a_key
from cvtool.tuning.journal import Journal
from cvtool.tuning.study import Study
from cvtool.tuning.trial import Objective

COMMAND = "tune"
MAY_CHANGE = ("workers", "cluster", "threads")
"""What a resumed study may be told anew: nothing that decides what its trials are."""

Record = Note | WorkRecord | StagePlan | StageBegan | TrialEvent | Drawn | TuneResult


def tune(settings: TuneSettings) -> Iterator[Record]:
    """Search, and keep every trial in a new study folder.

    Yields
    ------
    Notes, what goes on in stages and trials, then pictures, and last of all the result.

    Raises
    ------
    UsageError, DataError
        Before anything is written, if choices contradict each other or the data.
    """
    RunFolder.check_free(settings.tune.study, option="--study")
    plan = settle(settings)
    ready = yield from _ready(plan)

    def begin() -> RunFolder:
        return RunFolder.create(
            settings.tune.study,
            f"{COMMAND}-{ready.dataset}",
            config=plan.settings,
            facts={"command": COMMAND, "data_checksum": ready.checksum},
            option="--study",
        )

    yield from _search(plan, ready.objective, begin)


def resume(study: str, changes: Mapping[str, Any]) -> Iterator[Record]:
    """Go on with a study, which ends with the trials and the winner it would have had anyway.

    Raises
    ------
    UsageError
        If an option would change what its trials are.
    DataError
        If the folder or the data are damaged, or the data are not those of the study.
    """
    folder = RunFolder.open(study)
    folder.check_command((COMMAND,), "a search")
    for name in changes:
        if name not in MAY_CHANGE:
            allowed = ", ".join(map(flag, MAY_CHANGE))
            raise UsageError(
                f"--resume goes on with the study's own settings: leave {flag(name)} out (only "
                f"{allowed} may change)"
            )
    plan = settle(_saved(folder, changes))
    ready = yield from _ready(plan)
    if folder.read_environment().get("data_checksum") != ready.checksum:
        raise DataError(
            f"{ready.dataset} has changed since {folder.path} began: bring the old images back, or "
            f"begin anew"
        )
    yield from _search(plan, ready.objective, lambda: folder)


def _saved(folder: RunFolder, changes: Mapping[str, Any]) -> TuneSettings:
    """Read the settings of a study; whoever works now takes the place of whoever did."""
    saved = folder.read_config()
    if "workers" in changes or "cluster" in changes:
        saved = {name: each for name, each in saved.items() if name not in ("workers", "cluster")}
    return TuneSettings.from_dict(saved | dict(changes), source=str(folder.path / "config.toml"))


@dataclass(frozen=True)
class _Ready:
    """What there is to know of the data here; whoever carries trials out reads them again."""

    dataset: str
    checksum: str
    objective: Objective


def _ready(plan: Plan) -> Generator[Note | WorkRecord, None, _Ready]:
    """Read the data, and hold all that may be tried to them."""
    use_threads(plan.settings.model.threads)
    dataset = yield from read(plan.settings.model)
    check_search(plan.settings, plan.space, dataset)
    return _Ready(dataset.name, dataset.checksum, objective_of(plan.settings, dataset))


def _search(plan: Plan, objective: Objective, begin: Callable[[], RunFolder]) -> Iterator[Record]:
    """Carry the study out from where its journal ends, then judge and report.

    It begins, and has a folder, when there is somebody to carry it out.
    """
    tune = plan.settings.tune
    yield lay_out(plan)
    yield from compiling()
    with carrying_out(
        objective,
        workers=tune.workers,
        cluster=tune.cluster,
        threads=plan.settings.model.threads,
    ) as executor:
        folder = begin()
        with folder.held():
            journal = Journal(folder.path / "trials.jsonl")
            folder.forget_result()
            yield Note(f"{executor.workers} trial{'s' if executor.workers > 1 else ''} at a time")
            study = Study(plan.search(), executor, journal)
            interrupted = yield from _until_interrupted(study)
    result = sum_up(plan, study, folder, interrupted=interrupted)
    pictures = tuple(
        study_pictures(plan.space, result.trials, result.stages, result.best, result.importance)
    )
    keep(folder, pictures)
    yield from pictures
    folder.write_result(result)
    yield result


def _until_interrupted(study: Study) -> Generator[StageBegan | TrialEvent, None, bool]:
    """Pass on what goes on in a study; return whether somebody stopped it.

    It may be left at any moment: what the journal does not know is tried again.
    """
    events = study.run()
    try:
        with terminated_as_by_a_key():
            yield from events
    except KeyboardInterrupt:
        return True
    finally:
        events.close()
    return False
