"""The loop: forward, loss, backward, step, tally, yield."""

import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass

import numpy as np

from cvtool.config import LearnerConfig
from cvtool.datasets.batches import Batches, batch_order
from cvtool.datasets.dataset import Indices
from cvtool.losses.regularization import penalty
from cvtool.models.network import Network
from cvtool.records import EpochRecord, StepRecord, WorkRecord
from cvtool.seeds import stream
from cvtool.training.evaluation import scoring
from cvtool.training.health import UpdateRatios, examine
from cvtool.training.progress import Progress
from cvtool.training.schedules import make_schedule
from cvtool.training.stepping import Optimizer
from cvtool.training.updating import move, update


class DivergedError(Exception):
    """The loss is no number any more or explodes, as it says; weights are lost, unless saved."""


EXPLODED = 3.0
"""A loss beyond this many times its first value, over a whole epoch, explodes (notes §6.6)."""


@dataclass(eq=False)
class Learner:
    """A network that learns, and everything it learns with; ``warm`` after its first step."""

    network: Network
    optimizer: Optimizer
    train: Batches
    validation: Batches
    config: LearnerConfig
    progress: Progress
    warm: bool = False

    @property
    def steps_per_epoch(self) -> int:
        """Batches in an epoch; the last may be smaller."""
        return -(-len(self.train.subset) // self.config.batch_size)

    @property
    def position(self) -> int:
        """Steps of the run that are done, from which rates and random numbers follow."""
        return (self.progress.epoch - 1) * self.steps_per_epoch + self.progress.step

    @property
    def is_closing(self) -> bool:
        """Whether the epoch has had its last step, and its record is still to come."""
        return self.progress.step == self.steps_per_epoch

    @property
    def out_of_patience(self) -> bool:
        """Whether the best of the epochs done is as long ago as the configuration allows."""
        patience, progress = self.config.patience, self.progress
        return patience is not None and progress.epoch - 1 - progress.best_epoch >= patience


def fit(learner: Learner) -> Iterator[StepRecord | WorkRecord | EpochRecord]:
    """Train from where the learner stands to the last epoch; yield after every step and epoch.

    Between two yields the learner is in order: its state may be saved, and the loop left. Who
    leaves where it ``is_closing`` an epoch learns the same, but is not told how large its last
    update was.

    Raises
    ------
    DivergedError
        If a loss, or the validation loss, is not finite, or the loss of an epoch explodes.
    """
    config, progress = learner.config, learner.progress
    schedule = make_schedule(config, learner.steps_per_epoch)
    while progress.epoch <= config.epochs:
        order = batch_order(
            len(learner.train.subset), config.batch_size, config.seed, progress.epoch
        )
        ratios: dict[str, float] = {}
        while progress.step < len(order):
            is_last = progress.step == len(order) - 1
            watched = UpdateRatios(learner.network.parameters) if is_last else None
            loss = _step(learner, order[progress.step], schedule(learner.position))
            if watched is not None:
                ratios = watched.measure()
            yield _step_record(learner, loss)
        last_rate = schedule(learner.position - 1)
        yield (yield from _close_epoch(learner, last_rate, ratios))


def _step(learner: Learner, positions: Indices, rate: float) -> float:
    """Learn from one batch; return the loss of its data."""
    config, network, progress = learner.config, learner.network, learner.progress
    started, position = time.perf_counter(), learner.position
    images = network.room(len(positions))
    random = stream(config.seed, "augment", position) if learner.train.augments else None
    labels = learner.train.fill(positions, images, random)
    network.reseed(position)
    is_blind = learner.optimizer.is_blind
    loss, scores = (network.judge if is_blind else network.learn)(images, labels)
    if not np.isfinite(loss):
        raise DivergedError("the loss is no number any more")
    correct = int((scores.argmax(axis=1) == labels).sum())
    if is_blind:
        _try(learner, rate, lambda: network.judge(images, labels)[0], loss)
    else:
        update(network.parameters, learner.optimizer, config, rate)
    seconds = time.perf_counter() - started
    progress.tally(loss, correct, len(positions), seconds, timed=learner.warm)
    learner.warm = True
    return loss


def _try(learner: Learner, rate: float, judge: Callable[[], float], loss: float) -> None:
    """Step without knowing where to, and step back unless that makes the same batch cost less."""
    parameters = learner.network.parameters
    before = [parameter.values.copy() for parameter in parameters]
    cost = loss + _price(learner)
    move(parameters, learner.optimizer, learner.config, rate)
    if not judge() + _price(learner) < cost:
        for parameter, values in zip(parameters, before, strict=True):
            parameter.values[...] = values


def _price(learner: Learner) -> float:
    """Return what the weights cost as they are, whatever their gradients."""
    config = learner.config
    values = [each.values for each in learner.network.parameters if each.regularized]
    weights = [(each, np.zeros_like(each)) for each in values]
    return penalty(config.regularization, config.strength, config.elastic_beta, weights)


def _step_record(learner: Learner, loss: float) -> StepRecord:
    progress = learner.progress
    return StepRecord(
        epoch=progress.epoch,
        epochs=learner.config.epochs,
        step=progress.step,
        steps=learner.steps_per_epoch,
        loss=loss,
        accuracy=progress.train_accuracy,
        images_per_second=progress.images_per_second,
    )


def _close_epoch(
    learner: Learner, rate: float, ratios: dict[str, float]
) -> Generator[WorkRecord, None, EpochRecord]:
    """Look at the validation images, then begin the next epoch."""
    progress, started = learner.progress, time.perf_counter()
    batch_size = learner.config.batch_size
    seen = yield from scoring(learner.network, learner.validation, batch_size)
    if not np.isfinite(seen.loss):
        raise DivergedError("the validation loss is no number any more")
    first = progress.initial_loss
    if first is not None and explodes(progress.train_loss, first):
        raise DivergedError(exploded(progress.train_loss, first))
    health = examine(learner.network, learner.validation, batch_size, ratios)
    if progress.is_better(seen.accuracy, seen.loss):
        progress.best_val_accuracy, progress.best_val_loss = seen.accuracy, seen.loss
        progress.best_epoch = progress.epoch
    seconds = progress.epoch_seconds + time.perf_counter() - started
    progress.seconds += seconds
    record = EpochRecord(
        epoch=progress.epoch,
        learning_rate=rate,
        train_loss=progress.train_loss,
        train_accuracy=progress.train_accuracy,
        val_loss=seen.loss,
        val_accuracy=seen.accuracy,
        seconds=seconds,
        images_per_second=progress.images_per_second,
        best=progress.best_epoch == progress.epoch,
        health=health,
    )
    progress.next_epoch()
    return record


def explodes(loss: float, first: float) -> bool:
    """Say whether a mean loss is too far beyond the first of its run."""
    return loss > EXPLODED * first


def exploded(loss: float, first: float) -> str:
    """Say it in words."""
    return f"the loss rose to {loss:.3g}, more than {EXPLODED:g} times its first {first:.3g}"
