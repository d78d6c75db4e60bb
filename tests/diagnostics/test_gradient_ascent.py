"""Gradient ascent raises what it climbs, and finds the filter itself where that is the answer."""

import numpy as np
import pytest
from reference.inspected import make_network, random_images, standardized
from reference.threads import assert_same_bits, one_thread

from cvtool.datasets.dataset import Examples
from cvtool.datasets.preprocessing import Preprocessing
from cvtool.datasets.split import whole
from cvtool.diagnostics.inspection.ascent import (
    blurred,
    center,
    climbing,
    pattern_gallery,
)
from cvtool.diagnostics.inspection.moments import MomentSums
from cvtool.diagnostics.inspection.stages import stages
from cvtool.records import finish
from cvtool.seeds import stream

NETS = [
    "conv3-5 + bn + relu + maxpool2 + conv3-5 + bn + relu + gap",
    "conv3-4 + prelu + res(conv3-4 + bn + relu + conv3-4/2 + bn) + relu + conv3-4 + tanh + gap",
    "conv3-6 + maxout2 + dropout0.5 + conv3-4 + sigmoid + avgpool2 + conv3-4 + leaky-relu",
    "conv3-4 + elu + res0.5(conv3-4 + relu + conv3-4) + relu + conv3-6",
]


def seen_by(network):
    sums = MomentSums(network.input_shape)
    sums.add(np.random.default_rng(1).normal(size=(9, *network.input_shape)))
    return sums.moments()


def climb(network, stage, filters=3):
    with one_thread():
        return climb_on_all_threads(network, stage, filters)


def climb_on_all_threads(network, stage, filters=3):
    return finish(climbing(network, stage, seen_by(network), filters, stream(0, stage.name)))


def answers(network, stage, images):
    """Return what each image's own filter answers at the center of its map."""
    maps = network.chain.up_to(stage.before).forward(images.astype(network.dtype))
    each = np.arange(len(images))
    if getattr(stage.before, "rectifies", False):  # zero says only that it is not positive
        maps = np.where(maps > 0, maps, -np.inf)
    return maps[each, *center(stage), each]


@pytest.mark.parametrize("text", NETS)
def test_every_filter_is_excited_more_than_by_any_of_many_images(text: str) -> None:
    network = make_network(text)
    random = np.random.default_rng(0)
    for stage in stages(network):
        changes = climb(network, stage)
        assert changes.shape == (3, *network.input_shape)
        reached = answers(network, stage, seen_by(network).mean + changes)
        size = np.sqrt((changes**2).mean(axis=(1, 2, 3), keepdims=True))
        for _ in range(20):
            other = seen_by(network).mean + size * random.normal(size=changes.shape)
            assert (reached > answers(network, stage, other)).all()


@pytest.mark.parametrize("shape", [(9, 9, 1), (12, 10, 3)], ids=str)
def test_a_linear_filter_is_what_excites_it_most(shape: tuple[int, int, int]) -> None:
    network = make_network("conv5-4 + relu + gap", shape)
    (stage,) = stages(network)
    weights = network.parameters[0].values
    rows, columns = stage.field.at(*center(stage))
    for number, change in enumerate(climb(network, stage, filters=4)):
        found = change[rows, columns]
        correlation = np.corrcoef(found.ravel(), weights[..., number].ravel())[0, 1]
        assert correlation > 0.99
        outside = change.copy()
        outside[rows, columns] = 0
        assert np.abs(outside).max() < 0.01 * np.abs(found).max()


def test_climbing_leaves_the_network_as_it_was() -> None:
    network = make_network(NETS[1])
    before = network.checksum()
    for stage in stages(network):
        climb(network, stage)
    assert network.checksum() == before


def test_all_filters_of_a_layer_climb_as_they_do_alone() -> None:
    network = make_network("conv3-5 + relu + conv3-5 + relu + gap")
    stage = stages(network)[1]
    together = climb(network, stage, filters=5)
    assert together.shape[0] == 5
    assert not np.allclose(together[0], together[1], atol=0.1)
    assert climb(network, stage, filters=9).tobytes() == together.tobytes()


def test_threads_change_no_bit_of_a_pattern() -> None:
    network = make_network(NETS[0], dtype="f4")
    assert_same_bits(lambda: [climb_on_all_threads(network, each) for each in stages(network)])


def test_blurring_keeps_the_sum_and_flattens() -> None:
    images = np.zeros((1, 5, 5, 2))
    images[0, 2, 2] = 1
    found = blurred(images)
    assert found.sum() == pytest.approx(2)
    np.testing.assert_allclose(found[0, 2, :, 0], [0, 0.125, 0.25, 0.125, 0])
    np.testing.assert_allclose(blurred(np.ones((1, 3, 4, 1))), 1)
    np.testing.assert_allclose(blurred(np.full((1, 1, 1, 1), 7.0)), 7)


@pytest.mark.parametrize("kind", ["none", "standardize", "mean-image", "zca", "pca-whiten"])
def test_preprocessing_is_undone(kind: str) -> None:
    images = random_images(300, (4, 5, 3))
    images[:, 0, 0, 0] = 7  # a pixel that never varies
    fitted = Preprocessing.fit(kind, whole(Examples(images, np.zeros(300, np.int64))))
    pixels = images[:6] / 255
    rows = ((pixels - fitted.mean) / fitted.scale).reshape(6, -1)
    seen = rows if fitted.whitening is None else rows @ fitted.whitening.matrix.astype("f8")
    np.testing.assert_allclose(fitted.undo(seen.reshape(pixels.shape)), pixels, atol=1e-5)


@pytest.mark.parametrize("kind", ["standardize", "zca", "pca-whiten"])
def test_gradients_are_pulled_back_by_the_chain_rule(kind: str) -> None:
    images = random_images(99, (3, 4, 3))
    fitted = Preprocessing.fit(kind, whole(Examples(images, np.zeros(99, np.int64))))
    weights = np.random.default_rng(2).normal(size=images[:2].shape)
    pulled = fitted.pull_back(weights)
    # Preprocessing is affine: the products with weights differ by those with what is pulled back.
    one, other = images[:2] / 255, images[2:4] / 255

    def seen(pixels: np.ndarray) -> np.ndarray:
        rows = ((pixels - fitted.mean) / fitted.scale).reshape(2, -1)
        white = rows if fitted.whitening is None else rows @ fitted.whitening.matrix.astype("f8")
        return white.reshape(pixels.shape)

    np.testing.assert_allclose(
        ((seen(one) - seen(other)) * weights).sum((1, 2, 3)),
        ((one - other) * pulled).sum((1, 2, 3)),
        rtol=1e-6,
    )


def test_a_gallery_shows_each_pattern_as_far_as_its_filter_sees() -> None:
    network = make_network(NETS[0])
    stage = stages(network)[0]
    alive = np.array([True, False, True, True, True])
    mean = seen_by(network).mean
    gallery = pattern_gallery(stage, climb(network, stage), mean, standardized(), alive)
    pictures = [picture for _, row in gallery.rows for picture in row]
    assert gallery.name == "conv1-pattern"
    assert [each.image.shape for each in pictures] == [(3, 3, 3)] * 3
    assert [each.below for each in pictures] == ["", "dead", ""]
    assert all(np.ptp(each.image) > 100 for each in pictures)
