"""A graph in the terminal and as a picture says everything once."""

from typing import Any

import pytest
from rich.console import Console

from cvtool.experiments.graph import graph
from cvtool.render.graph_tree import graph_tree, number
from cvtool.render.plots.graph_picture import draw_graph_picture


def written(expression: str, *assignments: str, width: int = 100) -> str:
    console = Console(width=width, markup=False, highlight=False, no_color=True)
    with console.capture() as capture:
        console.print(graph_tree(graph(expression, assignments)))
    return capture.get()


def test_nodes_say_value_gradient_and_local_derivative() -> None:
    text = written("x*y", "x=-3", "y=2")
    assert "×  −6  ∇ 1" in text
    assert "∂ 2  x  −3  ∇ 2" in text
    assert "backpropagation agrees with differences" in text


def test_a_node_used_twice_is_drawn_once() -> None:
    text = written("x*x", "x=3")
    assert text.count("x  3  ∇ 6") == 1
    assert text.count("x, as above") == 1


def test_arrays_show_shapes_and_jacobians() -> None:
    text = written("sum(W@x)", "W=1,2;3,4", "x=1,-2")
    assert "W 2×2  [1 2; 3 4]" in text
    assert "∂ [1 −2 0 0; 0 0 1 −2]" in text


def test_large_arrays_show_their_range_and_the_shape_of_jacobians() -> None:
    text = written("sum(x*2)", "x=" + ",".join(map(str, range(30))))
    assert "∂ 30×30" in text
    assert "0 … 29" in text


def test_kinks_are_named() -> None:
    assert "x is at a kink" in written("relu(x)", "x=0")


@pytest.mark.parametrize(
    ("value", "words"),
    [(-0.0, "0"), (-0.53444, "−0.5344"), (float("nan"), "–"), ([[1, 2], [3, 4]], "[1 2; 3 4]")],
)
def test_numbers_are_short(value: Any, words: str) -> None:
    assert number(value) == words


@pytest.mark.parametrize(
    ("expression", "assignments"),
    [("x", ["x=1"]), ("2", []), ("sin(x)*x + exp(y*x)", ["x=1", "y=2"]), ("sum(x)", ["x=[1,2]"])],
)
def test_no_two_nodes_of_a_picture_meet(expression: str, assignments: list[str]) -> None:
    result = graph(expression, assignments)
    (axes,) = draw_graph_picture(result).axes
    labels = {node.label for node in result.nodes}
    places = [text.get_position() for text in axes.texts if text.get_text() in labels]
    assert len(set(places)) == len(places) >= len(result.nodes)
