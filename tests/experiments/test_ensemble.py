"""``ensemble``: several networks decide together, on images that all of them were kept from."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from reference import ensembles as reference

from cvtool.datasets.opening import open_dataset
from cvtool.diagnostics.intervals import paired_difference, wilson
from cvtool.diagnostics.mcnemar import mcnemar
from cvtool.errors import DataError, UsageError
from cvtool.experiments.ensemble import ensemble
from cvtool.experiments.preparation import split_as_configured
from cvtool.experiments.trained import bring_back
from cvtool.records import Ensemble
from cvtool.runs import RunFolder
from cvtool.training.evaluation import score

Run = Callable[..., Any]

SEEDS = ("0", "1", "2")


@pytest.fixture
def three(train: Run) -> list[str]:
    """Three networks that began with other weights, and hold the same images out."""
    names = [f"net-{seed}" for seed in SEEDS]
    for name, seed in zip(names, SEEDS, strict=True):
        words = ("--seed", seed, "--split-seed", "0", "--epochs", "3", "--keep-every", "2")
        train(*words, "--learning-rate", "0.01", "--name", name)
    return names


def together(*names: str, **options: bool) -> Ensemble:
    *_, result = ensemble(names, **options)
    assert isinstance(result, Ensemble)
    return result


def test_it_is_what_the_slow_twin_says(three: list[str], command: Run) -> None:
    found = command("ensemble", *three, "--json").json
    trained = [bring_back(name) for name in three]
    dataset = open_dataset("digits")
    images = split_as_configured(trained[0].config, dataset).validation
    alone = [score(each.network, each.batches(images), 5) for each in trained]
    labels = images.labels.tolist()
    shares = [[reference.softmax(row) for row in each.scores.tolist()] for each in alone]
    mean = np.array(reference.mean(shares))
    right = mean.argmax(axis=1) == labels
    assert (found["dataset"], found["part"], found["images"]) == ("digits", "validation", 12)
    assert found["accuracy"] == right.mean()
    assert found["interval"] == list(wilson(int(right.sum()), 12))
    assert found["loss"] == pytest.approx(reference.loss(shares, labels), rel=1e-9)
    assert [each["accuracy"] for each in found["members"]] == [each.accuracy for each in alone]
    assert [each["loss"] for each in found["members"]] == pytest.approx(
        [each.loss for each in alone]
    )
    assert found["mean_accuracy"] == pytest.approx(np.mean([each.accuracy for each in alone]))
    assert found["agreement"] == reference.agreement([each.predictions for each in alone])
    best = max(alone, key=lambda each: (each.accuracy, -each.loss))
    assert found["best"] == found["members"][alone.index(best)]
    only_best, only_all = int((best.right & ~right).sum()), int((right & ~best.right).sum())
    assert (found["only_best"], found["only_ensemble"]) == (only_best, only_all)
    assert found["difference"] == pytest.approx(right.mean() - best.accuracy)
    assert found["difference_interval"] == list(paired_difference(only_best, only_all, 12))
    assert found["p_value"] == mcnemar(only_best, only_all)
    assert (found["opened"], found["warnings"]) == (0, [])


def test_members_are_measured_as_evaluate_measures_them(three: list[str], command: Run) -> None:
    evaluated = [command("evaluate", name, "--json").json for name in three]
    for member, alone in zip(together(*three).members, evaluated, strict=True):
        assert (member.run, member.accuracy) == (alone["run"], alone["accuracy"])
        assert member.loss == pytest.approx(alone["loss"], rel=1e-12)
        assert member.checkpoint == "best"


def test_the_order_of_runs_changes_nothing_but_their_order(three: list[str]) -> None:
    found = {
        frozenset((name, str(value)) for name, value in vars(each).items() if name != "members")
        for each in (together(*three), together(*reversed(three)), together(*three[1:], three[0]))
    }
    assert len(found) == 1


@pytest.mark.usefixtures("three")
def test_a_run_named_twice_is_a_member_once() -> None:
    paths = (str(Path("runs/net-0")), str(Path("runs/net-0").absolute()))
    assert together("net-0", *paths, "net-1").members == together("net-0", "net-1").members
    with pytest.raises(UsageError, match="takes two runs or more, not net-0 alone"):
        together("net-0", *paths)


@pytest.mark.usefixtures("three")
def test_a_copy_of_a_network_adds_nothing() -> None:
    shutil.copytree("runs/net-0", "runs/copy")
    found = together("net-0", "copy")
    one, other = found.members
    assert found.accuracy == one.accuracy == other.accuracy
    assert found.loss == pytest.approx(one.loss, rel=1e-12)
    assert (found.agreement, found.p_value) == (1.0, 1.0)
    assert found.verdict == "the ensemble is right on the very same images as its best member alone"


def test_checkpoints_are_members_and_no_epoch_twice(train: Run) -> None:
    for every, name in ((1, "all"), (2, "some")):
        words = ("--epochs", "3", "--learning-rate", "0.01", "--keep-every", str(every))
        train(*words, "--name", name)
    best = bring_back("all").epoch
    found = together("all", checkpoints=True)
    assert [each.epoch for each in found.members] == [1, 2, 3]
    assert [each.checkpoint for each in found.members] == [f"epoch-000{n}" for n in (1, 2, 3)]
    assert found.best.epoch == best
    some = {each.epoch: each.checkpoint for each in together("some", checkpoints=True).members}
    assert some == {best: "best", 2: "epoch-0002"}


def test_checkpoints_of_several_runs(three: list[str]) -> None:
    found = together(*three, checkpoints=True)
    assert {Path(each.run).name for each in found.members} == set(three)
    assert len(found.members) > len(three)


def test_a_run_without_checkpoints_says_how_to_get_some(train: Run, command: Run) -> None:
    train("--name", "bare")
    ending = command("ensemble", "bare", "--checkpoints")
    assert (ending.code, ending.out) == (2, "")
    assert "bare has kept no checkpoints: train it with --keep-every 5" in ending.sentence
    train("--name", "one", "--keep-every", "1")
    ending = command("ensemble", "one", "--checkpoints")
    assert (ending.code, ending.out) == (2, "")
    assert "one has kept epoch-0001 alone, its best epoch" in ending.sentence


def test_the_test_set_is_opened_once_by_every_run(three: list[str], command: Run) -> None:
    command("evaluate", "net-1", "--test")
    ending = command("ensemble", *three, "--test")
    assert "opened 2 times by one of these runs" in ending.out
    assert [RunFolder.open(name).test_openings() for name in three] == [1, 2, 1]
    found = together(*three, checkpoints=True, test=True)
    assert (found.part, found.images, found.opened) == ("test", 297, 3)
    assert [RunFolder.open(name).test_openings() for name in three] == [2, 3, 2]


def test_where_an_opening_cannot_be_written_down_nothing_is_shown(
    three: list[str], command: Run
) -> None:
    Path("runs/net-2/test-openings.txt").mkdir()
    ending = command("ensemble", *three, "--test")
    assert (ending.code, ending.out) == (3, "")
    assert "test-openings.txt" in ending.sentence


def test_the_best_member_is_not_chosen_on_test_images(three: list[str]) -> None:
    on_validation = together(*three).best
    on_test = together(*three, test=True)
    assert (on_test.best.run, on_test.best.epoch) == (on_validation.run, on_validation.epoch)
    worst = min(on_test.members, key=lambda each: each.accuracy)
    lines = Path(worst.run, "metrics.jsonl").read_text().splitlines()
    epochs = [{**json.loads(line), "val_accuracy": 1.0} for line in lines]
    Path(worst.run, "metrics.jsonl").write_text("".join(json.dumps(e) + "\n" for e in epochs))
    assert together(*three, test=True).best == worst
    Path(worst.run, "metrics.jsonl").write_text("")
    with pytest.raises(DataError, match="has no line of epoch"):
        together(*three, test=True)
    assert Path(worst.run, "test-openings.txt").read_text().count("\n") == 2


def test_without_test_images_nothing_is_written_down(train: Run, command: Run) -> None:
    images = np.random.default_rng(0).integers(0, 255, (40, 8, 8, 1), np.uint8)
    np.savez("mine.npz", x_train=images, y_train=np.arange(40) % 4)
    for name in ("a", "b"):
        train("--dataset", "mine.npz", "--name", name)
    ending = command("ensemble", "a", "b", "--test")
    assert (ending.code, ending.out) == (3, "")
    assert "has no test images: leave --test out" in ending.sentence
    assert RunFolder.open("a").test_openings() == 0
    np.savez("mine.npz", x_train=images[::-1], y_train=np.arange(40) % 4)
    ending = command("ensemble", "a", "b")
    assert (ending.code, ending.out) == (3, "")
    assert "mine.npz has changed since" in ending.sentence


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--seed", "1"), "they differ in --seed; train b anew with --split-seed 0"),
        (("--split-seed", "1"), "they differ in --split-seed; train b anew with --split-seed 0"),
        (
            ("--val-fraction", "0.3", "--limit", "80", "--seed", "2"),
            "they differ in --seed and --val-fraction and --limit; train b anew with "
            "--split-seed 0 and --val-fraction 0.2 and --limit 60",
        ),
        (("--dataset", "shapes:images=60,size=8"), "a and b learned from other images: digits and"),
    ],
)
def test_other_images_are_refused(train: Run, command: Run, words: Any, reason: str) -> None:
    train("--name", "a")
    train("--name", "b", *words)
    ending = command("ensemble", "a", "b")
    assert (ending.code, ending.out) == (2, "")
    assert reason in ending.sentence
    if "digits" not in reason:  # of the test images no one has seen any
        assert command("ensemble", "a", "b", "--test").code == 0


def test_other_names_of_classes_are_refused(train: Run, command: Run) -> None:
    train("--name", "a")
    train("--name", "b", "--learning-rate", "0.01")
    facts = Path("runs/b/environment.json")
    facts.write_text(facts.read_text().replace('"0"', '"zero"'))
    ending = command("ensemble", "a", "b")
    assert (ending.code, ending.out) == (2, "")
    assert "a and b learned other classes: 0, 1" in ending.sentence


def test_a_matrix_and_a_network_decide_together(train: Run, command: Run) -> None:
    train("--name", "net")
    words = ("--limit", "60", "--epochs", "2", "--threads", "1")
    command("linear", *words, "--name", "matrix", "--learning-rate", "0.1")
    command("linear", *words, "--name", "svm", "--loss", "svm")
    assert together("net", "matrix").warnings == ()
    (warning,) = together("net", "matrix", "svm").warnings
    assert warning.startswith("svm learned by an SVM loss, whose scores are no probabilities")
    assert "!  svm learned by" in command("ensemble", "net", "svm").out


def test_wrong_words_are_told(train: Run, command: Run) -> None:
    train("--name", "a", "--keep-every", "1")
    command("knn", "--limit", "60", "--name", "near", "--threads", "1")
    for words, code, reason in (
        (("a",), 2, "let its checkpoints decide by --checkpoints"),
        (("a", "near"), 3, "near is of knn"),
        (("a", "aa"), 3, "there is no run 'aa'"),
        ((), 2, "missing argument"),
    ):
        ending = command("ensemble", *words)
        assert (ending.code, ending.out) == (code, "")
        assert reason in ending.sentence
    shutil.copytree("runs/a", "runs/b")
    Path("runs/b/checkpoint/best.safetensors").write_bytes(b"x" * 99)
    ending = command("ensemble", "a", "b")
    assert (ending.code, ending.out) == (3, "")
    assert "is not a whole checkpoint" in ending.sentence
