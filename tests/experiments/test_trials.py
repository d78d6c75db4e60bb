"""A trial is what the command itself would do with these settings, whoever does it."""

import pickle
from collections.abc import Callable, Iterator
from math import isnan
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cvtool.config.tuning import TuneSettings
from cvtool.datasets.opening import open_dataset
from cvtool.errors import DataError, UsageError
from cvtool.experiments import trial_data
from cvtool.experiments.trials import check_search, objective_of
from cvtool.records import TrialMoved, TrialRecord, finish
from cvtool.tuning.dimension import Choice, Range
from cvtool.tuning.space import Space
from cvtool.tuning.trial import Measured, Objective, Trial, attempt

Run = Callable[..., Any]

QUICK = {
    "cnn": {"arch": "conv3-4 + relu + maxpool2", "limit": 60, "batch_size": 16, "threads": 1},
    "linear": {"limit": 60, "batch_size": 16, "threads": 1},
    "knn": {"limit": 60, "threads": 1},
}


def settings(model: str = "cnn", **choices: Any) -> TuneSettings:
    return TuneSettings.from_dict({"model": model, **QUICK[model], **choices})


def objective(model: str = "cnn", **choices: Any) -> Objective:
    chosen = settings(model, **choices)
    return objective_of(chosen, open_dataset(chosen.model.dataset))


def trial(epochs: int = 2, seed: int = 0, stops_early: bool = False, **params: Any) -> Trial:
    return Trial(1, 7, params, epochs, seed, stops_early)


def told(objective: Objective, trial: Trial) -> tuple[list[TrialMoved], Measured]:
    """Do a trial; return how far it said it was, and what came of it."""
    moved: list[TrialMoved] = []
    return moved, finish(objective(trial), moved.append)


def measured(objective: Objective, trial: Trial) -> Measured:
    return told(objective, trial)[1]


@pytest.fixture(autouse=True)
def _forget_data() -> Iterator[None]:
    yield
    for cache in (trial_data._opened, trial_data._prepared, trial_data._compared):
        cache.cache_clear()


LEARNED = {
    "cnn": {"learning_rate": 0.02, "dropout": 0.2, "optimizer": "nesterov", "augment": "shift"},
    "linear": {"learning_rate": 0.1, "preprocess": "mean-image", "loss": "svm", "margin": 2.0},
}


@pytest.mark.parametrize("seed", [0, 3])
@pytest.mark.parametrize(("model", "command_name"), [("cnn", "train-cnn"), ("linear", "linear")])
def test_it_learns_to_the_last_bit_what_the_command_learns(
    command: Run, model: str, command_name: str, seed: int
) -> None:
    words = {**QUICK[model], **LEARNED[model], "epochs": 3, "seed": seed}
    flags = [f"--{name.replace('_', '-')}={value}" for name, value in words.items()]
    run = command(command_name, *flags, "--name", "run", "--json").json
    found = measured(objective(model, seed=seed), trial(3, seed, **LEARNED[model]))
    assert (found.outcome, found.reason, found.best_epoch) == ("finished", "", run["best_epoch"])
    assert found.val_accuracy == run["best_val_accuracy"]
    if found.best_epoch == 3:
        assert (found.train_loss, found.val_loss) == (run["train_loss"], run["val_loss"])


def test_another_seed_learns_otherwise_but_is_judged_on_the_same_images() -> None:
    tries = objective(seed=5)
    first, other = measured(tries, trial(seed=5)), measured(tries, trial(seed=6))
    assert first.train_loss != other.train_loss
    assert trial_data._prepared.cache_info().misses == 1


def test_it_says_how_far_it_is_after_every_step() -> None:
    moved, _ = told(objective(), trial(2))
    assert [each.done for each in moved] == [1, 2, 3, 4, 5, 6]
    assert {(each.stage, each.number, each.total) for each in moved} == {(1, 7, 6)}
    assert all(each.loss > 0 and 0 <= each.accuracy <= 1 for each in moved)


@pytest.mark.parametrize("model", QUICK)
def test_a_copy_of_it_measures_the_same(model: str) -> None:
    tries = objective(model)
    copy: Objective = pickle.loads(pickle.dumps(tries))
    assert repr(measured(copy, trial())) == repr(measured(tries, trial()))


