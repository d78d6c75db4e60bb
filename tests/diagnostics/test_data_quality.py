"""What is said of a data set with known defects, and that leaving out what is listed mends it."""

from dataclasses import replace

import numpy as np
import pytest
from reference.textures import compressed, textures

from cvtool.datasets.dataset import Dataset, Examples, Files
from cvtool.diagnostics.data.data_quality import examine
from cvtool.diagnostics.data.data_verdicts import FIX
from cvtool.records import Conflict, Damage, Duplicate, Unlabeled


def sound(*, channels=3):
    """Ninety images of three classes, in parts for training, validation and testing."""
    images, labels = textures(0, 90, channels=channels), np.arange(90) % 3
    parts = [Examples(images[at : at + 30], labels[at : at + 30]) for at in (0, 30, 60)]
    return Dataset("textures", ("cat", "dog", "ship"), *parts)


def failed(quality):
    return {verdict.check for verdict in quality.verdicts if not verdict.ok}


def without_left_out(dataset, quality):
    rest, found = dataset.without(name for name, _ in quality.leave_out)
    assert found == len(quality.leave_out)
    return rest


def test_sound_data_are_well():
    quality = examine(sound())
    assert quality.ok
    assert quality.damaged == quality.unlabeled == quality.duplicates == quality.conflicts == ()
    assert quality.leave_out == quality.galleries == ()
    assert quality.class_counts["test"] == {"cat": 10, "dog": 10, "ship": 10}
    assert quality.sizes == {"32×32": 90}
    assert quality.modes == {"RGB": 90}
    assert all(verdict.message for verdict in quality.verdicts)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("dtype", [np.uint8, np.float64])
def test_mean_and_std_are_those_of_the_training_part(channels, dtype):
    dataset = sound(channels=channels)
    pixels = dataset.train.images / (255 if dtype == np.float64 else 1)
    train = replace(dataset.train, images=pixels.astype(dtype), left_out=np.array([3]))
    quality = examine(replace(dataset, train=train, validation=None, test=None))
    kept = np.delete(dataset.train.images, 3, axis=0) / 255
    assert quality.mean == pytest.approx(kept.mean(axis=(0, 1, 2)).tolist(), rel=1e-12)
    assert quality.std == pytest.approx(kept.std(axis=(0, 1, 2)).tolist(), rel=1e-12)


def test_damaged_files_and_lost_labels_are_named():
    dataset = sound()
    names = tuple(f"cat/{at}.png" for at in range(30))
    sizes, modes = np.full((30, 2), 40, np.int32), np.array(["RGB"] * 28 + ["L", ""])
    files = Files(names, sizes, modes, {29: "broken data stream"})
    labels = dataset.train.labels.copy()
    labels[[4, 5]] = -1, 7
    images = dataset.train.images.copy()
    images[[28, 29]] = 0  # the pixels of a damaged file are no copy of anything
    dataset = replace(dataset, train=Examples(images, labels, files))
    quality = examine(dataset)
    assert quality.damaged == (Damage("cat/29.png", "broken data stream"),)
    assert quality.unlabeled == (Unlabeled("cat/4.png", "none"), Unlabeled("cat/5.png", "7"))
    assert quality.sizes == {"32×32": 60, "40×40": 29}
    assert quality.modes == {"RGB": 88, "L": 1}
    assert sum(quality.class_counts["train"].values()) == 27
    assert failed(quality) == {"files are whole", "labels are known"}
    assert dict(quality.leave_out) == {
        "cat/29.png": "damaged",
        "cat/4.png": "has the label none, which is no class",
        "cat/5.png": "has the label 7, which is no class",
    }
    assert examine(without_left_out(dataset, quality)).ok


def test_conflicts_are_named_with_their_labels_and_all_left_out():
    dataset = sound()
    dataset.test.images[1] = dataset.train.images[3]  # a dog that was a cat
    quality = examine(dataset)
    assert quality.conflicts == (Conflict(("train/3", "test/1"), ("cat", "dog")),)
    assert quality.duplicates == ()
    assert failed(quality) == {"labels agree"}
    reason = "equal images are labeled cat and dog"
    assert quality.leave_out == (("train/3", reason), ("test/1", reason))
    assert [gallery.name for gallery in quality.galleries] == ["conflicts"]
    assert examine(without_left_out(dataset, quality)).ok


