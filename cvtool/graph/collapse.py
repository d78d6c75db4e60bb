"""Several nodes as one: how coarse a graph is, is a choice (notes, §4.1).

``sigmoid`` takes 1/(1+exp(−x)) for one operation, whose derivative is (1 − σ)·σ; ``linear`` takes
a sum of products such as w0 + w1·x1 + w2·x2 for one.
"""

from collections.abc import Callable, Sequence
from math import prod

import numpy as np

from cvtool.errors import UsageError
from cvtool.graph.nodes import Array, Node, Operation, in_order
from cvtool.graph.operations import (
    ADD,
    DIVIDE,
    FUNCTIONS,
    MULTIPLY,
    NEGATE,
    SIGMOID,
    SUBTRACT,
    element_wise,
)

Term = tuple[float, tuple[Node, ...]]
"""A sign and the factors of a product."""


def collapse(root: Node, kinds: Sequence[str]) -> Node:
    """Merge nodes of an expression, in the order of the kinds.

    Raises
    ------
    UsageError
        If there is nothing of a kind to merge, or no such kind.
    """
    for kind in kinds:
        if kind not in MERGERS:
            raise UsageError(f"--collapse {kind} is unknown: take {' or '.join(MERGERS)}")
        merged = _rebuilt(root, MERGERS[kind])
        if not any(each.label == kind for each in in_order(merged)):
            raise UsageError(f"--collapse {kind} finds nothing to merge: leave it out")
        root = merged
    return root


def _rebuilt(node: Node, merge: Callable[[Node], Node]) -> Node:
    """Merge from the output to the inputs, keeping names the nodes that they are."""
    node = merge(node)
    if node.operation is None:
        return node
    inputs = tuple(_rebuilt(each, merge) for each in node.inputs)
    return Node(node.text, node.operation, inputs)


def _sigmoid(node: Node) -> Node:
    """Merge 1/(1+exp(−x)), the 1 at either side of the +."""
    if node.operation is not DIVIDE or not _is_one(node.inputs[0]):
        return node
    below = node.inputs[1]
    if below.operation is not ADD:
        return node
    for one, power in (below.inputs, below.inputs[::-1]):
        if _is_one(one) and power.operation is FUNCTIONS["exp"]:
            exponent = power.inputs[0]
            if exponent.operation is NEGATE:
                return Node(node.text, SIGMOID, exponent.inputs)
    return node


def _is_one(node: Node) -> bool:
    return node.operation is None and node.name is None and node.number == 1


def _linear(node: Node) -> Node:
    """Merge a sum, at least one of whose terms is a product."""
    if node.operation not in (ADD, SUBTRACT):
        return node
    terms = _terms(node, 1.0)
    if all(len(factors) == 1 for _, factors in terms):
        return node
    inputs = tuple(dict.fromkeys(each for _, factors in terms for each in factors))
    places = [(sign, [inputs.index(each) for each in factors]) for sign, factors in terms]
    return Node(node.text, _sum_of_products(places, len(inputs)), inputs)


def _terms(node: Node, sign: float) -> list[Term]:
    if node.operation in (ADD, SUBTRACT):
        second = -sign if node.operation is SUBTRACT else sign
        return _terms(node.inputs[0], sign) + _terms(node.inputs[1], second)
    if node.operation is NEGATE:
        return _terms(node.inputs[0], -sign)
    return [(sign, _factors(node))]


def _factors(node: Node) -> tuple[Node, ...]:
    if node.operation is not MULTIPLY:
        return (node,)
    return _factors(node.inputs[0]) + _factors(node.inputs[1])


def _sum_of_products(terms: list[tuple[float, list[int]]], inputs: int) -> Operation:
    def forward(*values: Array) -> Array:
        return np.asarray(sum(sign * prod(values[each] for each in term) for sign, term in terms))

    def derivative(number: int) -> Callable[..., Array | float]:
        """Leave the input out of each product once for every time that it is a factor."""

        def local(_: Array, *values: Array) -> Array | float:
            total: Array | float = 0.0
            for sign, term in terms:
                for place in (place for place, each in enumerate(term) if each == number):
                    others = [*term[:place], *term[place + 1 :]]
                    total = total + sign * prod(values[each] for each in others)
            return total

        return local

    return element_wise("linear", forward, *map(derivative, range(inputs)))


MERGERS: dict[str, Callable[[Node], Node]] = {"sigmoid": _sigmoid, "linear": _linear}
