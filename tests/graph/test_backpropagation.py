"""Gradients are what the notes say, what algebra says, and what differences say."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from reference.graphs import expressions, values

from cvtool.errors import UsageError
from cvtool.experiments.graph import graph

NEURON = "1/(1+exp(-(w0+w1*x1+w2*x2)))"
NEURON_VALUES = ("w0=-3", "w1=2", "x1=-1", "w2=-3", "x2=-2")


@pytest.mark.parametrize("collapsed", [(), ("sigmoid",), ("linear",), ("sigmoid", "linear")])
def test_the_neuron_of_the_notes(collapsed: tuple[str, ...]) -> None:
    result = graph(NEURON, NEURON_VALUES, collapsed)
    assert result.ok
    assert round(result.value, 2) == 0.73
    rounded = {name: round(float(slope), 2) for name, slope in result.gradients.items()}  # type: ignore[arg-type]
    assert rounded == {"w0": 0.2, "w1": -0.2, "x1": 0.39, "w2": -0.39, "x2": -0.59}


def test_merged_graphs_are_small() -> None:
    result = graph(NEURON, NEURON_VALUES, ("sigmoid", "linear"))
    assert [node.label for node in result.nodes if node.inputs] == ["linear", "sigmoid"]


def test_a_merged_sum_counts_every_factor() -> None:
    result = graph("x*x*y - (2*x - y)", ["x=3", "y=5"], ["linear"])
    assert result.value == 3 * 3 * 5 - (6 - 5)
    assert result.gradients == {"x": 2 * 3 * 5 - 2, "y": 3 * 3 + 1}


@settings(max_examples=40)
@given(expressions, values)
def test_gradients_agree_with_differences(text: str, at: dict[str, float]) -> None:
    result = graph(text, [f"{name}={value!r}" for name, value in at.items()])
    assert result.ok, result


def test_values_used_twice_add_their_gradients() -> None:
    assert graph("x*y + x", ["x=2", "y=5"]).gradients == {"x": 6.0, "y": 2.0}


def test_matrices_follow_the_rule_of_the_notes() -> None:
    weights, inputs, flowing = np.array([[1, 2], [3, 4.0]]), np.array([1, -2.0]), [-6, -10]
    result = graph("sum((W@x)**2)", ["W=1,2;3,4", "x=1,-2"])
    np.testing.assert_allclose(result.gradients["W"], np.outer(flowing, inputs))
    np.testing.assert_allclose(result.gradients["x"], weights.T @ flowing)
    assert result.ok


@pytest.mark.parametrize(
    ("left", "right"),
    [("1,2", "3,4"), ("1,2", "1,2,3;4,5,6"), ("1,2,3;4,5,6", "1,2,3"), ("1,2;3,4", "5;6")],
)
def test_every_product_of_shapes_agrees(left: str, right: str) -> None:
    assert graph("sum(sin(a @ b))", [f"a={left}", f"b={right}"]).ok


def test_a_number_meets_an_array() -> None:
    assert graph("sum(a*x - x/a + max(a, x))", ["a=2", "x=[1,3,5]"]).ok


def test_jacobians_of_small_arrays_are_given() -> None:
    node = graph("sum(x**2)", ["x=[1,3]"]).nodes[-2]
    assert node.inputs[0].local == [[2, 0], [0, 6]]


@pytest.mark.parametrize("text", ["relu(x)", "abs(x)", "max(x, 0)", "min(x, 2*x)"])
def test_kinks_are_told_and_not_blamed(text: str) -> None:
    result = graph(text, ["x=0"])
    assert result.ok
    assert "kink" in result.inputs[0].note


def test_no_kink_where_both_sides_agree() -> None:
    assert graph("max(x, x)", ["x=0"]).inputs[0].note == ""


def test_close_to_a_kink_is_smooth() -> None:
    result = graph("relu(x)", ["x=1e-5"])
    assert (result.gradients, result.inputs[0].note) == ({"x": 1.0}, "")


@pytest.mark.parametrize("text", ["log(x)", "sqrt(x)", "1/x"])
def test_close_to_the_edge_of_a_domain(text: str) -> None:
    assert graph(text, ["x=0.001"]).ok


@pytest.mark.parametrize(
    ("text", "assignments", "words"),
    [
        ("1/x", ["x=0"], "÷ by 0 has no value"),
        ("log(x)", ["x=-1"], "log takes numbers above 0, not -1"),
        ("sqrt(x)", ["x=-4"], "sqrt takes numbers from 0, not -4"),
        ("sqrt(x)", ["x=0"], "no finite derivative"),
        ("exp(x)", ["x=1000"], "exp of 1000 is beyond float64"),
        ("x**-1", ["x=0"], "0 has no negative power"),
        ("x**0.5", ["x=-1"], "whole exponents only"),
        ("x**n", ["x=-1", "n=2"], "no finite derivative by 'n'"),
        ("2*x", ["x=1,2"], r"write sum\(2\*x\)"),
        ("x+y", ["x=1,2", "y=1,2,3"], "equal shapes"),
        ("x@y", ["x=1,2", "y=1,2,3"], "columns at its left"),
        ("x@y", ["x=1", "y=1"], "not numbers"),
    ],
)
def test_what_has_no_gradient_is_said(text: str, assignments: Any, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        graph(text, assignments)


@pytest.mark.parametrize(
    ("kind", "words"), [("sigmoid", "nothing to merge"), ("tanh", "take sigmoid or linear")]
)
def test_nothing_to_merge_is_said(kind: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        graph("x", ["x=1"], [kind])
