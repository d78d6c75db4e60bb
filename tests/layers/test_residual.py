"""The residual block: sums, projections, and branches that do not survive every step."""

from types import SimpleNamespace

import numpy as np
import pytest
from reference.batches import random_batch
from reference.chains import learn, make_chain, separate
from reference.differences import numerical_gradient

from cvtool.errors import UsageError
from cvtool.layers.convolution import Convolution
from cvtool.layers.fully_connected import FullyConnected
from cvtool.layers.residual import Residual
from cvtool.seeds import stream

IMAGE = (5, 4, 6)
KEEPING = "res0.25(conv3-6 + bn + relu + conv3-6)"
PROJECTING = "res0.25(conv3-4/2 + bn)"


def let(chain, survives):
    """Decide the fate of all branches."""
    chain.reseed(lambda _: SimpleNamespace(random=lambda: 0.0 if survives else 0.999))
    return chain


def batch_for(chain, count=2):
    inputs = random_batch((count, *chain.input_shape), "f8", seed=2)
    return inputs, random_batch((count, *chain.output_shape), "f8", seed=3)


@pytest.mark.parametrize("formula", [KEEPING, PROJECTING, KEEPING + " + relu"])
@pytest.mark.parametrize("survives", [True, False])
def test_gradients_agree_with_central_differences_whatever_survives(formula, survives):
    chain = let(make_chain(formula, IMAGE), survives)
    inputs, weights = batch_for(chain)

    def loss(_):
        return float(np.vdot(chain.forward(inputs, training=True), weights))

    for parameter in chain.parameters:
        parameter.gradient[...] = 7  # what the step before may have left
    _, grad_inputs, *gradients = learn(chain, inputs, weights)
    np.testing.assert_allclose(grad_inputs, numerical_gradient(loss, inputs), atol=1e-7)
    for gradient, parameter in zip(gradients, chain.parameters, strict=True):
        expected = numerical_gradient(loss, parameter.values)
        np.testing.assert_allclose(gradient, expected, atol=1e-7)


@pytest.mark.parametrize("formula", [KEEPING, PROJECTING])
def test_a_block_adds_its_branch_to_its_shortcut(formula):
    chain = make_chain(formula, IMAGE)
    (block,) = chain.layers
    inputs, _ = batch_for(chain, 3)
    passed = block.shortcut.forward(inputs).copy()
    branch = block.branch.forward(inputs).copy()
    np.testing.assert_allclose(chain.forward(inputs), 0.25 * branch + passed, rtol=1e-12)
    passed = block.shortcut.forward(inputs, training=True).copy()
    branch = block.branch.forward(inputs, training=True).copy()
    outputs = let(chain, survives=True).forward(inputs, training=True)
    np.testing.assert_allclose(outputs, branch + passed, rtol=1e-12)
    outputs = let(chain, survives=False).forward(inputs, training=True)
    np.testing.assert_array_equal(outputs, passed)


def test_a_dead_branch_learns_nothing_and_keeps_its_statistics():
    chain = let(make_chain(KEEPING, IMAGE), survives=False)
    before = {name: array.copy() for name, array in chain.state.items()}
    _, grad_inputs, *gradients = learn(chain, *batch_for(chain))
    assert not any(gradient.any() for gradient in gradients)
    np.testing.assert_array_equal(grad_inputs, batch_for(chain)[1])
    for name, array in chain.state.items():
        np.testing.assert_array_equal(array, before[name])


def test_branches_survive_as_often_as_said_and_by_their_own_streams():
    chain = make_chain("res0.25(conv1-6) + res0.25(conv1-6)", IMAGE)

    def fates(step):
        chain.reseed(lambda name: stream(0, "noise", name, step))
        return [layer._alive for layer in chain.layers]

    lived = np.array([fates(step) for step in range(400)])
    np.testing.assert_allclose(lived.mean(axis=0), 0.25, atol=0.08)
    assert (lived[:, 0] != lived[:, 1]).any()
    assert [fates(step) for step in range(9)] == lived[:9].tolist()


def test_the_shortcut_is_a_projection_only_where_shapes_differ():
    def shortcut(formula):
        (block,) = make_chain(formula, IMAGE).layers
        return block.shortcut.formula

    assert shortcut("res(conv3-6)") == ""
    assert shortcut("res(conv3-4)") == "conv1-4"
    assert shortcut("res(conv3-6/2 + conv3-6)") == "conv1-6/2"
    assert shortcut("res(conv3-6/2 + bn + relu + conv3-6)") == "conv1-6/2 + bn"


def test_a_relu_behind_is_computed_along():
    chain = make_chain("res(conv3-6) + relu", IMAGE, "f4")
    inputs = random_batch((3, *IMAGE), "f4")
    joined = chain.forward(inputs, training=True).copy()
    assert (joined >= 0).all()
    np.testing.assert_array_equal(joined, separate(chain).forward(inputs, training=True))


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (
            lambda: Residual([Convolution(4)], survival=0),
            "above 0 and at most 1, not 0: write res0",
        ),
        (lambda: Residual([Convolution(4)], survival=1.5), "at most 1, not 1.5"),
        (lambda: Residual([Convolution(4, (3, 3), 1, 0)]).bind((7, 7, 4)), "7×7×4 into 5×5×4"),
        (lambda: Residual([FullyConnected(3)]).bind((5,)), "turns 5 into 3"),
    ],
)
def test_wrong_choices_are_told_with_a_remedy(build, words):
    with pytest.raises(UsageError, match=words):
        build()
