"""Runs in which weights are learned, from their first step on or from where they were left.

What is learned is told by a recipe; ``train-cnn`` and ``linear`` are two of them.
"""

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cvtool.config import LearnerConfig, flag
from cvtool.errors import DataError, UsageError
from cvtool.experiments.keeping import InFolder
from cvtool.experiments.keeping_pictures import noting
from cvtool.experiments.preparation import Preparation, prepare
from cvtool.experiments.training_run import Record, TrainingRun
from cvtool.kernels.processor import TILE
from cvtool.kernels.threads import use_threads
from cvtool.runs import RunFolder
from cvtool.runs.pictures import Drawable
from cvtool.training import checkpoint
from cvtool.training.progress import Progress

MAY_CHANGE = ("epochs", "patience", "time_limit", "keep_every", "threads")
"""What a resumed run may be told anew: nothing that would have changed the steps already made."""


@dataclass(frozen=True)
class Recipe:
    """What makes one command's runs its own.

    Parameters
    ----------
    command
        Its name, which also begins the names of its runs.
    what
        What its runs learn, in words.
    config
        What there is to choose.
    run
        Goes through one run.
    settle
        Settles what a configuration leaves open, so that it means the same for ever; may try
        things, and yield what there is to tell and to draw of that.
    """

    command: str
    what: str
    config: type[LearnerConfig]
    run: type[TrainingRun]
    settle: Callable[[Any, Preparation], Generator[Record, None, LearnerConfig]]


def begin(recipe: Recipe, config: LearnerConfig) -> Iterator[Record]:
    """Learn and save everything in a new run folder.

    Yields
    ------
    Notes and the network's table, then a record for every step and epoch, what there is to see, and
    last of all the result.

    Raises
    ------
    UsageError, DataError
        Before anything is written.
    """
    RunFolder.check_free(config.name)
    threads = use_threads(config.threads)
    preparation = yield from prepare(config)
    seen: list[Drawable] = []
    config = yield from noting(recipe.settle(config, preparation), seen)
    folder = new_folder(recipe, config, preparation, threads)
    with folder.held():
        keeping = InFolder(folder, preparation.view)
        if seen:
            keeping.keep_pictures(seen)
        yield from recipe.run(config, preparation, keeping, Progress()).records()


def new_folder(
    recipe: Recipe, config: LearnerConfig, preparation: Preparation, threads: int
) -> RunFolder:
    """Make the folder of a run that is about to begin.

    Raises
    ------
    UsageError
        If its name is taken or cannot name a folder.
    """
    return RunFolder.create(
        config.name,
        f"{recipe.command}-{preparation.dataset.name}",
        config=config,
        facts=_facts(recipe, preparation, threads),
    )


def go_on(recipe: Recipe, run: str, changes: Mapping[str, Any]) -> Iterator[Record]:
    """Go on with a run as if it had never stopped; ``changes`` are options given anew.

    Raises
    ------
    UsageError
        If an option would change what has been done already, or another process is at work there.
    DataError
        If the run folder or its data are damaged, or the data are not those of the run.
    """
    folder = RunFolder.open(run)
    folder.check_command((recipe.command,), recipe.what)
    with folder.held():
        yield from _gone_on(recipe, folder, changes)


def _gone_on(recipe: Recipe, folder: RunFolder, changes: Mapping[str, Any]) -> Iterator[Record]:
    for name in changes:
        if name not in MAY_CHANGE:
            allowed = ", ".join(map(flag, MAY_CHANGE))
            raise UsageError(
                f"--resume goes on with the run's own settings: leave {flag(name)} out "
                f"(only {allowed} may change)"
            )
    source = str(folder.path / "config.toml")
    config = recipe.config.from_dict(folder.read_config() | dict(changes), source=source)
    use_threads(config.threads)
    began = folder.last_checkpoint.exists()
    saved = checkpoint.load(folder.last_checkpoint) if began else None
    preparation = yield from prepare(config, saved.view if saved else None)
    recorded = folder.read_environment().get("data_checksum")
    if recorded != preparation.dataset.checksum:
        raise DataError(
            f"{config.dataset} has changed since {folder.path} began: "
            "bring the old images back, or train anew"
        )
    folder.forget_result()
    folder.write_config(config)
    progress = saved.progress if saved else Progress()
    keeping = InFolder(folder, preparation.view, progress.epoch - 1)
    training = recipe.run(config, preparation, keeping, progress)
    if saved:
        saved.restore(preparation.network, training.learner.optimizer)
    yield from training.records()


def _facts(recipe: Recipe, preparation: Preparation, threads: int) -> dict[str, Any]:
    """Collect what the run stands on, and what evaluation and prediction need of the data."""
    return {
        "command": recipe.command,
        "threads": threads,
        "tile": TILE.name,
        "data_checksum": preparation.dataset.checksum,
        "image_shape": list(preparation.dataset.image_shape),
        "image_type": str(preparation.dataset.train.images.dtype),
        "classes": list(preparation.dataset.classes),
    }
