"""What is kept of features survives damage, killed processes, full disks, and company."""

import os
import shutil
from collections.abc import Callable, Generator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import safetensors.numpy

from cvtool.datasets.dataset import Dataset, Examples
from cvtool.datasets.split import whole
from cvtool.errors import DataError, UsageError
from cvtool.experiments.featured import featured, learned_features
from cvtool.features.feature_set import FeatureSet
from cvtool.records import finish

Damage = Callable[[bytes], bytes]
WORDS = "words:words=4,patches=50,patch=3"

DAMAGES: dict[str, Damage] = {
    "cut off": lambda written: written[:-1],
    "cut off in its head": lambda written: written[:20],
    "empty": lambda _: b"",
    "too long": lambda written: written + b"more",
    "of noise": lambda _: bytes(np.random.default_rng(0).integers(0, 256, 500, np.uint8)),
    "an archive": lambda written: b"PK\x03\x04" + written,
    "of an unreadable head": lambda written: written[:10] + b"((((" + written[14:],
}


@pytest.fixture
def dataset() -> Dataset:
    images = np.random.default_rng(0).integers(0, 256, (12, 8, 8, 1), np.uint8)
    return Dataset("noise", ("a", "b"), Examples(images, np.arange(12, dtype=np.int64) % 2))


def seen(dataset: Dataset, text: str = "color") -> Any:
    features = FeatureSet.parse(text)
    return finish(featured(features, dataset, whole(dataset.train))).images_at(slice(None))


def learned(dataset: Dataset) -> dict[str, Any]:
    features = FeatureSet.parse(WORDS)
    return finish(learned_features(features, dataset, whole(dataset.train), seed=0)).to_arrays()


def assert_same(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert one.keys() == other.keys()
    for name, array in one.items():
        np.testing.assert_array_equal(array, other[name])


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_features_in_a_damaged_file_are_computed_again(
    dataset: Dataset, tmp_path: Path, damage: Damage
) -> None:
    first = np.array(seen(dataset))
    (kept,) = (tmp_path / "cache").rglob("features.npy")
    written = kept.read_bytes()
    kept.write_bytes(damage(written))
    np.testing.assert_array_equal(seen(dataset), first)
    assert kept.read_bytes() == written


def of_other_features(_: bytes) -> bytes:
    return safetensors.numpy.save({"other/mean": np.zeros(3, np.float32)})


@pytest.mark.parametrize(
    "damage", [*DAMAGES.values(), of_other_features], ids=[*DAMAGES, "of other features"]
)
def test_what_a_damaged_file_has_forgotten_is_learned_again(
    dataset: Dataset, tmp_path: Path, damage: Damage
) -> None:
    first = learned(dataset)
    (kept,) = (tmp_path / "cache").rglob("learned.safetensors")
    kept.write_bytes(damage(kept.read_bytes()))
    assert_same(learned(dataset), first)


def test_processes_that_learn_and_compute_the_same_at_once_do_not_disturb_each_other(
    dataset: Dataset, tmp_path: Path
) -> None:
    features, train = FeatureSet.parse(WORDS), whole(dataset.train)
    one, other = in_turn(*(learned_features(features, dataset, train, seed=0) for _ in "ab"))
    assert_same(one.to_arrays(), other.to_arrays())
    one, other = in_turn(*(featured(one, dataset, train) for _ in "ab"))
    np.testing.assert_array_equal(one.images_at(slice(None)), other.images_at(slice(None)))
    assert not list((tmp_path / "cache").rglob(".unfinished-*"))


def in_turn(*works: Generator[Any, None, Any]) -> list[Any]:
    """Go on with each a little, until all are done; return what they return."""
    done: dict[int, Any] = {}
    while len(done) < len(works):
        for number, work in enumerate(works):
            try:
                next(work)
            except StopIteration as end:
                done.setdefault(number, end.value)
    return [done[number] for number in range(len(works))]


def test_what_a_killed_process_left_is_removed(dataset: Dataset, tmp_path: Path) -> None:
    seen(dataset)
    (kept,) = (tmp_path / "cache").rglob("features.npy")
    left = kept.parent.with_name(".unfinished-left")
    left.mkdir()
    os.utime(left, (0, 0))
    shutil.rmtree(kept.parent)
    seen(dataset)
    assert not left.exists()


def test_features_that_no_disk_can_hold_are_refused_before_they_are_computed(
    dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=100))
    monkeypatch.setattr(FeatureSet, "write", None)
    with pytest.raises(DataError, match="MB are free"):
        seen(dataset)
    assert not [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("HOG", "did you mean 'hog'"),
        ("hog, color", r"join features by \+, as hog\+color"),
        ("hog:cell=4,cell=2", "'cell=' of hog twice"),
        ("", "take pixels"),
    ],
)
def test_what_is_nearly_right_is_told_how_it_is_said(text: str, hint: str) -> None:
    with pytest.raises(UsageError, match=hint):
        FeatureSet.parse(text)


@pytest.mark.parametrize("other", ["hog:cell=4", "words:words=5,patches=50,patch=3", "pixels"])
def test_a_run_whose_features_were_changed_since_is_refused_in_words(
    command: Callable[..., Any], other: str
) -> None:
    quick = ("--limit", "60", "--epochs", "1", "--threads", "1", "--json")
    assert command("linear", "--features", WORDS, "--name", "run", *quick).code == 0
    settings = Path("runs/run/config.toml")
    settings.write_text(settings.read_text().replace(WORDS, other))
    for words in (("linear", "--resume", "run", "--epochs", "2"), ("evaluate", "run")):
        ending = command(*words, "--json")
        assert ending.code == 3
        assert f"not made with --features {other}" in ending.sentence
