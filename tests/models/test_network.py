"""A network: drawn from a seed, told apart by a checksum, restored only to what it is."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference.batches import random_batch
from reference.differences import numerical_gradient
from reference.threads import assert_same_bits

from cvtool.errors import DataError, UsageError
from cvtool.models.architecture import parse
from cvtool.models.network import Network
from cvtool.training.optimizers import make_optimizer

IMAGE = (6, 6, 2)
FORMULA = "conv3-4 + bn + relu + maxpool2 + res(conv3-4 + relu) + dropout0.5 + fc-5 + tanh + fc-3"


def make(formula=FORMULA, *, seed=0, init="auto", dtype="f4", shape=IMAGE):
    return Network(parse(formula), shape, seed=seed, init=init, dtype=dtype)


def batch(count=5, dtype="f4"):
    return random_batch((count, *IMAGE), dtype), np.arange(count) % 3


@given(seed=st.integers(0, 2**63 - 1))
def test_the_same_seed_gives_the_same_weights_and_another_others(seed):
    checksum = make(seed=seed).checksum()
    assert checksum == make(seed=seed).checksum()
    assert checksum != make(seed=seed + 1).checksum()


def test_layers_draw_from_streams_of_their_own():
    one = make("conv3-4 + relu + fc-3").arrays()
    other = make("conv3-4 + relu + conv3-4 + relu + fc-3").arrays()
    np.testing.assert_array_equal(one["conv1/weights"], other["conv1/weights"])
    weights = make("conv3-4 + conv3-4", shape=(6, 6, 4)).arrays()
    assert not np.array_equal(weights["conv1/weights"], weights["conv2/weights"])


def test_the_checksum_sees_every_array():
    network = make()
    checksum = network.checksum()
    names = list(network.arrays())
    assert {"conv1/weights", "bn1/gamma", "bn1/running_mean", "res1/conv1/bias"} <= set(names)
    for name, array in network.arrays().items():
        before = array.flat[0]
        array.flat[0] = np.nextafter(before, np.inf, dtype=array.dtype)
        assert network.checksum() != checksum, name
        array.flat[0] = before
    assert network.checksum() == checksum


@pytest.mark.parametrize(
    ("behind", "deviation"),
    [
        ("relu", sqrt(2 / 288)),
        ("bn + relu", sqrt(2 / 288)),
        ("maxpool2 + leaky-relu0.1", sqrt(2 / 288)),
        ("prelu", sqrt(2 / 288)),
        ("elu", sqrt(2 / 288)),
        ("maxout2", sqrt(2 / 288)),
        ("tanh", sqrt(1 / 288)),
        ("dropout0.5 + sigmoid", sqrt(12.8 / 288)),
        ("fc-3 + relu", sqrt(1 / 288)),
        ("gap", sqrt(1 / 288)),
    ],
)
def test_auto_follows_the_activation_behind(behind, deviation):
    weights = make(f"conv3-64 + {behind}", shape=(8, 8, 32)).arrays()["conv1/weights"]
    assert weights.std() == pytest.approx(deviation, rel=0.02)


@pytest.mark.parametrize(("init", "deviation"), [("zero", 0), ("normal", 0.01)])
def test_an_initialization_said_is_taken_everywhere(init, deviation):
    arrays = make("conv3-64 + relu + fc-64", init=init).arrays()
    for name in ("conv1/weights", "fc1/weights"):
        assert arrays[name].std() == pytest.approx(deviation, rel=0.1)


@pytest.mark.parametrize("loss", ["softmax", "svm"])
def test_learning_sets_the_gradients_of_the_loss(loss):
    formula = f"conv3-3 + bn + relu + maxpool2 + res(conv3-3 + relu) + fc-3 + {loss}"
    network = make(formula, dtype="f8")
    images, labels = batch(dtype="f8")
    found, scores = network.learn(images, labels)
    assert scores.shape == (5, 3)
    assert found > 0
    gradients = [parameter.gradient.copy() for parameter in network.parameters]
    for gradient, parameter in zip(gradients, network.parameters, strict=True):
        expected = numerical_gradient(lambda _: network.learn(images, labels)[0], parameter.values)
        np.testing.assert_allclose(gradient, expected, atol=1e-7, err_msg=parameter.name)


def learned(steps=4):
    network, optimizer = make(), make_optimizer("adam")
    images, labels = batch()
    for step in range(steps):
        network.reseed(step)
        network.learn(images, labels)
        optimizer.step(network.parameters, 0.01)
    return network


def test_threads_change_no_bit_of_what_is_learned():
    assert_same_bits(lambda: learned().arrays().values())


def test_the_seed_decides_what_is_dropped_at_which_step():
    images, labels = batch()

    def loss(seed, step):
        network = make(seed=0)
        network._seed = seed
        network.reseed(step)
        return network.learn(images, labels)[0]

    assert loss(0, 3) == loss(0, 3)
    assert len({loss(0, 3), loss(0, 4), loss(1, 3)}) == 3


def test_scores_are_the_same_wherever_images_lie_and_whoever_is_beside_them():
    network = learned()
    images, _ = batch(7)
    scores = network.scores(images).copy()
    room = network.room(7)
    assert room.shape == images.shape
    room[...] = images
    assert network.scores(room).tobytes() == scores.tobytes()
    for index in range(7):
        alone = network.scores(images[index : index + 1])
        assert alone.tobytes() == scores[index : index + 1].tobytes()
    *_, (_, last) = network.outputs(images)
    assert last.tobytes() == scores.tobytes()


def test_room_is_found_where_the_first_layer_has_none():
    network = make("fc-3", dtype="f8")
    assert network.room(4).shape == (4, *IMAGE)
    assert network.room(4).dtype == np.float64


def test_arrays_are_restored_in_place():
    network, other = learned(), make(seed=1)
    arrays = {name: array.copy() for name, array in network.arrays().items()}
    own = other.arrays()
    other.restore(arrays, source="last.safetensors")
    assert other.checksum() == network.checksum()
    assert all(own[name] is array for name, array in other.arrays().items())


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        (FORMULA.replace("fc-3", "fc-4"), r"fc2/weights should be \(5, 4\) but is \(5, 3\)"),
        ("fc-3 + relu + fc-3 + relu + fc-3", r"fc1/weights should be \(72, 3\) but is \(36, 5\)"),
        ("conv3-4 + conv3-4 + fc-5", "conv2/weights should be .* but is missing"),
    ],
)
def test_another_networks_arrays_are_refused_in_one_sentence(formula, words):
    with pytest.raises(DataError, match=words) as caught:
        make(formula).restore(make().arrays(), source="last.safetensors")
    message = str(caught.value)
    assert message.startswith("last.safetensors does not hold this network")
    assert message.endswith("use the run's own config.toml")
    assert "\n" not in message


def test_layers_that_do_not_fit_are_refused():
    with pytest.raises(UsageError, match=r"maxpool2 \(layer 3\)"):
        make("maxpool2 + maxpool2 + maxpool2 + fc-3")
