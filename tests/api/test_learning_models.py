"""Models that learn: the same bits as the commands, and nothing written unless asked for."""

import json
from math import inf
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import cvtool
from cvtool.config import LinearConfig, TrainConfig
from cvtool.datasets.embedded.digits import digits
from cvtool.errors import DataError, UsageError
from cvtool.experiments import evaluate as evaluating
from cvtool.experiments import linear, train_cnn
from cvtool.records import (
    EpochRecord,
    Findings,
    HeatMap,
    LinearResult,
    StepRecord,
    TrainResult,
)
from cvtool.runs import RunFolder
from cvtool.runs.pictures import kept_pictures

CNN = {"arch": "conv3-4 + bn + relu + maxpool2 + dropout0.2 + fc-8 + relu"}
QUICK: dict[str, Any] = {"limit": 90, "epochs": 2, "batch_size": 16, "threads": 1}
TIMES = {"run", "seconds", "images_per_second"}


@pytest.fixture(scope="module")
def data() -> cvtool.Data:
    return cvtool.load_data("digits")


def untimed(result: TrainResult) -> dict[str, Any]:
    return {name: value for name, value in vars(result).items() if name not in TIMES}


@pytest.mark.parametrize("augment", ["none", "shift"])
def test_a_network_learns_what_the_command_learns(data: cvtool.Data, augment: str) -> None:
    settings = {**CNN, **QUICK, "seed": 3, "augment": augment}
    *_, told = train_cnn.train(TrainConfig(**settings, name="told"))
    model = cvtool.build(data, **settings)
    result = cvtool.fit(model)
    assert isinstance(told, TrainResult)
    assert untimed(result) == untimed(told)
    *_, seen = evaluating.evaluate("told", test=False)
    mine = cvtool.evaluate(model)
    assert {**vars(mine), "run": seen.run} == vars(seen)
    assert cvtool.evaluate(cvtool.load("told")) == seen


@pytest.mark.parametrize(
    "settings",
    [{}, {"loss": "svm"}, {"features": "hog:cell=4"}, {"preprocess": "zca"}, {"grid": True}],
    ids=str,
)
def test_a_matrix_learns_what_the_command_learns(
    data: cvtool.Data, settings: dict[str, Any]
) -> None:
    *_, told = linear.train(LinearConfig(**settings, **QUICK, name="told"))
    result = cvtool.fit(cvtool.build(data, model="linear", **settings, **QUICK))
    assert isinstance(told, TrainResult)
    assert untimed(result) == untimed(told)


def test_arrays_learn_what_the_data_set_by_name_learns(data: cvtool.Data) -> None:
    test = digits().test
    assert test is not None
    train = data.train.images[..., 0], data.train.labels
    same = cvtool.load_data(*train, test=(test.images, test.labels))
    one, other = (cvtool.build(each, model="linear", **QUICK) for each in (data, same))
    assert cvtool.fit(one).weights_checksum == cvtool.fit(other).weights_checksum
    scores = [cvtool.evaluate(each, test=True).accuracy for each in (one, other)]
    assert scores[0] == scores[1]


def test_nothing_is_written_and_nothing_printed(
    data: cvtool.Data, capsys: pytest.CaptureFixture[str]
) -> None:
    model = cvtool.build(data, **CNN, **QUICK)
    cvtool.fit(model)
    cvtool.evaluate(model, test=True)
    cvtool.predict(model, data.train.images[:3])
    assert [*Path().iterdir()] == []
    assert capsys.readouterr() == ("", "")


def test_a_name_keeps_the_run_as_the_command_does(data: cvtool.Data) -> None:
    *_, told = train_cnn.train(TrainConfig(**CNN, **QUICK, name="told"))
    model = cvtool.build(data, **CNN, **QUICK, name="mine")
    result = cvtool.fit(model)
    folder = Path("runs/mine")
    assert json.loads((folder / "result.json").read_text())["run"] == result.run == str(folder)
    for name in ("config.toml", "checkpoint/best.safetensors"):
        assert (folder / name).exists()
    assert (folder / "config.toml").read_text() == Path("runs/told/config.toml").read_text()
    assert cvtool.evaluate(model, test=True).opened == 1
    kept = cvtool.load("mine")
    assert cvtool.evaluate(kept, test=True).opened == 2
    assert cvtool.evaluate(kept).accuracy == result.best_val_accuracy
    assert cvtool.predict(kept, data.train.images[:9]) == cvtool.predict(
        model, data.train.images[:9]
    )
    with pytest.raises(UsageError, match="there is a run 'mine' already"):
        cvtool.fit(cvtool.build(data, **CNN, **QUICK, name="mine"))
    assert isinstance(told, TrainResult)


