"""A finished run as the verdicts see it: its curves, what was asked for, and simple facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from cvtool.config import LearnerConfig, TrainConfig
from cvtool.records import EpochRecord

UNCHANGED = 0.05
"""A loss that has lost less than this share of its first value has not changed."""


@dataclass(frozen=True)
class FinishedRun:
    """What there is to judge; ``initial_loss`` is that of the untrained network."""

    history: Sequence[EpochRecord]
    config: LearnerConfig
    classes: int
    initial_loss: float
    diverged: bool

    @property
    def learner(self) -> str:
        """What it is that learned."""
        return "the network" if isinstance(self.config, TrainConfig) else "the matrix"

    @property
    def last(self) -> EpochRecord:
        return self.history[-1]

    @property
    def losses(self) -> list[float]:
        """Training loss of each epoch."""
        return [epoch.train_loss for epoch in self.history]

    @property
    def exploded(self) -> bool:
        """Whether the loss got out of hand, or is no number any more."""
        return self.diverged or not all(map(isfinite, [self.initial_loss, *self.losses]))

    @property
    def has_curve(self) -> bool:
        return bool(self.history) and not self.exploded

    @property
    def drop(self) -> float:
        """Share of the initial loss that is gone."""
        return 1 - self.last.train_loss / self.initial_loss if self.initial_loss > 0 else 0.0

    @property
    def guesses(self) -> bool:
        """Whether training accuracy is hardly above that of one who guesses."""
        chance = 1 / self.classes
        return self.last.train_accuracy < min(2 * chance, chance + 0.1 * (1 - chance))

    @property
    def learned(self) -> bool:
        return self.has_curve and self.drop >= UNCHANGED and not self.guesses
