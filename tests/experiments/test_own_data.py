"""Data sets of one's own train like the embedded one, whatever their layout."""

import io
import pickle
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

Run = Callable[..., Any]


def cifar_record(label: int, random: np.random.Generator) -> bytes:
    return bytes([label]) + random.integers(0, 255, 3072, np.uint8).tobytes()


def write_cifar_binary(folder: Path) -> None:
    folder.mkdir()
    random = np.random.default_rng(0)
    for name in ("data_batch_1.bin", "data_batch_2.bin", "test_batch.bin"):
        records = [cifar_record(number % 10, random) for number in range(40)]
        (folder / name).write_bytes(b"".join(records))


def write_cifar_archive(path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 255, (40, 3072), np.uint8)
    batch = {b"data": pixels, b"labels": [number % 10 for number in range(40)]}
    with tarfile.open(path, "w:gz") as archive:
        for name in ("data_batch_1", "test_batch"):
            content = pickle.dumps(batch, protocol=2)
            member = tarfile.TarInfo(f"cifar-10-batches-py/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


def write_npz(path: Path) -> None:
    random = np.random.default_rng(0)
    arrays = {f"x_{part}": random.random((30, 8, 8, 3), np.float32) for part in ("train", "test")}
    labels = {f"y_{part}": np.array(["cat", "dog", "owl"] * 10) for part in ("train", "test")}
    np.savez(path, **arrays, **labels)


@pytest.mark.parametrize(
    ("write", "name", "train_images", "test_images"),
    [
        (write_cifar_binary, "binary", 60, 40),
        (write_cifar_archive, "cifar-10-python.tar.gz", 30, 40),
        (write_npz, "arrays.npz", 24, 30),
    ],
)
def test_layouts_are_recognized(
    command: Run, train: Run, write: Run, name: str, train_images: int, test_images: int
) -> None:
    write(Path(name))
    ending = train("--dataset", name, "--limit", "100", "--name", "mine", "--augment", "flip,shift")
    assert ending.code == 0
    assert ending.json["dataset"] == name
    assert (ending.json["train_images"] + ending.json["val_images"]) in (30, 40, 80)
    assert ending.json["train_images"] >= train_images
    assert command("evaluate", "mine", "--test", "--json").json["images"] == test_images


def test_class_folders_of_all_parts(command: Run, train: Run, draw_image: Run) -> None:
    for part, count in (("train", 12), ("val", 4), ("test", 6)):
        for number in range(count):
            level, name = ((40, "night"), (180, "day"))[number % 2]
            draw_image(Path("photos", part, name, f"{number}.png"), level + number)
    words = ("--image-size", "8", "--epochs", "15", "--learning-rate", "0.01", "--name", "mine")
    ending = train("--dataset", "photos", *words, "--dtype", "float64")
    assert ending.code == 0
    assert (ending.json["train_images"], ending.json["val_images"]) == (12, 4)
    assert ending.json["best_val_accuracy"] == 1
    assert command("evaluate", "mine", "--test", "--json").json["accuracy"] == 1
    said = command("predict", "mine", "photos/test/day/1.png", "--json").json
    assert said[0]["label"] == "day"


def test_a_new_image_in_a_folder_stops_a_resume(train: Run, draw_image: Run) -> None:
    for number in range(8):
        draw_image(Path("pets", "cat" if number % 2 else "dog", f"{number}.png"), 25 * number)
    words = ("--dataset", "pets", "--image-size", "8", "--name", "mine")
    assert train(*words).code == 0
    assert train("--resume", "mine").code == 0
    draw_image(Path("pets/cat/new.png"), 99)
    ending = train("--resume", "mine")
    assert (ending.code, ending.out) == (3, "")
    assert "pets has changed since" in ending.sentence


@pytest.mark.parametrize("words", [("evaluate", "mine"), ("inspect", "mine")])
def test_what_was_learned_from_is_never_looked_at_as_validation_images(
    command: Run, train: Run, draw_image: Run, words: tuple[str, ...]
) -> None:
    for part, count in (("train", 12), ("test", 4)):
        for number in range(count):
            name = "cat" if number % 2 else "dog"
            draw_image(Path("pets", part, name, f"{number}.png"), 15 * number)
    train("--dataset", "pets", "--image-size", "8", "--name", "mine")
    draw_image(Path("pets/train/cat/new.png"), 99)
    ending = command(*words, "--json")
    assert (ending.code, ending.out) == (3, "")
    assert "pets has changed since runs/mine was trained" in ending.sentence
    assert command("evaluate", "mine", "--test", "--json").json["images"] == 4
