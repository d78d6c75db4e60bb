"""What experiments say: small frozen facts, made once, printed, saved or drawn by others."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from math import isfinite
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Outcome = Literal["finished", "stopped early", "time limit", "diverged", "interrupted"]


@dataclass(frozen=True)
class Note:
    """A line worth telling while work goes on, such as that the core is being compiled."""

    message: str


@dataclass(frozen=True)
class ReadingRecord:
    """How many images of a data set are decoded; never saved."""

    done: int
    total: int


@dataclass(frozen=True)
class StepRecord:
    """Where a run stands after one step; never saved."""

    epoch: int
    epochs: int
    step: int
    steps: int
    loss: float
    accuracy: float
    images_per_second: float


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


@dataclass(frozen=True)
class Verdict:
    """A finding in words: what was looked at, whether it is well, the value seen, what to try."""

    check: str
    ok: bool
    value: float | None
    message: str


@dataclass(frozen=True)
class LayerRow:
    """One line of the layer table; shapes are of one image, memory is in bytes."""

    name: str
    layer: str
    output_shape: tuple[int, ...]
    arithmetic: str
    unseen_rows: int
    unseen_columns: int
    parameters: int
    receptive_field: int
    multiply_adds: int
    activation_bytes: int
    im2col_bytes: int


@dataclass(frozen=True)
class NetworkTable:
    """A network laid out layer by layer for one image size and batch size."""

    formula: str
    input_shape: tuple[int, ...]
    batch_size: int
    loss: str
    rows: tuple[LayerRow, ...]
    parameters: int
    multiply_adds: int
    activation_bytes: int
    im2col_bytes: int


@dataclass(frozen=True, eq=False)
class Mistake:
    """A validation image that was given the wrong class, as raw pixels ``(height, width, c)``."""

    image: NDArray[np.uint8]
    label: str
    predicted: str
    probability: float


@dataclass(frozen=True, eq=False)
class Findings:
    """What the pictures of a run are drawn from; never saved.

    ``filters`` are those of the first convolution, ``(height, width, in, out)``, or None;
    ``confusion[i, j]`` counts validation images of class ``i`` that were given class ``j``;
    ``mistakes`` are sorted, the most confident first.
    """

    history: tuple[EpochRecord, ...]
    classes: tuple[str, ...]
    filters: NDArray[np.floating[Any]] | None
    confusion: NDArray[np.int64]
    mistakes: tuple[Mistake, ...]


@dataclass(frozen=True)
class TrainResult:
    """How a training run ended."""

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
class Evaluation:
    """How a trained run does on images; ``opened`` counts how often the test set was looked at."""

    run: str
    dataset: str
    part: str
    images: int
    loss: float
    accuracy: float
    class_accuracies: Mapping[str, float]
    opened: int


@dataclass(frozen=True)
class Prediction:
    """The class a run gives one image file, with the probabilities of all classes."""

    file: str
    label: str
    probability: float
    probabilities: Mapping[str, float]


def plain(record: Any) -> Any:
    """Turn a record into what JSON can hold; numbers that are not finite become None."""
    if hasattr(record, "__dataclass_fields__"):
        return plain(asdict(record))
    if isinstance(record, Mapping):
        return {str(name): plain(value) for name, value in record.items()}
    if isinstance(record, list | tuple):
        return [plain(value) for value in record]
    if isinstance(record, float) and not isfinite(record):
        return None
    return record
