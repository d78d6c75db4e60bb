"""Where a run stands: all that a later start needs beside the arrays."""

from dataclasses import asdict, dataclass, fields
from math import inf
from typing import Any, Self


@dataclass
class Progress:
    """The next step to do, and what has been tallied so far.

    Every random number of a run is a function of the seed and the position, so nothing else has to
    be remembered to go on bit for bit. Epochs count from 1, the steps of an epoch from 0.
    """

    epoch: int = 1
    step: int = 0
    loss_sum: float = 0.0
    correct: int = 0
    images: int = 0
    epoch_seconds: float = 0.0
    timed_images: int = 0
    timed_seconds: float = 0.0
    seconds: float = 0.0
    run_images: int = 0
    run_seconds: float = 0.0
    initial_loss: float | None = None
    best_val_loss: float = inf
    best_val_accuracy: float = -inf
    best_epoch: int = 0

    def tally(self, loss: float, correct: int, images: int, seconds: float, *, timed: bool) -> None:
        """Count one step; ``timed`` if its time tells how fast the network is.

        The first step after a start does not: it compiles kernels, or loads them.
        """
        if self.initial_loss is None:
            self.initial_loss = loss
        self.step += 1
        self.loss_sum += loss * images
        self.correct += correct
        self.images += images
        self.epoch_seconds += seconds
        if timed:
            self.timed_images += images
            self.timed_seconds += seconds
            self.run_images += images
            self.run_seconds += seconds

    @property
    def train_loss(self) -> float:
        """Mean loss of the images of this epoch, each as it was when its step was taken."""
        return self.loss_sum / self.images

    @property
    def train_accuracy(self) -> float:
        """Share of the images of this epoch that were classified rightly before their step."""
        return self.correct / self.images

    @property
    def images_per_second(self) -> float:
        """Speed of the timed steps of this epoch, or of all steps if none is timed."""
        if self.timed_seconds:
            return self.timed_images / self.timed_seconds
        return self.images / self.epoch_seconds if self.epoch_seconds else 0.0

    @property
    def run_images_per_second(self) -> float:
        """Speed of the timed steps of the whole run."""
        if self.run_seconds:
            return self.run_images / self.run_seconds
        return self.images_per_second

    def is_better(self, val_accuracy: float, val_loss: float) -> bool:
        """Say whether this is the best epoch so far; of equal accuracies the lower loss is."""
        return (val_accuracy, -val_loss) > (self.best_val_accuracy, -self.best_val_loss)

    def next_epoch(self) -> None:
        """Begin the tally of another epoch."""
        self.epoch += 1
        self.step = self.correct = self.images = self.timed_images = 0
        self.loss_sum = self.epoch_seconds = self.timed_seconds = 0.0

    def to_dict(self) -> dict[str, Any]:
        """Plain values; Python's JSON writes and reads the infinite ones."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """Rebuild what ``to_dict`` gave."""
        return cls(**{each.name: values[each.name] for each in fields(cls)})
