"""A study is followed to its end: what the table shows meanwhile, and what it leaves behind."""

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from render.studies import SPELLED, stream, study
from render.writing import written
from rich.console import Console

from cvtool.records import (
    Bars,
    PlannedStage,
    StageBegan,
    StagePlan,
    TrialBegan,
    TrialMoved,
    TrialRecord,
)
from cvtool.render import tuning
from cvtool.render.stage_tally import StageTally
from cvtool.render.study_progress import StudyProgress
from cvtool.render.study_table import Running, Standing, study_table
from cvtool.render.study_time import StudyTimeLeft

RESULT = study()


def stage(trials: int = 10, *, number: int = 0, stages: int = 1, done: int = 0) -> StageBegan:
    return StageBegan("coarse", "coarse", number, stages, trials, done, 2, SPELLED)


def ended(number: int, seconds: float = 4.0, outcome: Any = "finished") -> TrialRecord:
    return TrialRecord(0, number, {}, 2, 1, outcome, val_accuracy=0.5, seconds=seconds)


def terminal(width: int = 80, height: int = 24) -> Console:
    size: dict[str, Any] = {"width": width, "height": height, "_environ": {}}
    return Console(file=io.StringIO(), markup=False, force_terminal=True, no_color=True, **size)


def test_a_log_gets_one_line_a_trial_and_one_a_stage() -> None:
    console = Console(file=io.StringIO(), width=60, markup=False, highlight=False)
    with StudyProgress(console).live() as progress:
        for record in stream(RESULT):
            progress.tell(record)
    lines = console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 1 + 10 + 1 + 4 + 1
    assert lines[0].strip() == "compiling [once]"
    assert lines[1].startswith("  coarse 1/10  10.0 %  stopped early, trial 0 in 1.0 s: learning")
    assert lines[1].endswith("(does not move)")
    assert lines[5].startswith("  coarse 5/10  98.0 %  trial 4 in 4.0 s: learning rate 0.000599, ")
    assert lines[11].strip() == ("coarse: best 98.0 %, 5 finished, 1 stopped, 3 diverged, 1 broken")
    assert lines[16].strip() == "fine: best 98.5 %, 4 finished"


def test_a_terminal_keeps_the_stages_alone() -> None:
    console = terminal()
    with StudyProgress(console).live() as progress:
        for record in stream(RESULT):
            progress.tell(record)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert "coarse: best 98.0 %, 5 finished" in text
    assert "trial 4 in 4.0 s" not in text


@pytest.mark.parametrize(("width", "height"), [(60, 14), (80, 24), (100, 30), (200, 60)])
@pytest.mark.parametrize("workers", [0, 1, 4, 40])
def test_the_table_fits_the_terminal(width: int, height: int, workers: int) -> None:
    tally = StageTally(stage(100))
    for each in RESULT.trials[:10]:
        tally.add(each)
    running = tuple(
        Running(
            TrialBegan(0, number, RESULT.trials[3].params, f"{number}"),
            TrialMoved(0, number, number, 40, 0.5, 0.9) if number % 2 else None,
        )
        for number in range(50, 50 + workers)
    )
    standing = Standing(tally, tally.best, running, 3725.0, is_all=False)
    lines = written(study_table(standing, width, height), width).splitlines()
    assert len(lines) <= height - 3
    assert all(len(line.rstrip()) <= width - 3 for line in lines)
    text = "\n".join(lines)
    for said in (
        "coarse, stage 1 of 1: 10 of 100 trials",
        "best    98.0 %  learning rate 0.000599",
        "5 finished, 1 stopped, 3 diverged, 1 broken",
        "mostly  the loss is 7.5, more than 3 times",
        "time    1:02:05 left in this stage",
    ):
        assert said in text
    shown = sum("#" in line for line in lines)
    hidden = f"and {workers - shown} more"
    assert shown >= min(workers, 1)
    assert (hidden in text) == (workers > shown)
    if workers > 1:
        assert "#51  ━━━━━━━━  epoch 2/2  loss 0.5000" in text


def test_nothing_is_known_at_first() -> None:
    text = written(study_table(Standing(StageTally(stage()), None, (), None, is_all=True), 80, 24))
    assert "best    –" in text
    assert "time    – left" in text


def test_the_table_follows_what_is_told() -> None:
    seconds = [0.0]
    progress = StudyProgress(terminal(), lambda: seconds[0])

    def shown() -> str:
        return written(progress._below)

    progress.tell(stage(3))
    progress.tell(TrialBegan(0, 2, {"dropout": 0.25}, "first"))
    assert "#2" in shown()
    assert "dropout 0.25" in shown()
    seconds[0] = 1.0
    progress.tell(TrialMoved(0, 2, 3, 4, 0.25, 0.5))
    assert "epoch 2/2  loss 0.2500" in shown()
    progress.tell(TrialMoved(0, 2, 4, 4, 0.125, 0.5))
    assert "loss 0.2500" in shown()  # too soon after the last one to be read
    progress.tell(TrialMoved(0, 9, 1, 4, 0.125, 0.5))  # of a trial that nobody saw begin
    progress.tell(replace(ended(2), params={"dropout": 0.25}))
    assert "#2" not in shown()
    assert "best    50.0 %  dropout 0.25" in shown()
    assert "1 of 3 trials" in shown()
    assert "time    0:08 left\n" in shown()


def test_the_reason_of_most_is_named_whatever_its_numbers() -> None:
    tally = StageTally(stage())
    reasons = ("does not move", "the loss is 3.5", "the loss is 1.2e+05", "does not move", "")
    for number, reason in enumerate((*reasons, "the loss is 40")):
        tally.add(replace(ended(number, outcome="diverged"), reason=reason))
    assert tally.main_reason() == "the loss is 3.5"


