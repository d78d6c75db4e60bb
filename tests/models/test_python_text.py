"""Generated Python is laid out as a formatter would, and holds any text."""

import ast
import subprocess
import sys

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from cvtool.models.exchange.python_text import Call, laid_out, literal

WORDS = st.text("uvwxyz", min_size=1, max_size=30)
CALLS = st.recursive(
    st.builds(Call, WORDS, st.lists(st.tuples(st.just(""), WORDS), max_size=6)),
    lambda inner: st.builds(
        Call,
        WORDS,
        st.lists(
            st.tuples(WORDS.map(lambda name: f"{name}_="), st.one_of(WORDS, inner)),
            max_size=4,
            unique_by=lambda pair: pair[0],
        ),
        st.booleans(),
    ),
    max_leaves=5,
)


@given(st.text())
def test_a_literal_says_the_text(text):
    assert ast.literal_eval(literal(text)) == text


@pytest.mark.parametrize("text", ["\u202e", "\n", "\x00", "\udc80"])
def test_what_cannot_be_seen_is_escaped(text):
    assert literal(text).isascii()


def formatted(source):
    ended = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--isolated", "-"],
        input=source.encode(),
        capture_output=True,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.decode()


@pytest.fixture(autouse=True, scope="module")
def _ruff():
    pytest.importorskip("ruff", reason="the formatter is Ruff")


UNSHRUNK = settings(max_examples=15, phases=(Phase.reuse, Phase.generate))  # each starts Ruff
SHOWN = st.text(st.characters(exclude_categories=["Cs"]))


@UNSHRUNK
@given(st.lists(SHOWN, min_size=10, max_size=60))
def test_literals_are_quoted_as_the_formatter_quotes(texts):
    source = "".join(f"a = {literal(text)}\n" for text in texts)
    assert formatted(source) == source


@UNSHRUNK
@given(st.lists(CALLS, min_size=10, max_size=40))
def test_calls_are_laid_out_as_the_formatter_lays_them_out(calls):
    lines = [line for call in calls for line in laid_out("return ", call, indent=4)]
    source = "\n".join(["def f():", *lines]) + "\n"
    assert formatted(source) == source


def test_an_opened_call_has_an_argument_a_line():
    inner = Call("g", [("", "1")], opened=True)
    assert list(laid_out("a = ", Call("f", [("b=", inner), ("", "2")]))) == [
        *("a = f(", "    b=g(", "        1,", "    ),", "    2,", ")"),
    ]
