"""Expressions are read as Python reads them, and what is none is refused with its place."""

import pytest

from cvtool.errors import UsageError
from cvtool.graph.backpropagation import forward
from cvtool.graph.expression import parse
from cvtool.graph.given_values import read_values
from cvtool.graph.nodes import in_order


def value_of(text: str, *assignments: str) -> float:
    order = in_order(parse(text))
    return float(forward(order, read_values(assignments, order))[order[-1]])


@pytest.mark.parametrize(
    "text",
    [
        "1-2-3",
        "2*3+4",
        "2+3*4",
        "-2**2",
        "2**-1",
        "2**3**2",
        "8/4/2",
        "-(3)",
        "--3",
        "+3",
        "1e-3*.5",
    ],
)
def test_signs_bind_as_in_python(text: str) -> None:
    assert value_of(text) == eval(text)


def test_signs_of_the_notes_are_understood() -> None:
    assert value_of("2^3 − 6÷2 · 4 × 1") == -4


def test_a_name_used_twice_is_one_node() -> None:
    order = in_order(parse("x*x + x"))
    assert [node.label for node in order] == ["x", "×", "+"]


@pytest.mark.parametrize(
    ("text", "words", "caret"),
    [
        ("x +", "the expression ends", 3),
        ("2 x", "no sign before 'x'", 2),
        ("(x", "never closed", 0),
        ("x)", "too many", 1),
        ("x + expp(x)", "did you mean exp?", 4),
        ("max(x)", "write max(a, b)", 0),
        ("exp()", "write exp(a)", 0),
        ("x $ y", "'$' means nothing", 2),
        ("exp + 1", "exp is a function", 0),
        ("x.real", "'.' means nothing", 1),
        ("", "the expression ends", 0),
    ],
)
def test_mistakes_are_shown_where_they_are(text: str, words: str, caret: int) -> None:
    with pytest.raises(UsageError) as caught:
        parse(text)
    sentence, shown, marked = str(caught.value).split("\n")
    assert words in sentence
    assert shown == f"  {text}"
    assert marked.index("^") == 2 + caret


@pytest.mark.parametrize(
    "text", ["(" * 10_000 + "x" + ")" * 10_000, "-" * 10_000 + "x", "2**" * 10_000 + "x"]
)
def test_deep_nesting_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="more than 100 levels"):
        parse(text)


def test_long_sums_are_refused() -> None:
    with pytest.raises(UsageError, match="more than 200 operations"):
        parse("+".join(["x"] * 1000))


@pytest.mark.parametrize(
    ("assignments", "words"),
    [
        ([], "x has no value: write x=1"),
        (["x=1", "x=2"], "given twice"),
        (["x=1", "y=2"], "has no y"),
        (["x"], "write name=value"),
        (["x=one"], "no number or array"),
        (["x=nan"], "not finite"),
        (["x=1e999"], "not finite"),
        (["x=[1,[2]]"], "no number or array"),
        (["x=[true]"], "no number or array"),
        (["x=" + "[" * 100_000], "no number or array"),
        (["x=[[[1]]]"], "more than two dimensions"),
        (["x=[]"], "empty"),
    ],
)
def test_values_are_read_with_care(assignments: list[str], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        read_values(assignments, in_order(parse("x")))


def test_both_spellings_of_arrays_are_the_same() -> None:
    order = in_order(parse("sum(W @ x)"))
    brackets = read_values(["W=[[1,2],[3,4]]", "x=[5,6]"], order)
    plain = read_values(["W=1,2;3,4", "x=5,6"], order)
    assert all((brackets[name] == plain[name]).all() for name in ("W", "x"))
