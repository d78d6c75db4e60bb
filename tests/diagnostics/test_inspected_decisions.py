"""Saliency beside central differences, occlusion beside a loop over windows, maps and heat."""

import numpy as np
import pytest
from reference.differences import numerical_gradient
from reference.inspected import make_network, make_sight, random_images, standardized
from reference.threads import assert_same_bits

from cvtool.datasets.preprocessing import Preprocessing
from cvtool.datasets.whitening import Whitening
from cvtool.diagnostics.inspection import saliency as gradients
from cvtool.diagnostics.inspection.heat import heat_over
from cvtool.diagnostics.inspection.maps import map_rows
from cvtool.diagnostics.inspection.occlusion import as_heat, occlusion, windows
from cvtool.diagnostics.inspection.saliency import saliency
from cvtool.diagnostics.inspection.sight import Sight
from cvtool.diagnostics.inspection.stages import stages
from cvtool.layers.scaled_pixels import ScaledPixels
from cvtool.models.architecture import Formula
from cvtool.models.network import Network
from cvtool.seeds import stream

SHAPE = (6, 5, 3)
NETS = [
    "conv3-4 + bn + relu + maxpool2 + dropout0.5 + fc-5 + bn + relu + dropout0.5",
    "conv3-4 + bn + relu + res(conv3-4 + bn + relu + conv3-4 + bn) + relu + gap",
    "conv3-6 + maxout2 + res0.5(conv3-3 + prelu) + elu + avgpool2 + fc-6 + tanh",
    "fc-6 + relu + fc-5 + sigmoid",
]


@pytest.mark.parametrize("kind", ["standardize", "zca"])
@pytest.mark.parametrize("text", NETS)
def test_gradients_by_pixels_agree_with_central_differences(text: str, kind: str) -> None:
    network = make_network(text, SHAPE)
    preprocessing = standardized()
    if kind == "zca":
        matrix = np.random.default_rng(3).normal(0, 0.2, (90, 90)).astype("f4")
        white = Whitening(matrix, matrix[:1], matrix[0, :1])
        preprocessing = Preprocessing("zca", preprocessing.mean, preprocessing.scale, white)
    sight = make_sight(network, preprocessing)
    pixels = random_images(2, SHAPE) / 255
    labels = np.array([2, 0])

    def score(_: np.ndarray) -> float:
        return float(network.scores(sight.seen(pixels))[[0, 1], labels].sum())

    found = sight.pixel_gradients(sight.seen(pixels), labels)
    np.testing.assert_allclose(found, numerical_gradient(score, pixels), rtol=1e-5, atol=1e-6)


def test_saliency_without_noise_is_the_largest_gradient_of_a_pixel(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gradients, "NOISE", 0.0)
    network = make_network(NETS[1], SHAPE)
    sight = make_sight(network, standardized())
    (image,) = random_images(1, SHAPE)
    expected = sight.pixel_gradients(sight.seen(image[np.newaxis]), np.array([1]))[0]
    found = saliency(sight, image, 1, stream(0, "noise"))
    np.testing.assert_allclose(found, np.abs(expected).max(axis=2), rtol=1e-9)


def test_a_linear_network_on_bytes_is_salient_where_its_weights_are_large() -> None:
    preprocessing = standardized()
    layers = [ScaledPixels(3, preprocessing.mean, preprocessing.scale)]
    formula = Formula(layers=layers, loss="softmax", text="fc-3")
    network = Network(formula, SHAPE, seed=0, init="xavier", dtype="f8")
    sight = make_sight(network, preprocessing)
    (image,) = random_images(1, SHAPE)
    weights = network.parameters[0].values.reshape(*SHAPE, 3)[..., 2] / preprocessing.scale
    found = saliency(sight, image, 2, stream(0, "noise"))
    np.testing.assert_allclose(found, np.abs(weights).max(axis=2), rtol=1e-6)


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
@pytest.mark.parametrize("shape", [(6, 5, 3), (16, 20, 1), (3, 3, 3)], ids=str)
def test_occlusion_is_that_of_a_loop_over_windows(
    shape: tuple[int, int, int], dtype: type[np.generic]
) -> None:
    network = make_network("conv3-4 + relu + fc-5 + relu", shape)
    sight = make_sight(network, standardized(shape[2]))
    (image,) = random_images(1, shape)
    color = np.linspace(40, 100, shape[2]).round() / 255
    image = image if dtype is np.uint8 else (image / 255).astype(dtype)
    hidden = (color * (255 if dtype is np.uint8 else 1)).astype(dtype)
    whole = sight.probabilities(image[np.newaxis])[0, 1]
    expected = np.zeros(shape[:2])
    covered = [np.zeros(shape[:2], bool) for _ in windows(*shape[:2])]
    for mask, place in zip(covered, windows(*shape[:2]), strict=True):
        mask[place] = True
        without = np.where(mask[..., np.newaxis], hidden, image)
        expected += mask * (whole - sight.probabilities(without[np.newaxis])[0, 1])
    found = occlusion(sight, image, 1, color)
    np.testing.assert_allclose(found, expected / np.sum(covered, axis=0), atol=1e-12)