def test_what_settings_were_chosen_by_is_kept_too(data: cvtool.Data) -> None:
    *_, told = linear.train(LinearConfig(grid=True, **QUICK, name="told"))
    cvtool.fit(cvtool.build(data, model="linear", grid=True, **QUICK, name="mine"))
    kept, wanted = (kept_pictures(RunFolder.open(name).pictures) for name in ("mine", "told"))
    assert isinstance(told, TrainResult)
    assert [type(each) for each in kept] == [type(each) for each in wanted]
    assert HeatMap in map(type, kept)


def test_looks_at_the_test_set_before_a_run_began_are_written_down(data: cvtool.Data) -> None:
    model = cvtool.build(data, model="linear", **QUICK, name="mine")
    assert cvtool.evaluate(model, test=True).opened == 1
    cvtool.fit(model)
    assert cvtool.evaluate(model).opened == 1
    assert cvtool.evaluate(cvtool.load("mine"), test=True).opened == 2


def test_epochs_are_told_as_they_happen_with_the_weights_of_that_moment(
    data: cvtool.Data,
) -> None:
    told: list[Any] = []
    model = cvtool.build(data, model="linear", **{**QUICK, "epochs": 5, "learning_rate": 0.2})
    weights = []
    for record in cvtool.epochs(model, tell=told.append):
        assert cvtool.evaluate(model).accuracy == record.val_accuracy
        weights.append(model.network.checksum())
    assert len({*weights}) == 5
    assert tuple(each for each in told if isinstance(each, EpochRecord)) == model.history
    assert {StepRecord, Findings, LinearResult} <= {*map(type, told)}
    best = [each.epoch for each in model.history if each.best][-1]
    assert model.network.checksum() == weights[best - 1]
    assert model.result is not None
    assert model.result.weights_checksum == weights[-1]


def test_a_loop_that_was_left_goes_on_to_the_same_bits(data: cvtool.Data) -> None:
    settings = {**CNN, **QUICK, "epochs": 4}
    whole, parts = (cvtool.build(data, **settings) for _ in range(2))
    expected = cvtool.fit(whole)
    for record in cvtool.epochs(parts):
        if record.epoch == 2:
            break
    assert (len(parts.history), parts.result) == (2, None)
    assert untimed(cvtool.fit(parts)) == untimed(expected)


class _EnoughError(Exception):
    pass


@pytest.mark.parametrize("steps", [1, 3, 5, 8], ids=lambda steps: f"after {steps} steps")
def test_whoever_watches_may_stop_it_at_any_step(data: cvtool.Data, steps: int) -> None:
    settings = {**CNN, **QUICK}  # of five steps an epoch
    expected = cvtool.fit(cvtool.build(data, **settings))
    model = cvtool.build(data, **settings)
    seen = []

    def stop(record: Any) -> None:
        seen.append(record)
        if sum(isinstance(each, StepRecord) for each in seen) == steps:
            raise _EnoughError

    with pytest.raises(_EnoughError):
        cvtool.fit(model, tell=stop)
    cvtool.evaluate(model)
    result = cvtool.fit(model)
    assert result.weights_checksum == expected.weights_checksum
    assert result.val_loss == expected.val_loss


def test_who_has_learned_to_the_end_does_not_go_on(data: cvtool.Data) -> None:
    model = cvtool.build(data, model="linear", **QUICK)
    cvtool.fit(model)
    with pytest.raises(UsageError, match=r"to its end \(finished after 2 of 2 epochs\)"):
        cvtool.fit(model)


def test_a_loss_that_explodes_is_told(data: cvtool.Data) -> None:
    rash = {"learning_rate": 1e6, "optimizer": "sgd", "init": "he"}
    model = cvtool.build(data, model="linear", **QUICK, **rash)
    result = cvtool.fit(model)
    assert result.outcome == "diverged"
    assert any("too large" in each.message for each in result.verdicts if not each.ok)
    assert cvtool.evaluate(model).loss < inf


def test_patience_stops_a_model(data: cvtool.Data) -> None:
    model = cvtool.build(data, model="linear", **{**QUICK, "epochs": 50, "patience": 1})
    assert cvtool.fit(model).outcome == "stopped early"
    assert len(model.history) < 50


def test_predictions_of_an_array_are_those_of_the_validation_images(data: cvtool.Data) -> None:
    model = cvtool.build(data, model="linear", **QUICK)
    cvtool.fit(model)
    test = data.test
    assert test is not None
    told = cvtool.predict(model, test.images)
    right = [
        data.classes[label] == each.label for label, each in zip(test.labels, told, strict=True)
    ]
    assert np.mean(right) == pytest.approx(cvtool.evaluate(model, test=True).accuracy)
    assert [each.file for each in told[:3]] == ["0", "1", "2"]
    assert told[0].probability == max(told[0].probabilities.values())
    assert cvtool.predict(model, test.images[..., 0].astype(int)) == told