def test_images_are_prepared_once_for_all_that_see_the_same() -> None:
    tries = objective()
    for params in ({"learning_rate": 0.1}, {"filters": 4}, {"augment": "flip"}, {"dropout": 0.5}):
        finish(attempt(tries, trial(1, **params)))
    assert trial_data._prepared.cache_info().misses == 1
    for preprocess in ("none", "mean-image", "none", "mean-image"):
        measured(tries, trial(1, preprocess=preprocess))
    assert trial_data._prepared.cache_info().misses == 3
    assert trial_data._opened.cache_info().misses == 1


def test_numbers_of_filters_may_be_numbers() -> None:
    chosen = {"limit": 60, "batch_size": 16, "m": 1, "n": 1, "k": 0}
    tries = objective_of(TuneSettings.from_dict(chosen), open_dataset("digits"))
    assert measured(tries, trial(1, filters=4)) == measured(tries, trial(1, filters="4"))


def test_what_contradicts_itself_breaks_a_trial_in_words() -> None:
    tries = objective()
    for params, words in (
        ({"augment": "flip", "preprocess": "pca-whiten"}, "--augment flips and shifts pixels"),
        ({"augment": "flip", "features": "color"}, "--augment changes pixels"),
        ({"arch": "maxpool2*9"}, "maxpool2"),
        ({"optimizer": "adem"}, "did you mean 'adam'?"),
        ({"filters": "8"}, "--arch already says all"),
    ):
        record: TrialRecord = finish(attempt(tries, trial(**params)))
        assert (record.outcome, words in record.reason) == ("broken", True), record.reason


RASH = {"learning_rate": 1e6, "optimizer": "sgd"}


def test_a_loss_that_explodes_is_divergence_with_a_reason() -> None:
    found = measured(objective(), trial(3, **RASH))
    assert found.outcome == "diverged"
    assert found.reason.startswith("the loss rose to ")
    assert isnan(found.val_accuracy)
    assert found.best_epoch == 0


def test_there_is_no_hope_without_steps() -> None:
    still = {"learning_rate": 0.0}
    found = measured(objective(), trial(20, stops_early=True, **still))
    assert (found.outcome, found.best_epoch) == ("stopped early", 1)
    assert found.reason.startswith("the loss does not move")
    assert found.val_accuracy >= 0
    assert measured(objective(), trial(20, **still)).outcome == "finished"


def test_patience_ends_a_trial_that_gets_no_better() -> None:
    moved, found = told(objective(patience=2), trial(50, learning_rate=0.0))
    assert (found.outcome, found.reason) == ("finished", "no better for 2 epochs")
    assert len(moved) == 9


NEIGHBORS = {"k": 3, "metric": "cosine", "preprocess": "standardize", "ties": "nearest"}


@pytest.mark.parametrize("folds", [None, 3])
def test_it_votes_as_knn_does(command: Run, folds: int | None) -> None:
    fixed = {} if folds is None else {"folds": folds}
    words = {**QUICK["knn"], **NEIGHBORS, **fixed, "seed": 4}
    flags = [f"--{name}={value}" for name, value in words.items()]
    best = command("knn", *flags, "--json").json["best"]
    moved, found = told(objective("knn", **fixed), trial(0, 4, **NEIGHBORS))
    assert found.val_accuracy == best["accuracy"]
    assert (found.outcome, found.best_epoch) == ("finished", 0)
    assert isnan(found.train_accuracy)
    assert isnan(found.val_loss)
    assert moved[-1].done == moved[-1].total


def test_voters_are_seen_once_for_all_numbers_of_them() -> None:
    tries = objective("knn")
    for k in (1, "3", 5):
        measured(tries, trial(0, k=k))
    assert trial_data._compared.cache_info().misses == 1
    measured(tries, trial(0, seed=1))
    assert trial_data._compared.cache_info().misses == 2


@pytest.mark.parametrize("params", [{"k": "1,3"}, {"metric": "l1, l2"}])
def test_one_trial_asks_one_question(params: dict[str, str]) -> None:
    [(name, value)] = params.items()
    with pytest.raises(UsageError, match="is more than one trial tries") as caught:
        measured(objective("knn"), trial(0, **params))
    assert f'"{name}={value.replace(", ", "|").replace(",", "|")}"' in str(caught.value)


def test_more_neighbors_than_images_break_a_trial() -> None:
    record: TrialRecord = finish(attempt(objective("knn"), trial(0, k=1000)))
    assert (record.outcome, "--k 1000 asks for more" in record.reason) == ("broken", True)


