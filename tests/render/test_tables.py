"""Tables say all there is to say, at any width, and take names as they are."""

from dataclasses import replace
from typing import Any

import pytest
from render.writing import written

from cvtool.records import Evaluation, NetworkTable, Prediction, TrainResult
from cvtool.render import show
from cvtool.render.network_table import network_table
from cvtool.render.result_table import result_table
from cvtool.render.score_tables import evaluation_table, predictions_table


def test_result_says_what_came_of_the_run(result: TrainResult) -> None:
    text = written(result_table(result), 160)
    for words in (
        "finished · ",
        "[red]run",
        "my [pets], seed 7",
        "conv3-8 + maxpool3 + fc-3 + softmax",
        "1.25 M",
        "2 min 05 s at 1,950 images/s",
        "0.0123",
        "99.8 %",
        "nan",
        "98.3 %",
        "best, epoch 2",
        "✓  loss changes",
        "✗  generalizes",
        "try --strength 0.001",
    ):
        assert words in text
    assert "--resume" not in text


@pytest.mark.parametrize("outcome", ["interrupted", "time limit"])
def test_an_unfinished_run_says_how_to_go_on(result: TrainResult, outcome: Any) -> None:
    text = written(result_table(replace(result, outcome=outcome, run="runs/mine")))
    assert "cvtool train-cnn --resume runs/mine" in text
    assert "cvtool report" not in text


def test_a_finished_run_names_what_shows_it_and_what_explains_it(result: TrainResult) -> None:
    text = written(result_table(replace(result, run="runs/mine")))
    assert "all on one page:     cvtool report mine --open" in text
    assert "what a check means:  cvtool explain generalizes" in text
    well = tuple(replace(verdict, ok=True) for verdict in result.verdicts)
    assert "explain" not in written(result_table(replace(result, verdicts=well)))
    assert "cvtool report" not in written(result_table(replace(result, outcome="diverged")))


@pytest.mark.parametrize("width", [80, 100, 160])
def test_layer_table_shows_shapes_and_costs(network: NetworkTable, width: int) -> None:
    text = written(network_table(network, width), width)
    for words in (
        "8×8×1 images, 64 a step, softmax loss",
        "(8 − 3 + 2·1)/1 + 1 = 8",
        "1 row, 1 column",
        "5×5",
        "4,608",
        "2.0 kB",
        "576 B",
        "total",
    ):
        assert words in text
    assert "…" not in text


@pytest.mark.parametrize("width", [40, 56, 80, 120])
def test_no_line_is_longer_than_the_terminal(
    result: TrainResult, network: NetworkTable, width: int
) -> None:
    for table in (result_table(result), network_table(network, width)):
        assert all(len(line) <= width for line in written(table, width).splitlines())


def test_evaluation_warns_of_a_test_set_looked_at_before() -> None:
    once = Evaluation("runs/mine", "digits", "test", 297, 0.1, 0.973, {"0": 1.0, "1": 0.5}, 1)
    assert "97.3 % of 297 test images of digits" in written(evaluation_table(once))
    assert "for the first time" in written(evaluation_table(once))
    assert "opened 3 times" in written(evaluation_table(replace(once, opened=3)))
    assert "opened" not in written(evaluation_table(replace(once, part="validation")))


def test_predictions_are_ranked() -> None:
    prediction = Prediction("a.png", "cat", 0.6, {"dog": 0.3, "cat": 0.6, "[emu]": 0.1})
    text = written(predictions_table([prediction], 2))
    assert text.index("cat") < text.index("dog")
    assert "[emu]" not in text
    assert "[emu]" in written(predictions_table([prediction], 3))


def test_showing_prints_tables_on_stdout(
    result: TrainResult, network: NetworkTable, capsys: pytest.CaptureFixture[str]
) -> None:
    for record in (result, network):
        show(record, as_json=False)
        out, err = capsys.readouterr()
        assert "conv3-8 + maxpool3" in out
        assert err == ""
