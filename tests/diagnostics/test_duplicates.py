"""Copies are found whatever was done to them, and nothing else is; order and labels do not matter.

The images are random textures; what was planted is known.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference.textures import RESAVED, compressed, mirrored, textures
from reference.threads import assert_same_bits

from cvtool.datasets.dataset import Dataset, Examples
from cvtool.diagnostics.data.duplicates import find_duplicates
from cvtool.diagnostics.data.pooled_images import Pool


def no_progress(_):
    pass


def dataset(train, *others, labels=None):
    parts = zip(("validation", "test")[2 - len(others) :], others, strict=True)
    labels = np.zeros(len(train), np.int64) if labels is None else np.asarray(labels, np.int64)
    return Dataset(
        "textures",
        ("a", "b", "c"),
        Examples(train, labels),
        **{part: Examples(images, np.zeros(len(images), np.int64)) for part, images in parts},
    )


def found_in(data):
    pool = Pool.of(data)
    repeated = find_duplicates(pool, no_progress)
    return {
        kind: {frozenset(map(pool.name_of, group.images.tolist())) for group in groups}
        for kind, groups in vars(repeated).items()
    }


def test_planted_copies_are_found_across_parts_and_nothing_else():
    train, test = textures(0, 300), textures(1, 100)
    for at in range(10):
        test[at] = train[3 * at]
    for at in range(10, 80):
        test[at] = RESAVED[at % len(RESAVED)](train[100 + at])
    found = found_in(dataset(train, test))
    assert found["exact"] == {frozenset({f"train/{3 * at}", f"test/{at}"}) for at in range(10)}
    assert found["near"] == {frozenset({f"train/{100 + at}", f"test/{at}"}) for at in range(10, 80)}
    assert found["conflicts"] == set()


@pytest.mark.parametrize("side", [8, 28, 70])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_images_of_any_size_color_and_type_are_compared(side, channels, dtype):
    images = textures(side, 60, height=side, width=side + 3, channels=channels)
    images[50] = images[4]
    images[51] = mirrored(images[9])
    images[52] = np.clip(images[20], 3, 250) * np.array(0.95)
    images = images if dtype == np.uint8 else (images / 255).astype(dtype)
    found = found_in(dataset(images[:40], images[40:]))
    assert found["exact"] == {frozenset({"train/4", "test/10"})}
    assert found["near"] == {
        frozenset({"train/9", "test/11"}),
        frozenset({"train/20", "test/12"}),
    }


def test_a_mirror_image_is_near_at_no_distance_and_says_so():
    images = textures(2, 40)
    images[7] = mirrored(images[30])
    (group,) = find_duplicates(Pool.of(dataset(images)), no_progress).near
    assert group.images.tolist() == [7, 30]
    assert group.mirrored
    assert not group.across
    assert group.distance == pytest.approx(0, abs=1e-3)


def test_near_groups_name_exact_copies_of_their_members():
    train, test = textures(3, 40), textures(4, 10)
    train[5], test[2] = compressed(train[9]), train[9]
    found = found_in(dataset(train, test))
    assert found["exact"] == {frozenset({"train/9", "test/2"})}
    assert found["near"] == {frozenset({"train/5", "train/9", "test/2"})}


def test_equal_images_under_different_labels_are_a_conflict_and_nothing_else():
    images = textures(5, 30)
    images[3] = images[4] = images[5]
    images[6] = images[7]
    labels = np.zeros(30, np.int64)
    labels[4], labels[6] = 2, -1  # a missing label contradicts nothing
    found = found_in(dataset(images, labels=labels))
    assert found["conflicts"] == {frozenset({"train/3", "train/4", "train/5"})}
    assert found["exact"] == {frozenset({"train/6", "train/7"})}


@settings(max_examples=12)
@given(st.permutations(range(40)), st.lists(st.integers(0, 2), min_size=40, max_size=40))
def test_order_and_labels_do_not_change_what_is_near(order, labels):
    images = textures(6, 40)
    images[20], images[21], images[22] = images[0], compressed(images[1]), mirrored(images[1])
    images[23] = images[2] // 2 + 64
    data = dataset(images[order], labels=labels)
    names = {f"train/{place}": image for place, image in enumerate(order)}
    found = found_in(data)
    near = {frozenset(names[name] for name in group) for group in found["near"]}
    equal = {frozenset(names[name] for name in group) for group in found["exact"]}
    equal |= {frozenset(names[name] for name in group) for group in found["conflicts"]}
    assert near == {frozenset({1, 21, 22}), frozenset({2, 23})}
    assert equal == {frozenset({0, 20})}


@settings(max_examples=12)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=30))
def test_a_copy_is_always_found_equal(choices):
    images = textures(7, 6, height=5, width=4, channels=1)
    found = found_in(dataset(images[choices]))
    groups = {
        frozenset(f"train/{at}" for at, chosen in enumerate(choices) if chosen == image)
        for image in range(6)
    }
    assert found["exact"] == {group for group in groups if len(group) > 1}


def test_pictures_that_show_nothing_are_only_equal_or_not():
    images = np.zeros((6, 16, 16, 3), np.uint8) + np.arange(6, dtype=np.uint8)[:, None, None, None]
    images[5] = images[0]
    found = found_in(dataset(images))
    assert found["exact"] == {frozenset({"train/0", "train/5"})}
    assert found["near"] == set()


def test_points_are_only_equal_or_not():
    points = np.random.default_rng(0).random((50, 1, 1, 2))
    points[8] = points[3]
    points[9] = points[3] + 1e-12
    found = found_in(dataset(points))
    assert found == {
        "conflicts": set(),
        "exact": {frozenset({"train/3", "train/8"})},
        "near": set(),
    }


def test_what_is_left_out_or_damaged_is_not_looked_at():
    images = textures(8, 20)
    images[1], images[2], images[3] = images[0], images[0], compressed(images[0])
    data, _ = dataset(images).without(["train/0", "train/3"])
    assert found_in(data) == {
        "conflicts": set(),
        "exact": {frozenset({"train/1", "train/2"})},
        "near": set(),
    }


def test_threads_do_not_change_what_is_found():
    images = textures(9, 60)
    images[30:37] = [change(images[0]) for change in RESAVED]

    def compute():
        near = find_duplicates(Pool.of(dataset(images)), no_progress).near
        return [np.concatenate([group.images for group in near]), [g.distance for g in near]]

    assert_same_bits(compute)


def test_one_image_or_none_left_is_no_trouble():
    images = textures(10, 2)
    for names in (["train/0"], ["train/0", "train/1"]):
        data, _ = dataset(images).without(names)
        assert found_in(data) == {"conflicts": set(), "exact": set(), "near": set()}


def test_progress_is_told_to_the_end():
    told = []
    find_duplicates(Pool.of(dataset(textures(11, 40))), told.append)
    last = {record.work: record for record in told}
    assert list(last)[:2] == ["reading images", "comparing images"]
    assert all(record.done == record.total > 0 for record in last.values())
