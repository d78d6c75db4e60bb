"""Progress tells every epoch once, fits its terminal, and knows how long is left."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from cvtool.records import EpochRecord, StepRecord
from cvtool.render.epoch_lines import EpochLines
from cvtool.render.progress import Progress, TimeLeft

WIDTHS = st.integers(36, 200)
SHARES = st.floats(0, 1)
LOSSES = st.floats(0) | st.just(float("nan"))


def words(line: str) -> str:
    return " ".join(line.split())


@given(
    width=WIDTHS,
    step=st.builds(
        StepRecord,
        epoch=st.integers(1, 100),
        epochs=st.just(100),
        step=st.integers(1, 500),
        steps=st.just(500),
        loss=LOSSES,
        accuracy=SHARES,
        images_per_second=st.floats(0, 1e6),
    ),
    left=st.none() | st.floats(0, 1e5),
)
def test_lines_fit_the_terminal(width: int, step: StepRecord, left: float | None) -> None:
    lines = EpochLines(width, epochs=100)
    record = EpochRecord(step.epoch, 0.1, step.loss, step.accuracy, step.loss, 0.5, 3599, 1e5)
    for line in (lines.header(), lines.finished(record), lines.running(step, left)):
        assert len(line.plain) <= width


def test_eighty_columns_show_all_there_is(history: tuple[EpochRecord, ...]) -> None:
    lines = EpochLines(80, epochs=3)
    assert words(lines.finished(history[0]).plain) == (
        "1/3 0.9000 0.9900 60.0 % 50.0 % 1,950 1.2 s best"
    )
    running = lines.running(StepRecord(2, 3, 1, 2, 0.5, 0.9, 1950.4), 32).plain
    assert words(running).startswith("2/3 0.5000 0.9900 90.0 % 50.0 % 1,950 ")
    assert running.endswith("0:32 left")
    assert running.count("━") in (running.count("─"), running.count("─") + 1)


def test_the_best_epochs_are_marked(history: tuple[EpochRecord, ...]) -> None:
    lines = EpochLines(80, epochs=3)
    marked = ["best" in lines.finished(record).plain for record in history]
    assert marked == [True, True, False]


def test_time_left_is_that_of_the_whole_run() -> None:
    seconds = iter([100.0, 101.0, 104.0])
    left = TimeLeft(lambda: next(seconds))
    # A resumed run starts late, and only what it did itself tells its pace.
    steps = [StepRecord(epoch, 4, step, 10, 0, 0, 0) for epoch, step in ((3, 1), (3, 2), (3, 5))]
    assert left.after(steps[0]) is None
    assert left.after(steps[1]) == pytest.approx(1.0 * 18)
    assert left.after(steps[2]) == pytest.approx(1.0 * 15)


def test_a_log_gets_one_line_an_epoch(records: Iterator[Any]) -> None:
    stream = io.StringIO()
    console = Console(file=stream, width=80, markup=False, highlight=False)
    with Progress(console).live() as progress:
        for record in records:
            progress.tell(record)
    lines = [words(line) for line in stream.getvalue().splitlines()]
    assert lines[0] == "compiling [once]"
    assert lines[2] == "8×8×1 images, 80 parameters, 4,608 multiply-adds"
    assert lines[3].startswith("epoch train loss")
    assert [line[:4] for line in lines[4:]] == ["1/3 ", "2/3 ", "3/3 "]
    assert "\x1b" not in stream.getvalue()


@pytest.mark.parametrize("no_color", [False, True])
def test_a_terminal_keeps_the_finished_epochs(records: Iterator[Any], no_color: bool) -> None:
    stream = io.StringIO()
    console = Console(
        file=stream, width=80, markup=False, force_terminal=True, no_color=no_color, _environ={}
    )
    with Progress(console).live() as progress:
        for record in records:
            progress.tell(record)
    written = stream.getvalue()
    assert all(f"{epoch}/3" in written for epoch in (1, 2, 3))
    assert ("\x1b[32m" in written) == (not no_color)
