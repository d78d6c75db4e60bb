"""``graph``: an expression differentiated by backpropagation, with differences beside."""

from collections.abc import Mapping, Sequence

import numpy as np

from cvtool.graph.backpropagation import backward, forward, jacobian
from cvtool.graph.collapse import collapse
from cvtool.graph.differences import agree, differences, relative_error
from cvtool.graph.expression import parse
from cvtool.graph.given_values import read_values
from cvtool.graph.nodes import Array, Node, in_order
from cvtool.records import GraphEdge, GraphInput, GraphNode, GraphResult

SHOWN_ROWS, SHOWN_COLUMNS = 4, 6
"""A Jacobian that is larger is named by its shape only."""

NOTES = {
    "kink": "at a kink: its slope has a jump, which no difference can judge",
    "edge": "at the edge of where there is a value, where no difference can be taken",
}


def graph(
    expression: str, assignments: Sequence[str], collapsed: Sequence[str] = ()
) -> GraphResult:
    """Send values forward through the graph of an expression, and gradients back.

    Parameters
    ----------
    expression
        For example ``"1/(1+exp(-w*x))"``.
    assignments
        A value for each name, as ``"w=-3"``.
    collapsed
        Kinds of nodes to merge: ``"sigmoid"``, ``"linear"``.

    Raises
    ------
    UsageError
        If the expression or a value cannot be read, or has no finite value or gradient.
    """
    order = in_order(collapse(parse(expression), collapsed))
    given = read_values(assignments, order)
    values = forward(order, given)
    gradients = backward(order, values)
    by_name = {node.name: gradients[node] for node in order if node.name}
    inputs = tuple(_judged(order, given, name, by_name[name]) for name in given)
    return GraphResult(
        expression=expression,
        value=float(values[order[-1]]),
        gradients={each.name: each.gradient for each in inputs},
        numeric={each.name: each.numeric for each in inputs},
        max_relative_error=max((each.relative_error for each in inputs), default=0.0),
        ok=all(each.ok for each in inputs),
        inputs=inputs,
        nodes=_recorded(order, values, gradients),
    )


def _judged(
    order: list[Node], given: Mapping[str, Array], name: str, gradient: Array
) -> GraphInput:
    found = differences(order, given, name)
    smooth = np.reshape([each == "smooth" for each in found.places], gradient.shape)
    errors = relative_error(gradient, found.slope)[smooth]
    return GraphInput(
        name=name,
        value=given[name].tolist(),
        gradient=gradient.tolist(),
        numeric=found.slope.tolist(),
        relative_error=float(errors.max(initial=0.0)),
        note="; ".join(words for place, words in NOTES.items() if place in found.places),
        ok=agree(gradient, found),
    )


def _recorded(
    order: list[Node], values: Mapping[Node, Array], gradients: Mapping[Node, Array]
) -> tuple[GraphNode, ...]:
    numbers = {node: number for number, node in enumerate(order)}

    def edge(node: Node, place: int) -> GraphEdge:
        source = node.inputs[place]
        rows, columns = values[node].size, values[source].size
        of_numbers = not values[node].ndim and not values[source].ndim
        shape = None if of_numbers else (rows, columns)
        if source not in gradients or rows > SHOWN_ROWS or columns > SHOWN_COLUMNS:
            return GraphEdge(numbers[source], None, shape if source in gradients else None)
        local = jacobian(node, place, values)
        return GraphEdge(
            numbers[source], float(local.item()) if of_numbers else local.tolist(), shape
        )

    return tuple(
        GraphNode(
            label=node.label,
            text=node.text,
            shape=values[node].shape,
            value=values[node].tolist(),
            gradient=gradients[node].tolist() if node in gradients else None,
            inputs=tuple(edge(node, place) for place in range(len(node.inputs))),
        )
        for node in order
    )
