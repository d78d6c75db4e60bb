"""Whatever is drawn of a run stays in its folder, as it was drawn, however the run ends."""

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from reference.processes import KilledError
from reference.sameness import is_same
from safetensors.numpy import save_file

import cvtool.render.plots
from cvtool.experiments import training_run
from cvtool.records import Findings
from cvtool.runs import RunFolder
from cvtool.runs.pictures import kept_pictures

Run = Any

QUICK = ("--limit", "60", "--threads", "1", "--name", "mine")
LEARN = (*QUICK, "--epochs", "1", "--batch-size", "16")
COMMANDS = {
    "network": ("train-cnn", *LEARN, "--arch", "conv3-4 + relu + maxpool2"),
    "whitened": ("train-cnn", *LEARN, "--arch", "fc-8 + relu", "--preprocess", "zca"),
    "plane": ("train-cnn", *LEARN, "--dataset", "spiral", "--arch", "fc-8 + relu"),
    "matrix": ("linear", *LEARN),
    "grid": ("linear", *LEARN, "--grid"),
    "lines": ("linear", *LEARN, "--dataset", "blobs"),
    "neighbors": ("knn", *QUICK, "--k", "1,3", "--folds", "3", "--explain"),
    "places": ("knn", *QUICK, "--dataset", "spiral", "--k", "1"),
    "study": (
        *("tune", "--limit", "60", "--threads", "1", "--study", "mine", "--random", "3"),
        *("--arch", "fc-8 + relu", "--epochs", "1", "--workers", "1"),
    ),
    "checked": ("sanity-check", *QUICK, "--arch", "fc-8 + relu"),
    "shown": ("data", "show", "shapes:images=40,size=8", "--augmented", "--name", "mine"),
    "points": ("data", "show", "blobs", "--name", "mine"),
}


