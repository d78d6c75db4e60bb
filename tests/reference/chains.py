"""Chains of layers for tests: made ready from a formula, and run without help among neighbors."""

import numpy as np
from reference.batches import random_batch

from cvtool.layers.chain import Chain
from cvtool.layers.initialization import he
from cvtool.models.architecture import parse
from cvtool.seeds import stream

JOINED = ("rectifies", "masks", "forward_absorbed", "backward_absorbed")


def make_chain(formula, input_shape, dtype="f8", conv="direct"):
    """Bind a chain and give it parameters, none of which are left at the 0 or 1 they start at."""
    chain = Chain(parse(formula, conv=conv).layers)
    chain.bind(input_shape)
    for layer in chain.walk():
        layer.initialize(he, stream(0, "weights", layer.name), dtype)
    for seed, parameter in enumerate(chain.parameters):
        spread = random_batch(parameter.values.shape, dtype, seed, scale=0.1)
        parameter.values[...] += spread
    chain.reseed(lambda name: stream(0, "noise", name))
    return chain


def gradients(chain):
    return [parameter.gradient.copy() for parameter in chain.parameters]


def learn(chain, inputs, grad_outputs):
    """Go forward and back; return copies of outputs, gradient of inputs, and all others."""
    outputs = chain.forward(inputs, training=True).copy()
    grad_inputs = chain.backward(grad_outputs.copy()).copy()
    return outputs, grad_inputs, *gradients(chain)


def separate(chain):
    """Undo all that binding joins."""
    for layer in chain.walk():
        for name in JOINED:
            if hasattr(layer, name):
                setattr(layer, name, False)
    return chain


def learn_apart(chain, inputs, grad_outputs):
    """Do what ``learn`` does, each layer for itself and on copies."""
    for layer in separate(chain).layers:
        inputs = np.copy(layer.forward(inputs, training=True))
    for layer in reversed(chain.layers):
        grad_outputs = np.copy(layer.backward(np.copy(grad_outputs)))
    return inputs, grad_outputs, *gradients(chain)
