"""What a training run says, epoch by epoch and at its end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from cvtool.records.verdict import Verdict

if TYPE_CHECKING:  # runs are listed before NumPy would have been loaded
    import numpy as np
    from numpy.typing import NDArray

Outcome = Literal["finished", "stopped early", "time limit", "diverged", "interrupted"]


@dataclass(frozen=True)
class LayerHealth:
    """How one layer fares: the notes' signs of trouble (§6.1, §6.6).

    ``dead`` is the share of rectified units that were zero for every image looked at,
    ``saturated`` the share of sigmoid or tanh outputs at the ends of their range, ``update_ratio``
    the norm of one update over the norm of the weights. What a layer does not have is None.
    """

    layer: str
    dead: float | None = None
    saturated: float | None = None
    update_ratio: float | None = None


@dataclass(frozen=True)
class EpochRecord:
    """One line of ``metrics.jsonl``; accuracies are shares from 0 to 1, ``best`` of all so far."""

    epoch: int
    learning_rate: float
    train_loss: float
    train_accuracy: float
    val_loss: float
    val_accuracy: float
    seconds: float
    images_per_second: float
    best: bool = False
    health: tuple[LayerHealth, ...] = ()


@dataclass(frozen=True, eq=False)
class Classified:
    """A validation image and the class it was given, as raw pixels ``(height, width, c)``."""

    image: NDArray[np.uint8]
    label: str
    predicted: str
    probability: float


@dataclass(frozen=True, eq=False)
class Findings:
    """What the pictures of a run are drawn from.

    ``filters`` are those of the first convolution, ``(height, width, in, out)``, or None;
    ``confusion[i, j]`` counts validation images of class ``i`` that were given class ``j``;
    ``mistakes`` are sorted, the most confident first; ``examples`` are a few images for each pair
    of classes that was counted, the most confident first.
    """

    history: tuple[EpochRecord, ...]
    classes: tuple[str, ...]
    filters: NDArray[np.floating[Any]] | None
    confusion: NDArray[np.int64]
    mistakes: tuple[Classified, ...]
    examples: tuple[Classified, ...] = ()


@dataclass(frozen=True)
class TrainResult:
    """How a training run ended."""

    command: ClassVar[str] = "train-cnn"

    run: str
    outcome: Outcome
    dataset: str
    arch: str
    seed: int
    epochs: int
    parameters: int
    train_images: int
    val_images: int
    train_loss: float
    train_accuracy: float
    val_loss: float
    val_accuracy: float
    best_val_accuracy: float
    best_epoch: int
    images_per_second: float
    seconds: float
    weights_checksum: str
    verdicts: tuple[Verdict, ...] = field(default=())


@dataclass(frozen=True)
class LinearResult(TrainResult):
    """How a run of one matrix of weights ended.

    ``template_mean_correlation`` has a number for each class: how the picture of its weights
    correlates with the mean image of the class, less the mean of all. It is None where the weights
    are not of pixels.
    """

    command: ClassVar[str] = "linear"

    template_mean_correlation: tuple[float, ...] | None = None