@pytest.fixture(autouse=True)
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Remember what is drawn, in order, and whether the run had been kept and ended by then."""
    pictures: list[Any] = []
    monkeypatch.setattr(cvtool.render.plots, "draw", lambda each, _: pictures.append(each))
    monkeypatch.setattr(
        cvtool.render.plots, "draw_pictures", lambda given, _: pictures.extend(given)
    )
    return pictures


def kept(name: str = "mine") -> tuple[Any, ...]:
    return kept_pictures(RunFolder.open(name).pictures)


def names(seen: Any) -> list[str]:
    return sorted(getattr(each, "name", "findings") for each in seen)


def by_name(seen: Any) -> dict[str, Any]:
    return {getattr(each, "name", "findings"): each for each in seen}


@pytest.mark.parametrize("what", COMMANDS)
def test_all_that_is_drawn_is_kept(command: Run, drawn: list[Any], what: str) -> None:
    ending = command(*COMMANDS[what], "--json")
    assert ending.code in (0, 4), ending.err
    assert drawn
    found = by_name(kept())
    assert names(drawn) == sorted(found)
    assert all(is_same(each, found[name]) for name, each in by_name(drawn).items())


def test_what_a_check_of_data_shows_is_kept(
    command: Run, drawn: list[Any], draw_image: Run
) -> None:
    for number in range(6):
        draw_image(Path("photos", "cat", f"{number}.png"), 9 * number)
        draw_image(Path("photos", "dog", f"{number}.png"), 100 + 9 * number)
    Path("photos/dog/again.png").write_bytes(Path("photos/cat/1.png").read_bytes())
    assert command("data", "check", "photos", "--name", "mine", "--threads", "1").code == 4
    assert drawn
    assert is_same(kept(), tuple(drawn))


def test_a_run_with_nothing_to_be_seen_says_so_by_an_empty_file(command: Run) -> None:
    assert command("data", "check", "shapes:images=20,size=8", "--name", "mine").code in (0, 4)
    assert RunFolder.open("mine").pictures.exists()
    assert kept() == ()


def test_examples_are_validation_images_by_class_and_confidence(train: Run) -> None:
    train("--name", "mine", "--limit", "300")
    (found,) = kept()
    assert isinstance(found, Findings)
    pairs = [
        (found.classes.index(e.label), found.classes.index(e.predicted)) for e in found.examples
    ]
    assert pairs == sorted(pairs)
    for pair in {*pairs}:
        own = [e for e, of in zip(found.examples, pairs, strict=True) if of == pair]
        assert len(own) == min(6, found.confusion[pair])
        assert [e.probability for e in own] == sorted((e.probability for e in own), reverse=True)
    assert {*pairs} == {tuple(place) for place in np.argwhere(found.confusion).tolist()}
    surest = max((e for e in found.examples if e.label != e.predicted), key=lambda e: e.probability)
    worst = found.mistakes[0]
    assert surest.probability == worst.probability
    assert (surest.image == worst.image).all()


def test_examples_are_the_same_every_time(train: Run) -> None:
    for name in ("one", "two"):
        train("--name", name)
    paths = [RunFolder.open(name).pictures for name in ("one", "two")]
    examples = [kept_pictures(path)[0].examples for path in paths]
    assert is_same(*examples)


def test_examples_of_large_images_are_small_and_few(train: Run, drawn: list[Any]) -> None:
    words = ("--dataset", "shapes:images=120,size=144", "--val-fraction", "0.5")
    train(*words, "--arch", "maxpool8 + flatten", "--name", "mine")
    (found,) = kept()
    assert {each.image.shape for each in found.mistakes} == {(128, 128, 3)}
    assert {each.image.shape for each in drawn[0].mistakes} == {(144, 144, 3)}
    assert {each.image.shape for each in found.examples} == {(64, 64, 3)}
    assert sum(each.image.nbytes for each in found.examples) <= 1_500_000


def test_large_images_of_galleries_are_kept_as_small_as_they_are_seen(
    command: Run, drawn: list[Any]
) -> None:
    command("data", "show", "shapes:images=20,size=144", "--per-class", "1", "--name", "mine")
    for large, small in zip(drawn, kept(), strict=True):
        assert [name for name, _ in large.rows] == [name for name, _ in small.rows]
        for (_, before), (_, after) in zip(large.rows, small.rows, strict=True):
            assert [each.above for each in before] == [each.above for each in after]
            assert {each.image.shape for each in before} == {(144, 144, 3)}
            assert {each.image.shape for each in after} == {(128, 128, 3)}


def test_points_have_no_examples(train: Run) -> None:
    train("--dataset", "blobs", "--arch", "fc-4 + relu", "--name", "mine")
    (found,) = kept()
    assert found.examples == found.mistakes == ()


def test_a_resumed_run_keeps_what_is_seen_at_its_new_end(command: Run, drawn: list[Any]) -> None:
    command("linear", *LEARN, "--grid", "--json")
    table = Path("runs/mine/network.json").read_text()
    before = by_name(kept())
    drawn.clear()
    assert command("linear", "--resume", "mine", "--epochs", "3", "--json").code == 0
    after = by_name(kept())
    assert len(after["findings"].history) == 3
    assert is_same(after["findings"], by_name(drawn)["findings"])
    assert is_same(after["grid"], before["grid"]), "which no resumed run tries again"
    assert Path("runs/mine/network.json").read_text() == table


def test_pictures_that_cannot_be_read_any_more_stop_no_run(train: Run) -> None:
    train("--name", "mine")
    for damage in (lambda path: path.write_bytes(b"x"), lambda path: save_file({}, path)):
        damage(RunFolder.open("mine").pictures)
        assert train("--resume", "mine", "--epochs", "1").code == 0
        assert names(kept()) == ["findings"]


def test_an_interrupted_run_keeps_what_it_has_seen(
    train: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    fit = training_run.fit

    def interrupted(learner: Any) -> Iterator[Any]:
        for count, record in enumerate(fit(learner), start=1):
            if count == 6:  # in the second epoch
                signal.raise_signal(signal.SIGINT)
            yield record

    monkeypatch.setattr(training_run, "fit", interrupted)
    assert train("--name", "mine", "--epochs", "5").code == 130
    assert len(by_name(kept())["findings"].history) == 1


def test_a_run_that_diverges_keeps_its_layers(train: Run) -> None:
    rash = ("--learning-rate", "1e6", "--optimizer", "sgd", "--init", "he", "--name", "mine")
    assert train(*rash).code == 5
    table = RunFolder.open("mine").read_network()
    assert table is not None
    assert table.formula.startswith("conv3-4 + relu + maxpool2")
    assert not RunFolder.open("mine").pictures.exists()


def test_a_run_that_is_killed_keeps_its_layers_and_what_was_seen_before(
    command: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(_: Any) -> Iterator[Any]:
        raise KilledError
        yield

    monkeypatch.setattr(training_run, "fit", killed)
    with pytest.raises(KilledError):
        command("linear", *LEARN, "--grid", "--json")
    folder = RunFolder.open("mine")
    assert folder.read_network() is not None
    assert names(kept()) == ["grid"]
    assert not (folder.path / "result.json").exists()


def test_pictures_are_there_when_the_result_is(train: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def write(folder: RunFolder, _: Any) -> None:
        seen.append(folder.pictures.exists())

    monkeypatch.setattr(RunFolder, "write_result", write)
    train("--name", "mine")
    assert seen == [True]


@pytest.mark.parametrize("words", [("list",), ("show", "mine"), ("delete", "mine", "--yes")])
def test_what_manages_runs_does_not_read_pictures(
    train: Run, command: Run, words: tuple[str, ...]
) -> None:
    train("--name", "mine")
    for name in ("pictures.safetensors", "network.json"):
        Path("runs/mine", name).write_bytes(b"\xff")
    ending = command("runs", *words, "--json")
    assert ending.code == 0
    assert not ending.json["damaged"] if words == ("list",) else ending.json
    assert Path("runs/mine").exists() is (words[0] != "delete")
