"""The operations that an expression may use, each with its local derivative (notes, §4.1)."""

from collections.abc import Callable
from typing import Any

import numpy as np

from cvtool.graph.nodes import Array, Operation, shape_words, spelled


def fitted(gradient: Array, shape: tuple[int, ...]) -> Array:
    """Sum the gradient of a number that was used with every element of an array."""
    return gradient if gradient.shape == shape else np.asarray(gradient.sum())


def element_wise(
    symbol: str,
    forward: Callable[..., Any],
    *derivatives: Callable[..., Any],
    winners: Callable[..., Any] | None = None,
    complaint: Callable[..., str | None] | None = None,
) -> Operation:
    """Make an operation on each element, from its derivative by each input.

    A derivative takes the output and then the inputs.
    """

    def backward(gradient: Array, number: int, output: Array, *inputs: Array) -> Array:
        local = derivatives[number](output, *inputs)
        return fitted(np.asarray(gradient * local), inputs[number].shape)

    def complain(*inputs: Array) -> str | None:
        return _unequal(symbol, *inputs) or (complaint(*inputs) if complaint else None)

    return Operation(symbol, len(derivatives), forward, backward, winners, complain)


def _unequal(symbol: str, *inputs: Array) -> str | None:
    shapes = {each.shape for each in inputs if each.ndim}
    if len(shapes) < 2:
        return None
    words = " and ".join(shape_words(each.shape) for each in inputs)
    return f"{symbol} takes equal shapes, or a number with an array, not {words}: change the values"


def _outside(words: str, bad: Callable[[Array], Any], number: int) -> Callable[..., str | None]:
    """Complain of the first element of an input for which an operation is not defined."""

    def complain(*inputs: Array) -> str | None:
        elements = np.ravel(inputs[number])
        wrong = elements[bad(elements)]
        return words.format(spelled(wrong[0])) if wrong.size else None

    return complain


def _power_complaint(base: Array, exponent: Array) -> str | None:
    base, exponent = np.broadcast_arrays(base, exponent)
    if np.any((base == 0) & (exponent < 0)):
        return "0 has no negative power: choose values that keep the base away from 0"
    if np.any((base < 0) & (exponent != np.round(exponent))):
        return "a base below 0 takes whole exponents only: choose values that keep it above 0"
    return None


def _by_base(_: Array, base: Array, exponent: Array) -> Array:
    lower = np.power(base, np.where(exponent == 0, 1.0, exponent) - 1)
    return np.asarray(exponent * lower)


def _by_exponent(output: Array, base: Array, exponent: Array) -> Array:
    logarithm = np.log(np.where(base == 0, 1.0, base))
    return np.asarray(np.where((base == 0) & (exponent > 0), 0.0, output * logarithm))


def _sigmoid(x: Array) -> Array:
    small = np.exp(-np.abs(x))
    return np.asarray(np.where(x >= 0, 1.0, small) / (1 + small))


def _product_complaint(left: Array, right: Array) -> str | None:
    if not left.ndim or not right.ndim:
        return "@ takes vectors and matrices, not numbers: write * for a product with a number"
    if left.shape[-1] == right.shape[0]:
        return None
    return (
        f"@ takes as many columns at its left as rows at its right, not {shape_words(left.shape)} "
        f"and {shape_words(right.shape)}: change the values or their order"
    )


def _product_backward(gradient: Array, number: int, _: Array, left: Array, right: Array) -> Array:
    """Go back through a product of matrices, a vector being a row at the left, a column else."""
    rows, columns = np.atleast_2d(left), right.reshape(len(right), -1)
    flowing = gradient.reshape(len(rows), columns.shape[1])
    if number == 0:
        return (flowing @ columns.T).reshape(left.shape)
    return (rows.T @ flowing).reshape(right.shape)


def _sum_backward(gradient: Array, number: int, output: Array, x: Array) -> Array:
    del number, output
    return np.full(x.shape, gradient)


ADD = element_wise("+", np.add, lambda z, a, b: 1.0, lambda z, a, b: 1.0)
SUBTRACT = element_wise("−", np.subtract, lambda z, a, b: 1.0, lambda z, a, b: -1.0)
MULTIPLY = element_wise("×", np.multiply, lambda z, a, b: b, lambda z, a, b: a)
DIVIDE = element_wise(
    "÷",
    np.divide,
    lambda z, a, b: 1 / b,
    lambda z, a, b: -a / b**2,
    complaint=_outside(
        "÷ by {} has no value: choose values that keep the divisor away from 0",
        lambda x: x == 0,
        1,
    ),
)
POWER = element_wise("**", np.power, _by_base, _by_exponent, complaint=_power_complaint)
NEGATE = element_wise("neg", np.negative, lambda z, x: -1.0)
MATRIX_PRODUCT = Operation("@", 2, np.matmul, _product_backward, None, _product_complaint)
SIGMOID = element_wise("sigmoid", _sigmoid, lambda z, x: z * _sigmoid(-x))

BINARY = {
    "+": ADD,
    "-": SUBTRACT,
    "*": MULTIPLY,
    "/": DIVIDE,
    "@": MATRIX_PRODUCT,
    "**": POWER,
}

FUNCTIONS = {
    each.symbol: each
    for each in (
        element_wise("exp", np.exp, lambda z, x: z),
        element_wise(
            "log",
            np.log,
            lambda z, x: 1 / x,
            complaint=_outside(
                "log takes numbers above 0, not {}: change the values", lambda x: x <= 0, 0
            ),
        ),
        element_wise(
            "sqrt",
            np.sqrt,
            lambda z, x: 0.5 / z,
            complaint=_outside(
                "sqrt takes numbers from 0, not {}: change the values", lambda x: x < 0, 0
            ),
        ),
        element_wise("sin", np.sin, lambda z, x: np.cos(x)),
        element_wise("cos", np.cos, lambda z, x: -np.sin(x)),
        element_wise("tanh", np.tanh, lambda z, x: 1 / np.cosh(x) ** 2),
        SIGMOID,
        element_wise(
            "relu",
            lambda x: np.maximum(x, 0),
            lambda z, x: np.where(x > 0, 1.0, 0.0),
            winners=np.sign,
        ),
        element_wise("abs", np.abs, lambda z, x: np.sign(x), winners=np.sign),
        element_wise(
            "max",
            np.maximum,
            lambda z, a, b: np.where(a >= b, 1.0, 0.0),
            lambda z, a, b: np.where(a >= b, 0.0, 1.0),
            winners=lambda a, b: np.sign(a - b),
        ),
        element_wise(
            "min",
            np.minimum,
            lambda z, a, b: np.where(a <= b, 1.0, 0.0),
            lambda z, a, b: np.where(a <= b, 0.0, 1.0),
            winners=lambda a, b: np.sign(a - b),
        ),
        Operation("sum", 1, lambda x: np.asarray(x.sum()), _sum_backward),
    )
}
"""What is called by name; the first of two that tie takes the gradient, a ReLU at 0 has none."""
