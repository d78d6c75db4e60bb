"""A computational graph with what flowed through it, forward and backward."""

from collections.abc import Mapping
from dataclasses import dataclass

Value = float | list[float] | list[list[float]]
"""A number, a vector or a matrix."""


@dataclass(frozen=True)
class GraphEdge:
    """One input of a node.

    ``local`` is the derivative of the node by it: a number, or the Jacobian ``(elements of the
    node, elements of the input)``. It is None if it is by a number that is written in the
    expression, or too large to show; then ``jacobian`` still says its shape.
    """

    node: int
    local: Value | None
    jacobian: tuple[int, int] | None = None


@dataclass(frozen=True)
class GraphNode:
    """One node, by its number; inputs have lower numbers, the output has the highest.

    ``gradient`` is None for what depends on no name.
    """

    label: str
    text: str
    shape: tuple[int, ...]
    value: Value
    gradient: Value | None
    inputs: tuple[GraphEdge, ...]


@dataclass(frozen=True)
class GraphInput:
    """The gradient of one name beside central differences; ``note`` says what is special there."""

    name: str
    value: Value
    gradient: Value
    numeric: Value
    relative_error: float
    note: str
    ok: bool


@dataclass(frozen=True)
class GraphResult:
    """An expression differentiated; the largest relative error is over inputs away from kinks."""

    expression: str
    value: float
    gradients: Mapping[str, Value]
    numeric: Mapping[str, Value]
    max_relative_error: float
    ok: bool
    inputs: tuple[GraphInput, ...]
    nodes: tuple[GraphNode, ...]
