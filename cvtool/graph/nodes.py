"""What a graph is made of, and the order in which it is computed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Operation:
    """One kind of node: what it computes and how a gradient flows back through it.

    ``forward`` takes the values of the inputs. ``backward`` takes the gradient of the output, the
    number of an input, the output and the inputs, and returns the gradient of that input.
    ``winners`` says on which side of its kinks an operation is, as signs; ``complaint`` why it
    has no value there, or nothing.
    """

    symbol: str
    arity: int
    forward: Callable[..., Array]
    backward: Callable[..., Array]
    winners: Callable[..., Array] | None = None
    complaint: Callable[..., str | None] | None = None


@dataclass(frozen=True, eq=False)
class Node:
    """An operation on other nodes, a name whose value is given, or a number.

    ``text`` is the part of the expression that it stands for.
    """

    text: str
    operation: Operation | None = None
    inputs: tuple["Node", ...] = ()
    name: str | None = None
    number: float = 0.0

    @property
    def label(self) -> str:
        """What is written into the node: the sign of the operation, the name, the number."""
        return self.operation.symbol if self.operation else self.name or self.text


def in_order(root: Node) -> list[Node]:
    """List every node once, inputs before what is computed from them, the output last."""
    order: dict[Node, None] = {}
    waiting: list[tuple[Node, bool]] = [(root, False)]
    while waiting:
        node, inputs_are_listed = waiting.pop()
        if inputs_are_listed:
            order[node] = None
        elif node not in order:
            waiting.append((node, True))
            waiting.extend((each, False) for each in reversed(node.inputs))
    return list(order)


def depending(order: list[Node]) -> set[Node]:
    """Return the nodes that a name has influence on: only these have a gradient to speak of."""
    found: set[Node] = set()
    for node in order:
        if node.name or any(each in found for each in node.inputs):
            found.add(node)
    return found


def spelled(value: Any) -> str:
    """Write a number, or an array by its shape."""
    array = np.asarray(value)
    return f"{float(array):.6g}" if array.ndim == 0 else shape_words(array.shape)


def shape_words(shape: tuple[int, ...]) -> str:
    """Write a shape in words: ``a number``, ``a vector of 3``, ``a matrix of 2×3``."""
    kinds = ("a number", "a vector of ", "a matrix of ")
    return kinds[len(shape)] + "×".join(map(str, shape))