def test_models_say_what_they_are(data: cvtool.Data) -> None:
    model = cvtool.build(data, **CNN, **QUICK)
    assert "0 of 2 epochs>" in repr(model)
    cvtool.fit(model)
    assert "2 of 2 epochs, best validation accuracy" in repr(model)
    assert repr(data) == (
        "<Data digits: 1,500 train and 297 test images of 8×8×1 uint8, 10 classes>"
    )


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"epoch": 3}, "has no setting 'epoch': did you mean 'epochs'"),
        ({"epochs": 0}, "--epochs takes a number of at least 1, not 0"),
        ({"epochs": "five"}, "'epochs' takes a whole number, not 'five'"),
        ({"arch": "maxpol2"}, "maxpol2"),
        ({"optimizer": "adm"}, "--optimizer does not know 'adm': did you mean 'adam'"),
        ({"dataset": "digits"}, "'dataset' belongs to load_data"),
        (
            {"keep_every": 2},
            "'keep_every' keeps checkpoints in the folder of a run: give the run a",
        ),
        ({"model": "svm"}, "'model' is one of cnn, linear, knn, not 'svm'"),
        ({"model": "knn", "folds": 5}, "'folds' is for the command, as in 'knn --folds'"),
        ({"model": "knn", "k": "1,3"}, "one model has one 'k', not 1,3"),
        ({"model": "knn", "k": 2.5}, "not '2.5'"),
        ({"augment": "flip", "features": "hog:cell=4"}, "leave one of them out"),
    ],
)
def test_settings_that_cannot_be_are_named(
    data: cvtool.Data, settings: dict[str, Any], words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        cvtool.build(data, **settings)


def test_numbers_of_numpy_are_numbers(data: cvtool.Data) -> None:
    settings = {"epochs": np.int64(2), "learning_rate": np.float64(0.1), "patience": None}
    model = cvtool.build(data, model="linear", **settings)
    assert (model.config.epochs, type(model.config.epochs)) == (2, int)


@pytest.mark.parametrize(
    ("image", "words"),
    [
        (np.zeros((8, 8, 1), np.uint8), r"pass images\[np.newaxis\]"),
        (np.zeros((8, 8), np.uint8), r"reshape\(-1, height, width\)"),
        (np.zeros((2, 9, 8), np.uint8), "images are 9×8×1, but the model is of 8×8×1 images"),
        (np.zeros((2, 8, 8), np.float32), "knows whole numbers from 0 to 255"),
        (np.zeros((0, 8, 8), np.uint8), "give at least one image"),
        (np.full((1, 8, 8), np.nan), "finite floats"),
        ([[1, 2], [3]], "make all rows alike"),
        ("there.png", "there.png"),
        ([], "reshape it|at least one"),
    ],
)
def test_images_that_do_not_fit_are_told(data: cvtool.Data, image: Any, words: str) -> None:
    model = cvtool.build(data, model="linear", **QUICK)
    with pytest.raises(DataError, match=words):
        cvtool.predict(model, image)


def test_bytes_are_not_taken_for_floats() -> None:
    images = np.random.default_rng(0).random((20, 4, 4))
    model = cvtool.build(cvtool.load_data(images, np.arange(20) % 2), model="linear", epochs=1)
    with pytest.raises(DataError, match="knows floats, which are taken as they are"):
        cvtool.predict(model, np.zeros((1, 4, 4), np.uint8))
    assert len(cvtool.predict(model, images[:2].astype(np.float32))) == 2


@pytest.mark.parametrize("verb", [cvtool.fit, cvtool.evaluate])
def test_verbs_take_models(data: cvtool.Data, verb: Any) -> None:
    with pytest.raises(UsageError, match="takes what build or load returns, not a Data"):
        verb(data)
    with pytest.raises(UsageError, match="build takes what load_data returns, not 'digits'"):
        cvtool.build("digits")  # type: ignore[arg-type]


def test_what_is_kept_learns_no_more(data: cvtool.Data) -> None:
    cvtool.fit(cvtool.build(data, model="linear", **QUICK, name="mine"))
    with pytest.raises(UsageError, match="go on with it by --resume, or build anew"):
        cvtool.fit(cvtool.load("mine"))
    with pytest.raises(DataError, match="there is no run 'mien': did you mean 'mine'"):
        cvtool.load("mien")
