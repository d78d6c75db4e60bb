"""Tables are whole where they fit, and lists of whole numbers where they do not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from render.writing import written
from rich import box
from rich.panel import Panel

from cvtool.render.narrow import Table


def table() -> Table:
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    made.add_column("name", overflow="fold")
    for title in ("images", "accuracy\nin tests"):
        made.add_column(title, justify="right", no_wrap=True)
    made.add_row("digits", "1,500", "98.3 %")
    made.add_row("", "50,000", "")
    return made


def test_a_table_that_fits_is_a_table() -> None:
    lines = written(table(), 40).splitlines()
    assert any("digits" in line and "1,500" in line and "98.3 %" in line for line in lines)


def test_rows_become_lists_where_there_is_no_room() -> None:
    lines = [" ".join(line.split()) for line in written(table(), 20).splitlines()]
    assert lines == [
        "",
        "digits",
        "images 1,500",
        "accuracy 98.3 %",
        "in tests",
        "",
        "digits",
        "images 50,000",
    ]


@pytest.mark.parametrize("inside", [False, True])
@settings(deadline=None)  # the first table imports
@given(width=st.integers(20, 90))
def test_numbers_are_whole_at_any_width(inside: bool, width: int) -> None:
    text = written(Panel(table()) if inside else table(), width)
    assert "…" not in text
    for number in ("1,500", "98.3 %", "50,000"):
        assert number in text
    assert all(len(line) <= width for line in text.splitlines())
