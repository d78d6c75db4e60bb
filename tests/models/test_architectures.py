"""From a user's choices to a formula: names, numbers of the pattern, and what fits the images."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvtool.config import NetworkConfig
from cvtool.errors import UsageError
from cvtool.layers.chain import Chain
from cvtool.layers.convolution import Convolution
from cvtool.layers.fully_connected import FullyConnected
from cvtool.models.architecture import parse
from cvtool.models.architectures import ARCHITECTURES, default_formula, pattern, resolve

DIGITS = (8, 8, 1)


def chosen(image_shape=DIGITS, **choices):
    return resolve(NetworkConfig(**choices), image_shape, 10)


@pytest.mark.parametrize("image_shape", [DIGITS, (28, 28, 1), (32, 32, 3)])
@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_named_architecture_fits_every_usual_image(name, image_shape):
    chain = Chain(chosen(image_shape, arch=name).layers)
    assert chain.bind(image_shape) == (10,)


@pytest.mark.parametrize(("name", "count"), [("resnet8", 8), ("resnet14", 14)])
def test_residual_networks_are_named_after_their_layers(name, count):
    chain = Chain(chosen((32, 32, 3), arch=name).layers)
    learned = [each for each in chain.walk() if isinstance(each, Convolution | FullyConnected)]
    assert len(learned) == count


@given(st.integers(1, 300), st.integers(1, 300), st.sampled_from([1, 3, 4]))
def test_the_default_fits_any_image(height, width, channels):
    chain = Chain(chosen((height, width, channels)).layers)
    assert chain.bind((height, width, channels)) == (10,)


@pytest.mark.parametrize(
    ("side", "stages"), [(1, 0), (3, 0), (4, 1), (8, 2), (28, 3), (32, 3), (64, 3), (224, 3)]
)
def test_the_default_pools_as_often_as_fits(side, stages):
    text = default_formula((side, side, 3))
    assert text.count("(conv3-") == stages
    assert ("conv5-32/2" in text) == (side > 64)


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        (
            (2, 2, 1, [32, 64]),
            "((conv3-32 + relu)*2 + maxpool2) + ((conv3-64 + relu)*2 + maxpool2)",
        ),
        (
            (1, 3, 1, [8, 8, 16]),
            "((conv3-8 + relu)*1 + maxpool2)*2 + ((conv3-16 + relu)*1 + maxpool2)",
        ),
        ((2, 2, 1, [32]), "((conv3-32 + relu)*2 + maxpool2) + ((conv3-64 + relu)*2 + maxpool2)"),
    ],
)
def test_the_notes_pattern(numbers, text):
    assert pattern(*numbers) == f"{text} + (fc-128 + relu)*1"
    assert parse(pattern(*numbers)).text == f"{text} + (fc-128 + relu)*1 + softmax"


@given(st.integers(1, 3), st.integers(0, 3), st.integers(0, 3))
def test_the_pattern_has_the_layers_it_says(n, m, k):
    layers = parse(pattern(n, m, k, [4][:m])).layers
    words = [layer.formula for layer in layers]
    assert sum(word.startswith("conv") for word in words) == n * m
    assert words.count("maxpool2") == m
    assert words.count("fc-128") == k
    assert words.count("relu") == n * m + k


def test_numbers_left_out_follow_the_others():
    assert chosen(filters="8,16,32").text.count("maxpool2") == 3
    assert chosen((32, 32, 3), n=1).text.count("maxpool2") == 3
    assert chosen(m=0, k=0).text == "(fc-128 + relu)*0 + fc-10 + softmax"


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ({"arch": "lenet", "n": 2, "filters": "8"}, "leave it out, or --n, --filters"),
        ({"m": 1, "filters": "8,16"}, "give --m 2"),
        ({"filters": "8;16"}, "as 32,64, not '8;16'"),
        ({"filters": "8,"}, "as 32,64, not '8,'"),
        ({"filters": "0"}, "as 32,64, not '0'"),
        ({"filters": "60000", "m": 3}, "at most 65,536"),
        ({"arch": "resnet9"}, "did you mean 'resnet8'?"),
        ({"arch": "VGGsmall"}, "did you mean 'vgg-small'?"),
        ({"arch": "relu + svm", "loss": "softmax"}, "leave one of them out"),
        ({"arch": "fc-11"}, "write fc-10"),
    ],
)
def test_contradictions_are_refused_in_words(choices, sentence):
    with pytest.raises(UsageError) as caught:
        chosen(**choices)
    assert sentence in str(caught.value)


def test_names_leave_the_loss_open():
    assert all(chosen(arch=name, loss="svm").loss == "svm" for name in ARCHITECTURES)
    assert chosen(arch=" ResNet8 ").text == chosen(arch="resnet8").text


def test_the_method_of_convolution_is_passed_on():
    first = chosen(conv="im2col").layers[0]
    assert first.method == "im2col"
