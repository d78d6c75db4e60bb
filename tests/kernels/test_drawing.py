"""Scenes are drawn as the slow twin draws them, with the same bits on any number of threads."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import drawing as reference
from reference.threads import assert_same_bits

from cvtool.kernels.drawing import CORNERS, SCENE, draw


def random_scenes(seed, count):
    """Draw scenes with everything in them, some of it outside of the picture."""
    random = np.random.default_rng(seed)
    scenes = np.zeros(count, SCENE)
    scenes["ground"] = random.random((count, 3))
    for waves in (scenes["waves"], scenes["subject"]["stripes"]):
        waves["frequency"] = random.uniform(-4, 4, waves["frequency"].shape)
        waves["phase"], waves["bend"] = random.random((2, *waves.shape))
        waves["color"] = random.uniform(-0.3, 0.3, waves["color"].shape)
    for strokes in (scenes["behind"], scenes["before"]):
        turns = random.uniform(0, 2 * np.pi, strokes.shape)
        strokes["along"] = np.stack([np.cos(turns), np.sin(turns)], axis=-1)
        strokes["center"] = random.uniform(-0.2, 1.2, strokes["center"].shape)
        strokes["half"] = random.uniform(0, 0.3, strokes["half"].shape)
        strokes["half"][random.random(strokes.shape) < 0.3] = 0
        strokes["rounding"] = strokes["half"].min(axis=-1) * random.random(strokes.shape)
        strokes["color"] = random.random(strokes["color"].shape)
    subject = scenes["subject"]
    turns = np.arange(CORNERS) / CORNERS * 2 * np.pi
    circle = np.stack([np.cos(turns), np.sin(turns)], axis=-1)
    radius = random.uniform(0.1, 0.5, (count, CORNERS, 1))
    subject["outline"] = random.uniform(0.2, 0.8, (count, 1, 2)) + radius * circle
    for name in ("color", "rim_color"):
        subject[name] = random.random((count, 3))
    subject["rim"], subject["opacity"] = random.random((2, count)) * [[0.1], [1]]
    scenes["light"]["contrast"] = random.uniform(0.3, 1, count)
    scenes["light"]["color"] = random.uniform(0.3, 1.3, (count, 3))
    scenes["light"]["slope"] = random.uniform(-1, 1, (count, 2))
    return scenes


def drawn(scenes, side):
    out = np.full((len(scenes), side, side, 3), 7, np.uint8)
    draw(scenes, out)
    return out


@settings(max_examples=15)
@given(seed=st.integers(0, 2**32), count=st.integers(0, 2), side=st.sampled_from([1, 2, 7, 12]))
def test_kernel_equals_its_slow_twin(seed, count, side):
    scenes = random_scenes(seed, count)
    difference = drawn(scenes, side).astype(int) - reference.draw(scenes, side)
    assert abs(difference).max(initial=0) <= 1


def test_any_number_of_threads_draws_the_same_bits():
    scenes = random_scenes(0, 9)
    assert_same_bits(lambda: [drawn(scenes, 32)])


def test_a_scene_is_drawn_alike_wherever_it_stands():
    scenes = random_scenes(1, 6)
    np.testing.assert_array_equal(drawn(scenes[::-2], 16), drawn(scenes, 16)[::-2])


def test_a_square_covers_its_own_area():
    scenes = np.zeros(1, SCENE)
    steps = np.linspace(0, 1, CORNERS // 4, endpoint=False)
    one, zero = np.ones_like(steps), np.zeros_like(steps)
    x = np.concatenate([steps, one, 1 - steps, zero])
    scenes["subject"]["outline"] = 0.25 + 0.5 * np.stack([x, np.roll(x, CORNERS // 4)], axis=-1)
    scenes["subject"]["color"], scenes["subject"]["opacity"] = 1, 1
    scenes["light"]["contrast"], scenes["light"]["color"] = 1, 1
    expected = np.zeros((8, 8, 3), np.uint8)
    expected[2:6, 2:6] = 255
    np.testing.assert_array_equal(drawn(scenes, 8)[0], expected)


def test_what_does_not_fit_is_refused():
    scenes = random_scenes(0, 2)
    for shape, dtype in (((3, 8, 8, 3), "u1"), ((2, 8, 9, 3), "u1"), ((2, 8, 8, 3), "f4")):
        with pytest.raises(ValueError, match="do not fill"):
            draw(scenes, np.empty(shape, dtype))
    with pytest.raises(ValueError, match="not contiguous"):
        draw(scenes, np.empty((2, 8, 16, 3), np.uint8)[:, :, ::2])
    with pytest.raises(ValueError, match="do not fill"):
        draw(np.zeros(2), np.empty((2, 8, 8, 3), np.uint8))
