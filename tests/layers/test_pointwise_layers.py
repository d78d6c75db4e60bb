"""Activations, maxout, dropout and flatten: the contract of every layer, and what each one adds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference.batches import inside_border, random_batch
from reference.differences import numerical_gradient
from reference.threads import assert_same_bits

from cvtool.errors import UsageError
from cvtool.layers.activations import ELU, LeakyReLU, PReLU, ReLU, Sigmoid, Tanh
from cvtool.layers.dropout import Dropout
from cvtool.layers.flatten import Flatten
from cvtool.layers.initialization import he
from cvtool.layers.maxout import Maxout
from cvtool.seeds import stream

LAYERS = {
    "relu": ReLU,
    "leaky-relu": LeakyReLU,
    "leaky-relu0.1": lambda: LeakyReLU(0.1),
    "prelu": PReLU,
    "prelu0.1": lambda: PReLU(0.1),
    "elu": ELU,
    "elu0.5": lambda: ELU(0.5),
    "sigmoid": Sigmoid,
    "tanh": Tanh,
    "maxout2": Maxout,
    "maxout3": lambda: Maxout(3),
    "dropout0.5": Dropout,
    "dropout0.25": lambda: Dropout(0.25),
    "flatten": Flatten,
}
SHAPES = [(3, 5, 4, 6), (1, 1, 1, 6), (4, 12)]


@pytest.fixture(params=LAYERS)
def formula(request):
    return request.param


def make(formula, shape, dtype=np.float64):
    """Make a layer that is ready for batches of a shape, its dropout mask held."""
    layer = LAYERS[formula]()
    layer.name = "it"
    layer.bind(shape[1:])
    layer.initialize(he, stream(0, "weights"), dtype)
    layer.reseed(lambda name: stream(0, "dropout", name))
    return layer


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_gradients_agree_with_central_differences(formula, shape):
    layer, inputs = make(formula, shape), random_batch(shape, np.float64)
    weights = random_batch((shape[0], *layer.output_shape), np.float64, seed=1)

    def loss(_):
        return float((layer.forward(inputs, training=True) * weights).sum())

    layer.forward(inputs, training=True)
    grad_inputs = layer.backward(weights.copy()).copy()
    np.testing.assert_allclose(grad_inputs, numerical_gradient(loss, inputs), atol=1e-8)
    for parameter in layer.parameters:
        expected = numerical_gradient(loss, parameter.values)
        np.testing.assert_allclose(parameter.gradient, expected, atol=1e-8)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("count", [0, 1, 5])
def test_shapes_and_types_are_as_announced(formula, count, dtype):
    layer = make(formula, (count, 3, 5, 6), dtype)
    inputs = random_batch((count, 3, 5, 6), dtype)
    before = inputs.copy()
    outputs = layer.forward(inputs, training=True)
    assert outputs.shape == (count, *layer.output_shape)
    grad_inputs = layer.backward(np.ones_like(outputs))
    assert grad_inputs.shape == inputs.shape
    assert outputs.dtype == grad_inputs.dtype == dtype
    np.testing.assert_array_equal(inputs, before)
    assert layer.formula == formula
    assert layer.parameter_count() == sum(each.values.size for each in layer.parameters)


def test_memory_may_lie_inside_borders_and_be_given(formula):
    shape = (3, 4, 5, 6)
    plain, bordered = make(formula, shape), make(formula, shape)
    inputs = random_batch(shape, np.float64)
    outputs = plain.forward(inputs, training=True).copy()
    gradient = random_batch(outputs.shape, np.float64, seed=1)
    grad_inputs = plain.backward(gradient.copy()).copy()

    around = inside_border if outputs.ndim == 4 else np.array
    out, grad_out = around(np.zeros_like(outputs)), inside_border(np.zeros_like(inputs), 2)
    assert bordered.forward(inside_border(inputs), training=True, out=out) is out
    assert bordered.backward(around(gradient), out=grad_out) is grad_out
    np.testing.assert_array_equal(out, outputs)
    np.testing.assert_array_equal(grad_out, grad_inputs)


def test_a_smaller_batch_gets_what_it_would_alone(formula):
    layer = make(formula, (5, 3, 3, 6))
    inputs = random_batch((5, 3, 3, 6), np.float64)
    whole = layer.forward(inputs, training=True).copy()
    np.testing.assert_array_equal(layer.forward(inputs[:2], training=True), whole[:2])


def test_threads_change_no_bit(formula):
    layer = make(formula, (7, 5, 3, 6), np.float32)
    inputs = random_batch((7, 5, 3, 6), np.float32)

    def compute():
        outputs = layer.forward(inputs, training=True).copy()
        grad_inputs = layer.backward(outputs.copy())
        return outputs, grad_inputs, *(each.gradient for each in layer.parameters)

    assert_same_bits(compute)


PEERS = {
    "relu": ("ReLU",),
    "leaky-relu": ("LeakyReLU", 0.01),
    "leaky-relu0.1": ("LeakyReLU", 0.1),
    "prelu": ("PReLU", 6),
    "elu": ("ELU",),
    "elu0.5": ("ELU", 0.5),
    "sigmoid": ("Sigmoid",),
    "tanh": ("Tanh",),
}


@pytest.mark.peer
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("formula", PEERS)
def test_activations_agree_with_pytorch(formula, dtype):
    torch = pytest.importorskip("torch", reason="the peer is PyTorch")
    name, *choices = PEERS[formula]
    module = getattr(torch.nn, name)(*choices).to(getattr(torch, dtype))
    # PyTorch takes the channels second.
    inputs = random_batch((13, 6), dtype)
    theirs = torch.tensor(inputs, requires_grad=True)
    expected = module(theirs)
    gradient = random_batch((13, 6), dtype, seed=1)
    expected.backward(torch.tensor(gradient))

    layer = make(formula, (13, 6), dtype)
    tolerance = {"rtol": 1e-5, "atol": 1e-6} if dtype == "float32" else {"rtol": 1e-12}
    outputs = layer.forward(inputs, training=True)
    np.testing.assert_allclose(outputs, expected.detach().numpy(), **tolerance)
    np.testing.assert_allclose(layer.backward(gradient), theirs.grad.numpy(), **tolerance)
    for parameter, peer in zip(layer.parameters, module.parameters(), strict=True):
        np.testing.assert_allclose(parameter.gradient, peer.grad.numpy(), **tolerance)


def test_relu_hands_on_what_its_neighbors_have_done():
    layer = make("relu", (2, 3))
    layer.forward_absorbed = layer.backward_absorbed = True
    inputs, gradient = np.array([[0.0, 1.0, 2.0]]), np.ones((1, 3))
    assert layer.forward(inputs) is inputs
    assert layer.backward(gradient) is gradient
    layer.backward_absorbed = False
    np.testing.assert_array_equal(layer.backward(gradient), [[0.0, 1.0, 1.0]])


def test_prelu_starts_as_a_leaky_relu_and_is_not_regularized():
    layer, leaky = make("prelu0.1", (4, 12)), make("leaky-relu0.1", (4, 12))
    inputs = random_batch((4, 12), np.float64)
    np.testing.assert_array_equal(layer.forward(inputs), leaky.forward(inputs))
    (slopes,) = layer.parameters
    assert slopes.name == "it/slopes"
    assert not slopes.regularized


def test_dropout_is_the_identity_at_inference():
    layer, inputs = make("dropout0.5", (2, 3)), np.ones((2, 3))
    assert layer.forward(inputs) is inputs
    assert layer.backward(inputs) is inputs


@settings(max_examples=20)
@given(seed=st.integers(0, 2**63 - 1), step=st.integers(0, 10**6))
def test_dropout_masks_follow_their_stream_and_can_be_held(seed, step):
    def mask(layer, position):
        layer.reseed(lambda name: stream(seed, "dropout", name, position))
        return layer.forward(np.ones((8, 64)), training=True).copy()

    layer, twin = make("dropout0.5", (8, 64)), make("dropout0.5", (8, 64))
    first = mask(layer, step)
    np.testing.assert_array_equal(first, mask(twin, step))
    assert (first != mask(layer, step + 1)).any()
    np.testing.assert_array_equal(first, mask(layer, step))
    layer.hold = True
    np.testing.assert_array_equal(first, mask(layer, step + 1))


def test_flatten_is_undone_by_its_backward_pass_without_copying():
    inputs = random_batch((3, 4, 5, 6), np.float32)
    layer = make("flatten", inputs.shape)
    outputs = layer.forward(inputs)
    assert np.shares_memory(outputs, inputs)
    np.testing.assert_array_equal(layer.backward(outputs), inputs)


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda: Dropout(1.0), "dropout takes a rate from 0 to below 1, not 1"),
        (lambda: LeakyReLU(-0.1), "leaky-relu takes a slope from 0 to below 1, not -0.1"),
        (lambda: ELU(0), "elu takes an alpha of more than 0, not 0"),
        (lambda: Maxout(1), "at least 2 pieces, not 1"),
        (lambda: Maxout(3).bind((4, 4, 32)), "that 3 divides, not 32: give the layer before 33"),
        (lambda: Maxout(4).bind((1,)), "give the layer before 4"),
    ],
)
def test_wrong_choices_are_told_with_a_remedy(build, words):
    with pytest.raises(UsageError, match=words):
        build()
