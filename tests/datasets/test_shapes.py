"""Shapes: a function of seed and knobs; each knob does its own work, and more of it further up."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference.threads import assert_same_bits

from cvtool.datasets.embedded.shapes.choices import ShapesChoices
from cvtool.datasets.embedded.shapes.outlines import OUTLINES
from cvtool.datasets.embedded.shapes.scenes import BLOCK, scenes_of
from cvtool.datasets.opening import open_dataset
from cvtool.errors import UsageError
from cvtool.kernels.drawing import SCENE

KNOBS = ("viewpoint", "illumination", "deformation", "occlusion", "clutter", "variation")
STILL = dict.fromkeys(KNOBS, 0.0)


def shapes(**choices):
    choices = {"images": 40, "test_images": 10} | choices
    return open_dataset("shapes:" + ",".join(f"{name}={value}" for name, value in choices.items()))


def pixels(**choices):
    return shapes(**choices).train.images.astype(int)


def test_shapes_are_as_many_and_as_large_as_asked_for():
    data = shapes(images=30, test_images=20, size=16)
    assert data.classes == tuple(OUTLINES)
    assert (data.train.images.shape, data.test.images.shape) == ((30, 16, 16, 3), (20, 16, 16, 3))
    assert data.train.images.dtype == np.uint8
    assert shapes(test_images=0).test is None


def test_the_same_seed_draws_the_same_bits_on_any_number_of_threads():
    assert_same_bits(lambda: [shapes().train.images, shapes().test.images])
    assert shapes(seed=1).checksum != shapes(seed=2).checksum


def test_these_very_pixels_come_of_seed_0():
    """Change the digest only where another version may draw other images."""
    assert shapes(images=600, test_images=100).checksum == "cb630f16f1ed40947b18b8df56a7267c"


@pytest.mark.parametrize("count", [7, BLOCK, BLOCK + 1])
def test_more_images_begin_with_the_same_ones(count):
    few, many = shapes(images=count, size=8).train, shapes(images=BLOCK + 40, size=8).train
    np.testing.assert_array_equal(few.images, many.images[:count])
    np.testing.assert_array_equal(few.labels, many.labels[:count])


def test_blocks_and_parts_differ():
    data = shapes(images=2 * BLOCK, test_images=BLOCK, size=8)
    first, second = np.split(data.train.images, 2)
    assert not (first == second).all(axis=(1, 2, 3)).any()
    assert not (first == data.test.images).all(axis=(1, 2, 3)).any()
    assert (data.train.labels[:BLOCK] != data.test.labels).any()


@settings(max_examples=10)
@given(seed=st.integers(0, 2**63 - 1), images=st.integers(1, 2 * BLOCK))
def test_classes_are_balanced_within_one_image_and_shuffled(seed, images):
    labels = shapes(seed=seed, images=images, size=8).train.labels
    counts = np.bincount(labels, minlength=10)
    assert counts.max() - counts.min() <= 1
    assert images < 20 or (labels != np.arange(images) % 10).any()


def test_without_challenges_a_class_is_one_picture():
    data = shapes(**STILL, images=100)
    for label in range(10):
        images = data.train.images[data.train.labels == label]
        assert (images == images[0]).all()
    assert len(np.unique(data.train.images, axis=0)) == 10


@pytest.mark.parametrize("knob", KNOBS)
def test_a_knob_changes_more_the_further_it_is_turned(knob):
    clean = pixels(**STILL, size=16)
    changes = [
        abs(pixels(**STILL | {knob: value}, size=16) - clean).mean() for value in (0.1, 0.4, 1)
    ]
    assert 0.1 < changes[0] < changes[1] < changes[2]
    nearly_still = pixels(**STILL | {knob: 0.001}, size=16)
    assert abs(nearly_still - clean).mean() < changes[0] / 5


@pytest.mark.parametrize(
    ("knob", "parts"),
    [
        ("illumination", {"light"}),
        ("occlusion", {"before"}),
        ("clutter", {"ground", "waves", "behind"}),
        ("deformation", {"subject"}),
    ],
)
def test_a_knob_leaves_what_the_others_do(knob, parts):
    low, high = (scenes_of(ShapesChoices(**{knob: value}), "train", 0) for value in (0.2, 0.9))
    changed = {name for name in SCENE.names if low[name].tobytes() != high[name].tobytes()}
    assert changed == parts


def test_an_occluder_hides_part_of_a_shape_and_never_most_of_all_shapes():
    hidden = []
    for label in range(10):
        plain = shapes(**STILL, images=200)
        covered = shapes(**STILL | {"occlusion": 1.0}, images=200)
        of_class = plain.train.labels == label
        ground = plain.train.images[0, 0, 0]
        body = (plain.train.images[of_class] != ground).any(axis=-1)
        other = (plain.train.images != covered.train.images)[of_class].any(axis=-1)
        hidden.append((body & other).sum() / body.sum())
    assert 0.4 < np.mean(hidden) < 0.6
    assert max(hidden) < 0.7


def test_a_picture_of_another_size_shows_the_same_scene():
    small, large = pixels(size=16), pixels(size=64)
    shrunk = large.reshape(-1, 16, 4, 16, 4, 3).mean(axis=(2, 4))
    assert abs(shrunk - small).mean() < 6


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ("occlusion=1.5", "'occlusion=' takes a number of at most 1, not 1.5"),
        ("clutter=-0.1", "'clutter=' takes a number of at least 0, not -0.1"),
        ("viewpoint=nan", "'viewpoint=' takes a number, not nan"),
        ("size=7", "'size=' takes a number of at least 8, not 7"),
        ("size=257", "'size=' takes a number of at most 256, not 257"),
        ("images=0", "'images=' takes a number of at least 1, not 0"),
        ("images=many", "'images=' takes a whole number, not 'many'"),
        ("test_images=-1", "'test_images=' takes a number of at least 0, not -1"),
        ("seed=-1", "'seed=' takes a number of at least 0, not -1"),
        ("oclusion=1", "did you mean 'occlusion='?"),
    ],
)
def test_what_cannot_be_is_refused_by_its_name(choice, words):
    with pytest.raises(UsageError, match=words.replace("?", r"\?")):
        open_dataset(f"shapes:{choice}")


def test_there_is_a_knob_for_each_challenge():
    assert {field.name for field in fields(ShapesChoices)} >= set(KNOBS)
