"""Mistakes in the derivatives of nonlinearities."""

from typing import Any

import numpy as np

from cvtool.diagnostics.gradients.fault import Fault, afterwards, slope
from cvtool.layers.activations import ELU, LeakyReLU, PReLU, ReLU, Sigmoid, Tanh
from cvtool.layers.base import Array
from cvtool.layers.maxout import Maxout


def _slope(owner: type, name: str, what: str, wrong: Any, *cases: str) -> Fault:
    return Fault(name, what, owner, "_differentiate", slope(wrong), cases)


def _first_image(layer: Any, grads: Array, _grad_inputs: Array) -> None:
    """Add the slopes' gradient up over one image instead of all."""
    inputs = layer._inputs[:1]
    terms = grads[:1] * np.where(inputs > 0, 0, inputs)
    layer.parameters[0].gradient[...] = terms.sum(axis=tuple(range(terms.ndim - 1)))


def _to_all(layer: Any, grads: Array, grad_inputs: Array) -> None:
    grad_inputs[...] = np.repeat(grads, layer.pieces, axis=-1)


POINTWISE_FAULTS = (
    _slope(
        ReLU,
        "relu mask",
        "upside down",
        lambda _, grads, outputs: grads * (outputs <= 0),
        "relu on 5×7×4",
    ),
    _slope(
        ReLU,
        "relu ≥",
        "gradient passes where the output is 0",
        lambda _, grads, outputs: grads * (outputs >= 0),
        "relu on 5×7×4",
    ),
    _slope(
        LeakyReLU,
        "leak",
        "slope forgotten",
        lambda _, grads, outputs: grads * (outputs > 0),
        "leaky-relu on 5×7×4",
        "leaky-relu0.1 on 6",
    ),
    _slope(
        Sigmoid,
        "sigmoid",
        "s instead of s(1 − s)",
        lambda _, grads, outputs: grads * outputs,
        "sigmoid on 5×7×4",
    ),
    _slope(
        Tanh,
        "tanh",
        "1 − t instead of 1 − t²",
        lambda _, grads, outputs: grads * (1 - outputs),
        "tanh on 6",
    ),
    _slope(
        ELU,
        "elu",
        "α taken for 1",
        lambda _, grads, outputs: grads * np.where(outputs > 0, 1, outputs + 1),
        "elu0.5 on 6",
    ),
    Fault(
        "prelu",
        "slopes' gradient of one image only",
        PReLU,
        "backward",
        afterwards(_first_image),
        ("prelu on 5×7×4", "prelu0.1 on 6"),
    ),
    Fault(
        "maxout",
        "gradient to all pieces",
        Maxout,
        "backward",
        afterwards(_to_all),
        ("maxout2 on 5×7×4", "maxout3 on 6"),
    ),
)
