"""The best trials of a search over- or underfit, or do neither."""

from dataclasses import replace

import pytest
from reference.studies import record

from cvtool.config import KnnConfig, LinearConfig, TrainConfig
from cvtool.diagnostics.best_trials import fitting


def best(train, val):
    return [replace(record(0, val, rate=0.1), train_accuracy=train)]


@pytest.mark.parametrize(
    ("train", "val", "words"),
    [
        (0.99, 0.80, "they overfit"),
        (0.85, 0.80, "neither over- nor underfit"),
        (0.80, 0.80, "they underfit"),
        (0.96, 0.96, "neither over- nor underfit"),
        (0.112, 0.10, "they underfit"),
        (0.45, 0.20, "they overfit"),
    ],
)
@pytest.mark.parametrize("model", [TrainConfig(), LinearConfig()])
def test_the_gap_decides_unless_most_is_wrong_in_training(train, val, words, model):
    verdict = fitting(best(train, val), model)
    assert words in verdict.message
    assert verdict.ok == words.startswith("neither")


def test_nothing_is_said_where_nothing_is_learned():
    assert fitting([], TrainConfig()) is None
    assert fitting(best(0.9, 0.9), KnnConfig()) is None