@pytest.mark.parametrize(
    "shape", [(1, 1), (3, 9), (8, 8), (28, 28), (32, 32), (37, 64), (224, 224)]
)
def test_windows_cover_every_pixel_equally_often(shape: tuple[int, int]) -> None:
    counts = np.zeros(shape)
    for place in windows(*shape):
        counts[place] += 1
    assert counts.min() == counts.max() >= 1
    assert len(windows(*shape)) <= 1500


def test_the_part_that_decides_is_found() -> None:
    """One filter looks for one bright corner; covering it changes everything, nothing else does."""
    network = make_network("fc-2 + relu", (8, 8, 1))
    weights = network.parameters[0].values
    weights[...] = 0
    weights[9] = 5  # row 1, column 1
    (image,) = np.full((1, 8, 8, 1), 255, np.uint8)
    sight = make_sight(network, Preprocessing("none", np.float32(0.0), np.float32(1.0)))
    label = int(sight.probabilities(image[np.newaxis]).argmax())
    hot = gradients.as_heat(saliency(sight, image, label, stream(0, "noise")))
    assert hot.argmax() == 9
    assert np.count_nonzero(hot > 0.01) == 1
    falls = np.abs(occlusion(sight, image, label, np.zeros(1)))
    assert falls[1, 1] == falls.max() > 0
    assert falls[4:].max() == 0


def test_small_falls_stay_small_and_both_signs_are_told_apart() -> None:
    assert np.abs(as_heat(np.array([[0.001, -0.002]]))).max() < 0.1
    np.testing.assert_allclose(as_heat(np.array([[0.5, -0.25]])), [[1, -0.5]])
    image = np.full((1, 3, 1), 200, np.uint8)
    none, most, against = heat_over(image, np.array([[0.0, 0.5, -0.5]]))[0].astype(int)
    assert np.ptp(none) == 0
    assert most[0] > most[2] + 50
    assert against[2] > against[0] + 50
    assert np.array_equal(gradients.as_heat(np.zeros((2, 2))), np.zeros((2, 2)))


def test_maps_show_what_comes_out_of_every_layer_and_mark_the_dead() -> None:
    text = "conv3-4 + relu + maxpool2 + res(conv3-4 + relu + conv3-4) + relu + conv1-6 + maxout2"
    network = make_network(text, (8, 8, 1))
    found = stages(network)
    alive = {each: np.arange(each.filters) != 1 for each in found}
    seen = np.random.default_rng(0).normal(size=(1, 8, 8, 1))
    rows = map_rows(network, found, seen, alive, filters=3)
    assert [name for name, _ in rows] == [
        *("conv1, 8×8", "maxpool1, 4×4", "res1/conv1, 4×4", "res1/conv2, 4×4"),
        *("res1, 4×4", "conv2, 4×4", "maxout1, 4×4"),
    ]
    assert [picture.below for picture in rows[0][1]] == ["0", "1 dead", "2"]
    assert [picture.below for picture in rows[1][1]] == ["0", "1", "2"]
    conv1 = network.chain.up_to(found[0].end).forward(seen)[0]
    for number, picture in enumerate(rows[0][1]):
        assert picture.image.shape == (8, 8, 1)
        is_bright = conv1[..., number] > conv1.max() / 400
        assert (picture.image[..., 0] > 0)[is_bright].all()
        assert not picture.image[..., 0][conv1[..., number] == 0].any()


def test_threads_change_no_bit_of_saliency_and_occlusion() -> None:
    network = make_network(NETS[1], SHAPE, "f4")
    sight: Sight = make_sight(network, standardized())
    (image,) = random_images(1, SHAPE)
    color = np.zeros(3)
    assert_same_bits(
        lambda: [
            saliency(sight, image, 1, stream(0, "noise")),
            occlusion(sight, image, 1, color),
        ]
    )