def test_of_copies_in_several_parts_those_to_measure_by_stay():
    dataset = sound()
    dataset.test.images[0] = dataset.train.images[0]
    dataset.validation.images[3] = dataset.train.images[3]
    dataset.test.images[6] = dataset.validation.images[6]
    dataset.test.images[9] = compressed(dataset.train.images[9])
    quality = examine(dataset)
    assert [(each.kind, each.files, each.across) for each in quality.duplicates] == [
        ("exact", ("train/0", "test/0"), True),
        ("exact", ("train/3", "validation/3"), True),
        ("exact", ("validation/6", "test/6"), True),
        ("near", ("train/9", "test/9"), True),
    ]
    assert failed(quality) == {"parts are apart"}
    assert dict(quality.leave_out) == {
        "train/0": "equal to test/0",
        "train/3": "equal to validation/3",
        "validation/6": "equal to test/6",
        "train/9": "nearly equal to test/9",
    }
    assert examine(without_left_out(dataset, quality)).ok


def test_copies_within_training_matter_where_a_random_split_would_part_them():
    dataset = sound()
    dataset.train.images[6] = dataset.train.images[12] = dataset.train.images[0]
    dataset.test.images[3] = dataset.test.images[0]
    assert failed(examine(dataset)) == set()  # it brings a validation part of its own
    dataset = replace(dataset, validation=None)
    quality = examine(dataset)
    assert failed(quality) == {"images are distinct"}
    expected = ("train/0", "train/6", "train/12")
    assert Duplicate("exact", expected, across=False) in quality.duplicates
    assert [name for name, _ in quality.leave_out] == ["train/6", "train/12", "test/3"]
    assert examine(without_left_out(dataset, quality)).ok


def test_near_duplicates_within_a_part_are_told_but_stay():
    dataset = sound()
    dataset.train.images[5] = compressed(dataset.train.images[0])
    quality = examine(dataset)
    (near,) = quality.duplicates
    assert (near.kind, near.files, near.across) == ("near", ("train/0", "train/5"), False)
    assert 0 < near.distance < 20
    assert quality.ok
    assert quality.leave_out == ()
    (told,) = (each for each in quality.verdicts if each.check == "images differ")
    assert told.value == 1
    assert "1 of them under different labels" in told.message


def test_a_copy_that_goes_anyway_takes_no_other_with_it():
    dataset = sound()
    dataset.test.images[1] = dataset.train.images[0]  # a conflict: both go
    dataset.train.images[6] = compressed(dataset.train.images[0])
    quality = examine(dataset)
    assert [name for name, _ in quality.leave_out] == ["train/0", "test/1"]
    assert examine(without_left_out(dataset, quality)).ok


def test_small_and_unequal_classes_are_told():
    labels = np.array([0] * 24 + [1] * 4 + [2] * 2)
    dataset = sound()
    quality = examine(replace(dataset, train=replace(dataset.train, labels=labels)))
    told = {verdict.check: verdict for verdict in quality.verdicts}
    assert told["classes are balanced"].value == 12
    assert "add images of ship" in told["classes are balanced"].message
    assert told["classes are large enough"].value == 2
    assert "dog and 1 more" in told["classes are large enough"].message
    assert quality.ok


def test_what_must_be_fixed_says_how():
    dataset = sound()
    dataset.test.images[0] = dataset.train.images[0]
    dataset.test.images[1] = dataset.train.images[3]
    for verdict in examine(dataset).verdicts:
        assert verdict.ok or FIX in verdict.message


def test_galleries_show_pairs_with_names_labels_and_distance():
    dataset = sound()
    for at in range(14):
        dataset.test.images[2 * at] = dataset.train.images[2 * at]
    dataset.test.images[29] = compressed(dataset.train.images[26 + 3])
    exact, near = examine(dataset).galleries
    assert (exact.name, near.name) == ("duplicates", "near-duplicates")
    assert len(exact.rows) == 12
    ((words, pictures),) = near.rows
    assert words.endswith(" levels, across parts")
    assert [(each.above, each.below) for each in pictures] == [
        ("train/29", "ship"),
        ("test/29", "ship"),
    ]
    np.testing.assert_array_equal(pictures[1].image, dataset.test.images[29])


def test_points_have_labels_and_copies_but_no_looks():
    points = np.random.default_rng(0).random((40, 1, 1, 2))
    points[5] = points[2]
    labels = np.arange(40) % 2
    quality = examine(Dataset("points", ("in", "out"), Examples(points, labels)))
    assert quality.conflicts == (Conflict(("train/2", "train/5"), ("in", "out")),)
    assert quality.sizes == quality.modes == {}
    assert len(quality.mean) == 2
    assert quality.galleries == ()