def test_trials_from_before_an_interruption_count_as_done() -> None:
    tally = StageTally(stage(10, done=6))
    tally.add(ended(7))
    tally.add(ended(7))
    assert tally.done == 7
    assert tally.summary() == "coarse: 7 of 10 trials, best 50.0 %, 6 from before, 1 finished"


@pytest.mark.parametrize("done", [0, 2])
def test_trials_told_again_count_once_and_are_no_news(done: int) -> None:
    console = Console(file=io.StringIO(), width=60, markup=False, highlight=False)
    progress = StudyProgress(console)
    for record in (stage(4, done=done), ended(0), ended(1), TrialBegan(0, 2, {}, "a"), ended(2)):
        progress.tell(record)
    progress.tell(RESULT)
    lines = console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    assert lines == [
        "  coarse 3/4  50.0 %  trial 2 in 4.0 s: ",
        "  coarse: 3 of 4 trials, best 50.0 %, 3 finished",
    ]


def time_left(
    records: list[TrialRecord],
    *workers: str,
    began: StageBegan | None = None,
    running: tuple[TrialMoved, ...] = (),
    plan: Any = (),
) -> float | None:
    tally = StageTally(began or stage(10))
    left = StudyTimeLeft()
    if plan:
        left.plan(StagePlan("cnn", SPELLED, plan))
    for each in workers:
        left.at_work(each)
    for record in records:
        left.ended(record)
        tally.add(record)
    return left.left(tally, running)


def test_time_left_is_that_of_the_trials_to_come_among_all_workers() -> None:
    assert time_left([], "a", "b") is None
    records = [ended(0, 4.0), ended(1, 2.0, "stopped early")]
    assert time_left(records) == pytest.approx(8 * 3.0)
    assert time_left(records, "a", "b") == pytest.approx(8 * 3.0 / 2)
    half = (TrialMoved(0, 2, 5, 10, 0, 0), TrialMoved(0, 3, 20, 10, 0, 0))
    assert time_left(records, "a", "b", running=half) == pytest.approx(6.5 * 3.0 / 2)


def test_workers_without_anything_to_do_save_no_time() -> None:
    left = time_left([ended(0, 4.0)], "a", "b", "c", began=stage(2))
    assert left == pytest.approx(4.0)


def test_a_stage_that_begins_is_judged_by_the_epochs_before() -> None:
    left = StudyTimeLeft()
    left.at_work("a")
    left.ended(ended(0, 6.0))
    left.ended(ended(1, 0.5, "diverged"))  # says nothing of what an epoch takes
    assert left.left(StageTally(stage(5)), ()) == pytest.approx(5 * 2 * 3.0)


def test_stages_to_come_count_where_they_are_planned() -> None:
    began = stage(2, stages=2)
    plan = (PlannedStage("coarse", "coarse", 2, 2, ""), PlannedStage("fine", "fine", 3, 10, ""))
    told = time_left([ended(0, 4.0)], "a", began=began, plan=plan)
    assert told == pytest.approx(4.0 + 3 * 10 * 2.0)
    left = StudyTimeLeft()
    assert not left.knows_all(began)
    left.plan(StagePlan("cnn", SPELLED, plan))
    assert left.knows_all(began)


@given(
    trials=st.integers(0, 20),
    done=st.integers(0, 30),
    seconds=st.lists(st.floats(0, 1e6), max_size=30),
    steps=st.lists(st.tuples(st.integers(0, 50), st.integers(0, 20)), max_size=5),
)
def test_time_left_is_never_negative(
    trials: int, done: int, seconds: list[float], steps: list[tuple[int, int]]
) -> None:
    records = [ended(number, each) for number, each in enumerate(seconds)]
    running = tuple(TrialMoved(0, 50 + at, *each, 0, 0) for at, each in enumerate(steps))
    left = time_left(records, "a", began=stage(trials, done=done), running=running)
    assert left is None if not seconds else 0 <= left <= trials * 1.001e6


@pytest.fixture
def pictures(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    drawn: list[Any] = []
    monkeypatch.setattr(
        "cvtool.render.plots.draw_pictures", lambda seen, folder: drawn.append((seen, folder))
    )
    return drawn


def test_the_result_goes_to_stdout_and_all_else_to_stderr(
    pictures: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    picture = Bars("importance", "", RESULT.importance)

    def records() -> Iterator[Any]:
        *before, result = stream(RESULT)
        yield from (*before, picture, result)

    assert tuning.show(records(), as_json=True) == RESULT
    out, err = capsys.readouterr()
    said = json.loads(out, parse_constant=pytest.fail)
    assert said["best"]["val_accuracy"] == 0.9834
    assert said["importance"][3]["share"] is None
    assert len(said["trials"]) == 14
    assert "fine: best 98.5 %" in err
    assert pictures == [([picture], Path(RESULT.study) / "plots")]


@pytest.mark.parametrize("moment", [0, 1, 3, 20, 40])
def test_interruption_lets_the_study_save(
    pictures: list[Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    moment: int,
) -> None:
    told: list[Any] = []

    def tell(_: StudyProgress, record: Any) -> None:
        told.append(record)
        if len(told) == moment + 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(StudyProgress, "tell", tell)
    assert tuning.show(stream(RESULT), as_json=False).outcome == "interrupted"
    assert "cvtool tune --resume '[red]mine'" in capsys.readouterr().out
    assert not pictures
