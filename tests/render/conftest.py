"""Records as experiments would yield them."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from cvtool.records import (
    Classified,
    EpochRecord,
    Findings,
    LayerRow,
    NetworkTable,
    Note,
    StepRecord,
    TrainResult,
    Verdict,
)

EPOCHS, STEPS = 3, 4


@pytest.fixture
def history() -> tuple[EpochRecord, ...]:
    losses = (0.9, 0.4, float("nan"))
    return tuple(
        EpochRecord(
            epoch, 1e-3, loss, 0.5 + 0.1 * epoch, 1.1 * loss, accuracy, 1.25, 1950.4, epoch < 3
        )
        for epoch, loss, accuracy in zip((1, 2, 3), losses, (0.5, 0.75, 0.7), strict=True)
    )


@pytest.fixture
def findings(history: tuple[EpochRecord, ...]) -> Findings:
    random = np.random.default_rng(0)
    return Findings(
        history=history,
        classes=("cat", "dog", "[bold]"),
        filters=random.normal(size=(3, 3, 3, 5)).astype(np.float32),
        confusion=np.array([[5, 1, 0], [0, 6, 0], [2, 0, 4]]),
        mistakes=tuple(
            Classified(random.integers(0, 256, (8, 8, 3), dtype=np.uint8), "cat", "dog", 0.9)
            for _ in range(3)
        ),
    )


@pytest.fixture
def network() -> NetworkTable:
    rows = (
        LayerRow(
            "conv1", "conv3-8", (8, 8, 8), "(8 − 3 + 2·1)/1 + 1 = 8", 0, 0, 80, 3, 4608, 2048, 576
        ),
        LayerRow("pool1", "maxpool3", (3, 3, 8), "(8 − 3)/2 + 1 = 3", 1, 1, 0, 5, 0, 288, 0),
    )
    return NetworkTable("conv3-8 + maxpool3", (8, 8, 1), 64, "softmax", rows, 80, 4608, 2336, 576)


@pytest.fixture
def result(tmp_path: Any) -> TrainResult:
    return TrainResult(
        run=str(tmp_path / "[red]run"),
        outcome="finished",
        dataset="my [pets]",
        arch="conv3-8 + maxpool3 + fc-3 + softmax",
        seed=7,
        epochs=3,
        parameters=1_250_000,
        train_images=1437,
        val_images=360,
        train_loss=0.0123,
        train_accuracy=0.998,
        val_loss=float("nan"),
        val_accuracy=0.7,
        best_val_accuracy=0.983,
        best_epoch=2,
        images_per_second=1950.4,
        seconds=125.0,
        weights_checksum="9f86d081",
        verdicts=(
            Verdict("loss changes", True, 0.9, "the loss fell"),
            Verdict("generalizes", False, 0.3, "overfits, try --strength 0.001"),
        ),
    )


@pytest.fixture
def records(
    history: tuple[EpochRecord, ...],
    findings: Findings,
    network: NetworkTable,
    result: TrainResult,
) -> Iterator[Any]:
    """Yield a whole run; the stream saves, and says so, when it is interrupted."""

    def stream() -> Iterator[Any]:
        yield Note("compiling [once]")
        yield network
        try:
            for epoch in history:
                for step in range(1, STEPS + 1):
                    yield StepRecord(epoch.epoch, EPOCHS, step, STEPS, 0.5, 0.9, 1950.4)
                yield epoch
            yield findings
            yield result
        except KeyboardInterrupt:
            yield Note("saved")
            yield type(result)(**{**vars(result), "outcome": "interrupted"})

    return stream()
