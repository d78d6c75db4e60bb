"""Values forward through a graph, gradients backward (notes, §4.1)."""

from collections.abc import Mapping

import numpy as np

from cvtool.errors import UsageError
from cvtool.graph.nodes import Array, Node, depending, shape_words, spelled


def forward(order: list[Node], given: Mapping[str, Array]) -> dict[Node, Array]:
    """Compute the value of every node, float64.

    Raises
    ------
    UsageError
        If shapes do not fit, or an operation has no finite value.
    """
    values: dict[Node, Array] = {}
    for node in order:
        if node.operation:
            values[node] = _computed(node, [values[each] for each in node.inputs])
        else:
            values[node] = given[node.name] if node.name else np.array(node.number)
    return values


def _computed(node: Node, inputs: list[Array]) -> Array:
    assert node.operation is not None
    complaint = node.operation.complaint and node.operation.complaint(*inputs)
    if complaint:
        raise UsageError(f"{_place(node)}: {complaint}")
    with np.errstate(all="ignore"):
        value = np.asarray(node.operation.forward(*inputs), np.float64)
    if not np.isfinite(value).all():
        taken = " and ".join(map(spelled, inputs))
        raise UsageError(
            f"{_place(node)}: {node.label} of {taken} is beyond float64: take smaller values"
        )
    return value


def backward(order: list[Node], values: Mapping[Node, Array]) -> dict[Node, Array]:
    """Send the gradient 1 of the output back; what is used twice adds up what comes back to it.

    Parameters
    ----------
    order
        The nodes, inputs first, the output last.
    values
        Their values.

    Returns
    -------
    dict
        The gradient of each node that a name has influence on, in the shape of its value.

    Raises
    ------
    UsageError
        If the output is no single number, or a gradient is not finite.
    """
    root, wanted = order[-1], depending(order)
    if values[root].ndim:
        raise UsageError(
            f"the gradient is of one number, not of {shape_words(values[root].shape)}: "
            f"write sum({_short(root)})"
        )
    gradients = {node: np.zeros_like(values[node]) for node in order if node in wanted | {root}}
    gradients[root] = np.ones_like(values[root])
    for node in reversed(order):
        for number, each in enumerate(node.inputs):
            if each in wanted:
                gradients[each] += sent_back(node, number, gradients[node], values)
    return gradients


def sent_back(node: Node, number: int, gradient: Array, values: Mapping[Node, Array]) -> Array:
    """Multiply the gradient of a node by the derivative by one of its inputs (the chain rule)."""
    assert node.operation is not None
    inputs = [values[each] for each in node.inputs]
    with np.errstate(all="ignore"):
        flowing = node.operation.backward(gradient, number, values[node], *inputs)
    if not np.isfinite(flowing).all():
        raise UsageError(
            f"{_place(node)}: {node.label} has no finite derivative by "
            f"'{_short(node.inputs[number])}' at {' and '.join(map(spelled, inputs))}: "
            f"move the values, or write a number for what is not to be differentiated by"
        )
    return np.asarray(flowing, np.float64)


def jacobian(node: Node, number: int, values: Mapping[Node, Array]) -> Array:
    """Return the derivatives of a node by one input, ``(elements of it, elements of the input)``.

    Row by row: each is what comes back when the gradient is 1 at one element of the output.
    """
    shape = values[node].shape
    ones = np.eye(values[node].size)
    return np.stack([sent_back(node, number, one.reshape(shape), values).ravel() for one in ones])


def _place(node: Node) -> str:
    return f"in '{_short(node)}'"


def _short(node: Node) -> str:
    return node.text if len(node.text) <= 60 else f"{node.text[:59]}…"