def _save(path: Path, seed: int) -> None:
    random = np.random.default_rng(seed)
    images = random.integers(0, 256, (40, 8, 8, 1), np.uint8)
    np.savez(path, x_train=images, y_train=np.arange(40) % 2)


@pytest.mark.parametrize("place", ["here.npz", "./here.npz"])
@pytest.mark.parametrize("model", QUICK)
def test_images_are_found_from_another_folder(
    model: str, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _save(tmp_path / "here.npz", 0)
    tries = objective(model, dataset=place)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert measured(tries, trial(1)).outcome == "finished"


def test_imported_images_are_found_from_another_folder(
    command: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _save(tmp_path / "here.npz", 0)
    assert command("data", "import", "here.npz", "--name", "mine").code == 0
    tries = objective(dataset="mine")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert measured(tries, trial(1)).outcome == "finished"


def test_choices_of_a_data_set_go_along() -> None:
    tries = objective(dataset="blobs:images=60,classes=2", arch="fc-4 + relu")
    assert measured(tries, trial(1)).outcome == "finished"


@pytest.mark.parametrize("model", QUICK)
def test_other_images_are_refused(model: str, tmp_path: Path) -> None:
    _save(tmp_path / "here.npz", 0)
    tries = objective(model, dataset="here.npz")
    _save(tmp_path / "here.npz", 1)
    with pytest.raises(DataError, match=r"are not those .* put the same data there"):
        measured(tries, trial(1))


def checked(*dimensions: Choice | Range, model: str = "cnn", **choices: Any) -> str:
    """Return what is wrong with a search, if anything is."""
    chosen = settings(model, **choices)
    try:
        check_search(chosen, Space(dimensions), open_dataset(chosen.model.dataset))
    except UsageError as error:
        return str(error)
    return ""


RATES = Range("learning_rate", 1e-5, 1e-1, log=True)
GOOD = [
    ("cnn", (RATES, Range("dropout", 0, 0.6), Choice("augment", ("none", "flip,shift")))),
    ("cnn", (Choice("arch", ("lenet", "resnet8")), Choice("loss", ("softmax", "svm")))),
    ("linear", (Range("strength", 1e-6, 1.0, log=True), Choice("preprocess", ("zca", "none")))),
    ("linear", (Range("margin", 0.5, 2.0), Choice("loss", ("svm", "squared-svm")))),
    ("knn", (Range("k", 1, 20, whole=True), Choice("metric", ("l1", "l2")))),
]


@pytest.mark.parametrize(("model", "dimensions"), GOOD)
def test_what_can_be_tried_may_be_searched(
    model: str, dimensions: tuple[Choice | Range, ...]
) -> None:
    assert checked(*dimensions, model=model) == ""


@pytest.mark.parametrize(
    ("model", "dimension", "sentence"),
    [
        ("cnn", Choice("optimizer", ("adam", "adem")), "--search optimizer=adem: --optimizer does"),
        ("cnn", Choice("filters", ("16",)), "--search filters=16: --arch already says"),
        ("cnn", Range("dropout", 0.0, 1.0), "--search dropout=1.0: --dropout takes"),
        ("cnn", Choice("arch", ("lenet", "fc-11")), "--search arch=fc-11: --arch ends in fc-11"),
        ("linear", Choice("features", ("color", "colr")), "--search features=colr: "),
        ("linear", Range("margin", 0.5, 2.0), "--search margin=0.5: --margin 0.5 is the svm's"),
        ("linear", Choice("augment", ("flip", "flop")), "--search augment=flop: "),
        ("knn", Range("k", 1, 500, whole=True), "--search k=500: --k 500 asks for more"),
        ("knn", Choice("k", ("1", "1,3")), "--search k=1,3: --k 1,3 is more than one"),
    ],
)
def test_what_cannot_be_tried_is_said_before(
    model: str, dimension: Choice | Range, sentence: str
) -> None:
    assert checked(dimension, model=model).startswith(sentence)


def test_a_drawing_of_what_is_wrong_keeps_its_lines() -> None:
    sentence, *drawing = checked(Choice("arch", ("lenet", "bogus"))).splitlines()
    assert sentence.startswith("--search arch=bogus: --arch: 'bogus' at position 1 is no layer")
    assert drawing == ["  bogus", "  ^^^^^"]


def test_what_is_fixed_is_blamed_itself() -> None:
    assert checked(RATES, arch="fc-11").startswith("--arch ends in fc-11")
    assert checked(RATES, model="knn", k="1,3").startswith("--k 1,3 is more than one")
