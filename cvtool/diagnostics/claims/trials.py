"""Small networks that learn under two conditions: what every claim about training is settled by.

A trial is a run of the program's own loop on a few hundred images. Trials that are compared share
their seeds, and so their images, batches and, where shapes agree, first weights: chance that both
share drops out of the difference.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import log
from typing import Self

import numba
import numpy as np

from cvtool.config import TrainConfig
from cvtool.datasets.batches import Batcher
from cvtool.datasets.dataset import Dataset
from cvtool.datasets.preprocessing import Preprocessing
from cvtool.datasets.split import Split, split
from cvtool.layers.base import Array
from cvtool.models.architectures import resolve
from cvtool.models.network import Network
from cvtool.records import EpochRecord, StepRecord
from cvtool.seeds import stream
from cvtool.training.loop import DivergedError, Learner, fit
from cvtool.training.optimizers import optimizer_of
from cvtool.training.progress import Progress

IMAGES = 600
"""Enough that accuracies differ, few enough that an epoch takes milliseconds."""

RATES = (0.1, 0.3, 1.0, 3.0)
"""Learning rates of plain gradient descent that small networks are tried at."""

FEW = 5
"""Steps over which a loss is averaged, since one batch is easier than another."""

PLAIN = TrainConfig(
    optimizer="sgd", schedule="constant", regularization="none", batch_size=32, epochs=5
)
"""Nothing but steps down the gradient, so that a difference has one cause only."""


@dataclass(frozen=True, eq=False)
class Course:
    """Images to learn from and to be examined on, with the preprocessing fitted to the former."""

    split: Split
    preprocessing: Preprocessing
    classes: int

    @classmethod
    def of(
        cls, dataset: Dataset, seed: int, *, images: int = IMAGES, preprocess: str = "standardize"
    ) -> Self:
        """Draw images of a data set, one in five to be examined on."""
        parts = split(dataset, val_fraction=0.2, limit=images, seed=seed)
        return cls(parts, Preprocessing.fit(preprocess, parts.train), len(dataset.classes))

    @property
    def chance(self) -> float:
        """Accuracy of always naming the most frequent class of the training images."""
        labels = self.split.train.labels
        return float(np.bincount(labels).max() / len(labels))

    def batchers(self) -> tuple[Batcher, Batcher]:
        """Batch both parts."""
        return (
            Batcher(self.split.train, self.preprocessing),
            Batcher(self.split.validation, self.preprocessing),
        )

    def build(self, config: TrainConfig, *, weights_times: float = 1.0) -> Network:
        """Build a network as configured; its weights, not its biases, are then multiplied."""
        shape = self.split.train.examples.images.shape[1:]
        formula = resolve(config, shape, self.classes)
        network = Network(formula, shape, seed=config.seed, init=config.init, dtype=np.float32)
        for parameter in network.parameters:
            if parameter.regularized:
                parameter.values *= np.float32(weights_times)
        return network

    def batch(self, count: int, start: int = 0) -> tuple[Array, Array]:
        """Copy training images in their order, preprocessed, with their labels."""
        positions = np.arange(start, min(start + count, len(self.split.train)))
        images = np.empty((len(positions), *self.split.train.examples.images.shape[1:]), np.float32)
        return images, self.batchers()[0].fill(positions, images)


@dataclass(frozen=True, eq=False)
class Learned:
    """What a trial came to: the loss of every step, a record of every epoch, the network.

    ``reached`` tells whether the loss fell as low as was asked for.
    """

    network: Network
    losses: tuple[float, ...]
    epochs: tuple[EpochRecord, ...]
    diverged: bool
    reached: bool

    @property
    def accuracy(self) -> float:
        """On the images to be examined on, after the last epoch; none are right if it diverged."""
        return 0.0 if self.diverged else self.epochs[-1].val_accuracy

    @property
    def train_accuracy(self) -> float:
        """On the training images during the last epoch; none are right if it diverged."""
        return 0.0 if self.diverged else self.epochs[-1].train_accuracy


def learn(
    course: Course,
    config: TrainConfig,
    network: Network | None = None,
    *,
    until: float = -np.inf,
) -> Learned:
    """Train a network as configured, by the loop of ``train-cnn``; it may diverge.

    Parameters
    ----------
    network
        One that was built, and perhaps changed, before.
    until
        Stop once the mean loss of five steps is below this.
    """
    network = course.build(config) if network is None else network
    train, validation = course.batchers()
    learner = Learner(network, optimizer_of(config), train, validation, config, Progress())
    losses: list[float] = []
    epochs: list[EpochRecord] = []
    diverged = reached = False
    with one_thread():
        try:
            for record in fit(learner):
                if isinstance(record, StepRecord):
                    losses.append(record.loss)
                elif isinstance(record, EpochRecord):
                    epochs.append(record)
                reached = len(losses) >= FEW and float(np.mean(losses[-FEW:])) < until
                if reached:
                    break
        except DivergedError:
            diverged = True
    return Learned(network, tuple(losses), tuple(epochs), diverged, reached)


def steps_at_best_rate(course: Course, trials: Sequence[TrainConfig], *, share: float) -> list[int]:
    """Count the steps in which each trial brings the loss down to a share of chance's.

    All learn at the one of ``RATES`` that takes fewest steps on average, so that nothing is called
    slow for a rate that suits something else. A trial that does not get there counts as all the
    steps it was given.
    """
    goal = share * log(course.classes)

    def steps(trial: TrainConfig) -> int:
        learned = learn(course, trial, until=goal)
        budget = trial.epochs * -(-len(course.split.train) // trial.batch_size)
        return len(learned.losses) if learned.reached else budget

    counts = [[steps(replace(each, learning_rate=rate)) for each in trials] for rate in RATES]
    return min(counts, key=sum)


@contextmanager
def one_thread() -> Iterator[None]:
    """Compute on one thread: small layers take less time than threads take to meet."""
    before = numba.get_num_threads()
    numba.set_num_threads(1)
    try:
        yield
    finally:
        numba.set_num_threads(before)


def seeds(seed: int, name: str, count: int) -> list[int]:
    """Draw the seeds of repeated trials."""
    return [int(each) for each in stream(seed, "claims", name).integers(2**31, size=count)]


def repeated(config: TrainConfig, seed: int, name: str, count: int) -> list[TrainConfig]:
    """Configure the same trial with one seed after another."""
    return [replace(config, seed=each) for each in seeds(seed, name, count)]
