"""Layers in the order of channels-first libraries: none is forgotten, nothing changes its place."""

import importlib
import inspect
import pkgutil

import numpy as np
import pytest
from reference.exchange import classifier_of

import cvtool.layers
from cvtool.layers.base import Layer
from cvtool.layers.chain import Chain
from cvtool.layers.residual import Residual
from cvtool.models.exchange.channels_first import ARRAYS, channels_first
from cvtool.models.exchange.onnx_layers import NODES
from cvtool.models.exchange.pytorch_layers import MODULES
from cvtool.models.exchange.pytorch_weights import pytorch_arrays


def every_layer():
    """Find all kinds of layers that a network may be made of."""
    for module in pkgutil.iter_modules(cvtool.layers.__path__):
        importlib.import_module(f"cvtool.layers.{module.name}")
    kinds, found = [Layer], set()
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        found.add(kind)
    return {
        kind
        for kind in found - {Chain}
        if kind.__module__.startswith("cvtool.") and not inspect.isabstract(kind)
    }


@pytest.mark.parametrize("registry", [NODES, MODULES], ids=["onnx", "pytorch"])
def test_every_kind_of_layer_is_known(registry):
    assert set(registry) == every_layer()


def test_all_that_learns_has_its_arrays():
    own = {kind for kind in every_layer() if "initialize" in vars(kind)}
    assert set(ARRAYS) == own
    assert Residual not in own  # its layers have


def test_filters_and_weights_are_turned():
    classifier = classifier_of("conv2x3-5p0 + relu + fc-7 + bn", (4, 6, 2))
    ours = classifier.network.arrays()
    theirs = pytorch_arrays(classifier, channels_first(classifier.network.chain.layers))
    filters, weights = ours["conv1/weights"], ours["fc1/weights"]
    assert theirs["conv1.weight"].shape == (5, 2, 2, 3)
    assert theirs["conv1.weight"][4, 1, 0, 2] == filters[0, 2, 1, 4]
    # The images that are flattened are 3×4×5: row 1, column 3, channel 2 of ours …
    assert theirs["fc1.weight"].shape == (7, 60)
    row = theirs["fc1.weight"][:, 2 * 12 + 1 * 4 + 3]
    np.testing.assert_array_equal(row, weights[1 * 20 + 3 * 5 + 2])
    assert theirs["bn1.num_batches_tracked"].dtype == np.int64
    np.testing.assert_array_equal(
        theirs["bn1.running_var"], ours["bn1/running_variance"].astype("f4")
    )


def test_a_flatten_keeps_our_order_only_where_channels_are_grouped_behind_it():
    def kept(text):
        steps = channels_first(classifier_of(text, (4, 6, 2)).network.chain.layers)
        return [step.channels_last for step in steps if step.name.startswith("flatten")]

    assert kept("flatten + prelu + fc-5 + relu") == [False]
    assert kept("flatten + maxout2") == [True]
    assert kept("conv3-4 + flatten + res(bn)") == [True]
    assert kept("conv4x6-3p0 + flatten + maxout3") == [False]  # of one pixel, all orders are one
