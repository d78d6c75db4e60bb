"""A check blames what is wrong, excuses what is not, and leaves everything as it was."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from reference.chains import make_chain

from cvtool.diagnostics.gradients.checking import Rules, check, coordinates
from cvtool.diagnostics.gradients.differences import Value, central_difference
from cvtool.diagnostics.gradients.kinks import forward, hinge_winners, signs
from cvtool.diagnostics.gradients.subjects import Tensor
from cvtool.diagnostics.gradients.verdicts import PRECISIONS
from cvtool.layers.base import Array

RULES = Rules(samples=50, step=1e-5, precision=PRECISIONS["float64"])


@dataclass
class Function:
    """Σ f(x) with a derivative that may be wrong."""

    x: Array
    f: Callable[[Array], Array]
    derivative: Callable[[Array], Array]
    won: Callable[[Array], bytes] = lambda _: b""

    def tensors(self) -> Iterator[Tensor]:
        yield Tensor("x", self.x, self.derivative(self.x))

    def value(self) -> Value:
        terms = self.f(self.x)
        return Value(float(terms.sum()), float(np.abs(terms).sum()), self.won(self.x))


def numbers() -> Array:
    return np.random.default_rng(0).uniform(0.5, 2, (3, 4))


def absolute(x: Array) -> Function:
    return Function(x, np.abs, np.sign, signs)


def test_a_right_gradient_makes_happy() -> None:
    found = check("sine", "function", Function(numbers(), np.sin, np.cos), RULES)
    assert (found.ok, found.verdict, found.kinks, found.coordinates) == (True, "happy", 0, 12)
    assert 0 < found.max_relative_error < 1e-7


def test_nothing_is_left_changed() -> None:
    x = numbers()
    check("sine", "function", Function(x, np.sin, np.sin), RULES)
    np.testing.assert_array_equal(x, numbers())


@pytest.mark.parametrize(
    ("factor", "verdict"), [(-1, "wrong"), (2, "wrong"), (1.001, "uncomfortable")]
)
def test_a_wrong_gradient_is_caught(factor: float, verdict: str) -> None:
    spoiled = Function(numbers(), np.sin, lambda x: factor * np.cos(x))
    found = check("sine", "function", spoiled, RULES)
    assert (found.ok, found.verdict, found.worst) == (False, verdict, "x")


def test_one_wrong_number_among_many_is_caught() -> None:
    def derivative(x: Array) -> Array:
        slopes = np.cos(x)
        slopes[1, 2] *= 1.1
        return slopes

    [tensor] = check("sine", "function", Function(numbers(), np.sin, derivative), RULES).tensors
    assert tensor.index == (1, 2)
    assert tensor.max_relative_error == pytest.approx(1 - 1 / 1.1)


def test_no_number_is_wrong() -> None:
    spoiled = Function(numbers(), np.sin, lambda x: np.full_like(x, np.nan))
    assert check("sine", "function", spoiled, RULES).verdict == "wrong"


def test_zero_beside_zero_is_right() -> None:
    flat = Function(numbers(), np.zeros_like, np.zeros_like)
    assert check("zero", "function", flat, RULES).max_relative_error == 0


def test_a_kink_is_counted_and_not_blamed() -> None:
    x = numbers()
    x[0, 0] = 2e-6
    found = check("absolute", "function", absolute(x), RULES)
    assert (found.ok, found.kinks, found.verdict) == (True, 1, "happy")


def test_kinks_everywhere_are_looked_at_from_nearer_by() -> None:
    found = check("absolute", "function", absolute(np.full(4, 5e-6)), RULES)
    assert (found.ok, found.kinks) == (True, 0)
    found = check("absolute", "function", absolute(np.zeros(4)), RULES)
    assert (found.ok, found.kinks, found.verdict) == (True, 4, "kinks only")


def test_doubt_sweeps_over_steps_and_keeps_the_best() -> None:
    """At 300 radians a unit, a step of 1e-3 bends too much and one of 1e-5 does not."""
    fast = Function(numbers(), lambda x: np.sin(300 * x), lambda x: 300 * np.cos(300 * x))
    found = check("fast", "function", fast, Rules(50, 1e-3, PRECISIONS["float64"]))
    [tensor] = found.tensors
    assert found.ok
    errors = {point.step: point.error for point in tensor.sweep}
    assert list(errors) == list(PRECISIONS["float64"].sweep)
    assert min(errors.values()) < 1e-3 * errors[1e-3]


def test_stored_pixels_move_by_one() -> None:
    pixels = np.array([3, 200], np.uint8)
    found = central_difference(
        lambda: Value(2.0 * int(pixels[0]) + int(pixels[1]), 1.0, b""), pixels, (0,), 1e-5
    )
    assert (found.slope, found.step) == (2.0, 1.0)
    assert pixels.tolist() == [3, 200]


def test_coordinates_begin_with_the_steepest_and_the_ends_and_come_once() -> None:
    gradient = np.arange(12.0).reshape(3, 4)
    gradient[1, 1] = -50
    places = list(coordinates(gradient, np.random.default_rng(0)))
    assert places[:3] == [(1, 1), (0, 0), (2, 3)]
    assert sorted(places) == list(np.ndindex(3, 4))
    assert not list(coordinates(np.zeros((0, 3)), np.random.default_rng(0)))


@pytest.mark.parametrize(
    "formula", ["relu", "leaky-relu0.1", "prelu", "elu", "maxpool2", "maxout2"]
)
def test_winners_change_where_the_slope_does(formula: str) -> None:
    chain = make_chain(formula, (2, 2, 2))
    inputs = np.array([[[[0.5, 0.1], [0.2, 0.4]], [[0.3, 0.7], [0.6, 0.8]]]])
    before = forward(chain, inputs, training=True)[1]
    assert forward(chain, inputs + 0.01, training=True)[1] == before
    inputs[0, 1, 1, 1] = -1
    assert forward(chain, inputs, training=True)[1] != before


def test_winners_inside_a_block_are_seen() -> None:
    chain = make_chain("res(fc-3 + relu + fc-3)", (3,))
    inputs = np.array([[1.0, -2.0, 0.5]])
    assert forward(chain, inputs, training=True)[1] != forward(chain, -inputs, training=True)[1]


def test_hinges_are_active_within_the_margin() -> None:
    scores, labels = np.array([[3.0, 2.5, 1.0]]), np.array([0])
    near = hinge_winners(scores, labels, 1.0)
    assert hinge_winners(np.array([[3.0, 2.6, 1.0]]), labels, 1.0) == near
    assert hinge_winners(np.array([[3.0, 2.5, 2.5]]), labels, 1.0) != near
