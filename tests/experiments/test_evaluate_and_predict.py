"""A trained run looks at images: the test door is counted, and files of any kind are taken."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.fixture
def mine(train: Run) -> Any:
    """Train a run called ``mine`` that does better than guessing."""
    return train("--limit", "400", "--epochs", "3", "--name", "mine").json


@pytest.mark.usefixtures("mine")
def test_every_look_at_the_test_set_is_counted(command: Run) -> None:
    assert command("evaluate", "mine", "--json").json["opened"] == 0
    first = command("evaluate", "mine", "--test", "--json").json
    second = command("evaluate", "mine", "--test", "--json").json
    assert (first["part"], first["images"], first["opened"]) == ("test", 297, 1)
    assert second == first | {"opened": 2}
    assert command("evaluate", "mine", "--json").json["opened"] == 2


def test_without_test_the_validation_images_are_looked_at_again(command: Run, mine: Any) -> None:
    said = command("evaluate", "runs/mine", "--json").json
    assert (said["part"], said["images"]) == ("validation", mine["val_images"])
    assert said["accuracy"] == mine["best_val_accuracy"]
    assert set(said["class_accuracies"]) == set("0123456789")


@pytest.mark.usefixtures("mine")
def test_people_read_how_often_the_door_was_opened(command: Run) -> None:
    out = command("evaluate", "mine", "--test").out
    assert "297" in out
    assert "opened" in out


@pytest.mark.usefixtures("mine")
def test_files_of_any_size_and_color_are_predicted(
    command: Run, draw_image: Run, tmp_path: Path
) -> None:
    files = [
        str(draw_image(tmp_path / "small.png", 100, (8, 8), "L")),
        str(draw_image(tmp_path / "large.jpg", 100, (90, 50), "RGB")),
        str(draw_image(tmp_path / "clear.png", 100, (8, 9), "RGBA")),
    ]
    said = command("predict", "mine", *files, "--json").json
    assert [each["file"] for each in said] == files
    for each in said:
        assert sum(each["probabilities"].values()) == pytest.approx(1)
        assert each["probability"] == each["probabilities"][each["label"]]
    assert "small.png" in command("predict", "mine", files[0], "--top", "2").out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("evaluate", "mien"), "there is no run 'mien': did you mean 'mine'?"),
        (("predict", "mine", "there.png"), "there.png"),
        (("predict", "mine", "words.png"), "no known image format"),
    ],
)
@pytest.mark.usefixtures("mine")
def test_what_cannot_be_looked_at_is_named(
    command: Run, words: tuple[str, ...], sentence: str
) -> None:
    Path("words.png").write_text("words")
    ending = command(*words, "--json")
    assert (ending.code, ending.out) == (3, "")
    assert sentence in ending.sentence


def test_a_run_that_finished_no_epoch_has_nothing_to_show(command: Run, train: Run) -> None:
    rash = ("--learning-rate", "1e6", "--optimizer", "sgd", "--init", "he")
    assert train(*rash, "--name", "rash").code == 5
    ending = command("evaluate", "rash")
    assert (ending.code, ending.out) == (3, "")
    assert "best.safetensors is missing: no epoch of the run came to a good end" in ending.sentence


def test_a_data_set_without_test_images_opens_no_door(
    command: Run, train: Run, draw_image: Run
) -> None:
    for number in range(8):
        draw_image(Path(f"pets/{'cat' if number % 2 else 'dog'}/{number}.png"), 25 * number)
    train("--dataset", "pets", "--image-size", "8", "--name", "pets")
    ending = command("evaluate", "pets", "--test")
    assert (ending.code, ending.out) == (3, "")
    assert "pets has no test images" in ending.sentence
    assert not Path("runs/pets/test-openings.txt").exists()
