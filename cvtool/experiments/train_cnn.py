"""``train-cnn``: learn, save, judge; a stream of records from the first note to the result."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from cvtool.config import TrainConfig, flag
from cvtool.errors import DataError, UsageError
from cvtool.experiments.preparation import Preparation, build, prepare
from cvtool.experiments.reading import read
from cvtool.experiments.training_run import Record, TrainingRun, layer_table
from cvtool.experiments.view import seen_shape
from cvtool.features.feature_set import FeatureSet
from cvtool.kernels.processor import TILE
from cvtool.kernels.threads import use_threads
from cvtool.models.network import Network
from cvtool.records import NetworkTable, Note, WorkRecord
from cvtool.runs import RunFolder
from cvtool.training import checkpoint
from cvtool.training.progress import Progress

COMMAND = "train-cnn"

MAY_CHANGE = ("epochs", "patience", "time_limit", "threads")
"""What a resumed run may be told anew: nothing that would have changed the steps already made."""


def describe(config: TrainConfig) -> Iterator[Note | WorkRecord | NetworkTable]:
    """Lay the network out for the data set's images, without training or even weights to keep."""
    dataset = yield from read(config)
    shape = seen_shape(FeatureSet.parse(config.features), dataset.image_shape)
    network = build(config, shape, len(dataset.classes))
    yield layer_table(network, config)


def train(config: TrainConfig) -> Iterator[Record]:
    """Train a network and save everything in a new run folder.

    Yields
    ------
    Notes and the network's table, then a record for every step and epoch, what there is to see, and
    last of all the result.

    Raises
    ------
    UsageError, DataError
        Before anything is written.
    """
    threads = use_threads(config.threads)
    preparation = yield from prepare(config)
    config = _spelled_out(config, preparation.network)
    folder = RunFolder.create(
        config.name,
        f"train-cnn-{preparation.dataset.name}",
        config=config,
        facts=_facts(preparation, threads),
    )
    yield from TrainingRun(config, preparation, folder, Progress()).records()


def resume(run: str, changes: Mapping[str, Any]) -> Iterator[Record]:
    """Go on with a run as if it had never stopped; ``changes`` are options given anew.

    Raises
    ------
    UsageError
        If an option would change what has been done already.
    DataError
        If the run folder or its data are damaged, or the data are not those of the run.
    """
    folder = RunFolder.open(run)
    folder.check_command(COMMAND, "a network")
    for name in changes:
        if name not in MAY_CHANGE:
            allowed = ", ".join(map(flag, MAY_CHANGE))
            raise UsageError(
                f"--resume goes on with the run's own settings: leave {flag(name)} out "
                f"(only {allowed} may change)"
            )
    source = str(folder.path / "config.toml")
    config = TrainConfig.from_dict(folder.read_config() | dict(changes), source=source)
    use_threads(config.threads)
    began = folder.last_checkpoint.exists()
    saved = checkpoint.load(folder.last_checkpoint) if began else None
    preparation = yield from prepare(config, saved.preprocessing if saved else None)
    recorded = folder.read_environment().get("data_checksum")
    if recorded != preparation.dataset.checksum:
        raise DataError(
            f"{config.dataset} has changed since {folder.path} began: "
            "bring the old images back, or train anew"
        )
    folder.forget_result()
    folder.write_config(config)
    training = TrainingRun(config, preparation, folder, saved.progress if saved else Progress())
    if saved:
        saved.restore(preparation.network, training.optimizer)
    yield from training.records()


def _spelled_out(config: TrainConfig, network: Network) -> TrainConfig:
    """Write the whole formula into the configuration, which then means the same for ever."""
    return replace(config, arch=network.formula, n=None, m=None, k=None, filters=None)


def _facts(preparation: Preparation, threads: int) -> dict[str, Any]:
    """Collect what the run stands on, and what evaluation and prediction need of the data."""
    return {
        "command": COMMAND,
        "threads": threads,
        "tile": TILE.name,
        "data_checksum": preparation.dataset.checksum,
        "image_shape": list(preparation.dataset.image_shape),
        "classes": list(preparation.dataset.classes),
    }
