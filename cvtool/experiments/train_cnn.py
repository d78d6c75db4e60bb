"""``train-cnn``: learn, save, judge; a stream of records from the first note to the result."""

from collections.abc import Generator, Iterator, Mapping
from dataclasses import replace
from typing import Any

from cvtool.config import TrainConfig
from cvtool.experiments.learning import Recipe, begin, go_on
from cvtool.experiments.preparation import Preparation, build
from cvtool.experiments.reading import read
from cvtool.experiments.training_run import Record, TrainingRun, layer_table
from cvtool.experiments.view import seen_shape
from cvtool.features.feature_set import FeatureSet
from cvtool.records import NetworkTable, Note, WorkRecord


def describe(config: TrainConfig) -> Iterator[Note | WorkRecord | NetworkTable]:
    """Lay the network out for the data set's images, without training or even weights to keep."""
    dataset = yield from read(config)
    shape = seen_shape(FeatureSet.parse(config.features), dataset.image_shape)
    yield layer_table(build(config, shape, len(dataset.classes)), config)


def train(config: TrainConfig) -> Iterator[Record]:
    """Train a network and save everything in a new run folder; see ``learning.begin``."""
    yield from begin(TRAIN_CNN, config)


def resume(run: str, changes: Mapping[str, Any]) -> Iterator[Record]:
    """Go on with a run as if it had never stopped; see ``learning.go_on``."""
    yield from go_on(TRAIN_CNN, run, changes)


def _spell_out(
    config: TrainConfig, preparation: Preparation
) -> Generator[Record, None, TrainConfig]:
    """Write the whole formula into the configuration."""
    yield from ()
    formula = preparation.network.formula
    return replace(config, arch=formula, n=None, m=None, k=None, filters=None, dropout=None)


TRAIN_CNN = Recipe("train-cnn", "a network", TrainConfig, TrainingRun, _spell_out)
