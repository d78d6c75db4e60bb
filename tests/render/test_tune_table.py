"""The table of a study says what won, by how much, where it was looked for, and what to do next."""

import re
from dataclasses import replace
from math import nan
from typing import Any

import pytest
from render.studies import SPELLED, settings, study, trial
from render.writing import written

from cvtool.records import PlannedStage, StagePlan
from cvtool.records.params import setting_value, setting_words
from cvtool.render.tune_table import plan_table, tune_table

WIDTHS = (60, 80, 120)
RESULT = study()
NARROW_SETTINGS = [
    {name: value for name, value in settings(number).items() if name != "arch"}
    for number in range(10)
]
NARROW = replace(
    RESULT,
    trials=tuple(replace(each, params=NARROW_SETTINGS[each.number]) for each in RESULT.trials),
    candidates=tuple(
        replace(each, params=NARROW_SETTINGS[number])
        for each, number in zip(RESULT.candidates, (4, 3), strict=True)
    ),
)
"""The same without the long formulas, so that settings fit side by side."""


def words(text: str) -> str:
    """Undo what folding did: frames, and blanks of whatever number."""
    return " ".join(text.replace("│", " ").split())


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_that_counts_is_cut_off(width: int) -> None:
    for result in (RESULT, NARROW):
        text = written(tune_table(result, width), width)
        assert all(len(line) <= width for line in text.splitlines())
        assert "…" not in text
        for said in (
            "finished · runs/[red]mine",
            "my [pets], seed 7",
            "14, together 2 min 05 s",
            "98.3 % ± 0.2 % over 3 seeds",
            "98.3 % ± 0.2 %",
            "96.3 % ± 1.0 %",
            SPELLED,
            "63.0 % p < 0.001",
            "4.0 % p = 0.21",
            "where p is above 0.05, it may be chance",
            "✗ ranges the best crowd an edge, try --search wider",
            "! 1 trial is broken: [no]",
            "cvtool train-cnn --config runs/[red]mine/winner.toml",
            "cvtool report '[red]mine' --open",
        ):
            assert said in words(text)


def test_settings_stand_side_by_side_where_there_is_room() -> None:
    lines = written(tune_table(NARROW, 80), 80).splitlines()
    [header] = [at for at, line in enumerate(lines) if "accuracy" in line and "from" in line]
    assert lines[header].split()[-3:] == ["rate", "dropout", "filters"]
    first, second, third = (lines[header + at].split() for at in (2, 3, 4))
    assert first == ["98.3", "%", "±", "0.2", "%", "3", "seeds", "0.000599", "0.288", "32"]
    assert second[:7] == ["96.3", "%", "±", "1.0", "%", "3", "seeds"]
    assert third[:3] == ["96.5", "%", "fine"]  # settings 4 and 3 are above: here is number 5
    assert third[3:] == [setting_value(each) for each in NARROW_SETTINGS[5].values()]


def test_a_setting_is_shown_once_and_failures_not_at_all() -> None:
    text = words(written(tune_table(RESULT, 120), 120).partition("stages")[0])
    assert text.count("learning rate") == 1 + 5  # the winner above, and five below each other
    for number in (0, 1, 7):
        assert setting_words(settings(number)) not in text


@pytest.mark.parametrize("width", WIDTHS)
def test_stages_count_how_trials_ended(width: int) -> None:
    text = words(written(tune_table(RESULT, width), width))
    if width < 76:
        assert "coarse 10 2 98.0 % 5 finished, 1 stopped, 3" in text
        assert "fine 4 8 98.5 % 4 finished" in text
    else:
        assert "coarse 10 2 5 1 3 1 98.0 %" in text
        assert "fine 4 8 4 – – – 98.5 %" in text


@pytest.mark.parametrize(
    ("model", "command"), [("cnn", "train-cnn"), ("linear", "linear"), ("knn", "knn")]
)
def test_the_winner_goes_to_the_command_of_its_model(model: str, command: str) -> None:
    text = written(tune_table(replace(RESULT, model=model), 120), 120)
    assert f"cvtool {command} --config runs/[red]mine/winner.toml" in text


def test_an_interrupted_study_says_how_to_go_on() -> None:
    cut = replace(RESULT, outcome="interrupted", best=None, candidates=(), winner=None)
    text = written(tune_table(cut, 80))
    assert "cvtool tune --resume '[red]mine'" in text
    assert "none yet" in text
    assert "--config" not in text


def test_what_was_done_once_has_no_deviation() -> None:
    once = replace(RESULT.candidates[0], val_accuracies=(0.9834,), std=0.0)
    text = written(tune_table(replace(RESULT, best=once, candidates=(once,)), 120), 120)
    assert "±" not in text
    assert "1 seed" in text


ODD: dict[str, dict[str, Any]] = {
    "nothing": dict.fromkeys(
        ("stages", "trials", "candidates", "importance", "verdicts", "warnings"), ()
    )
    | {"best": None, "winner": None},
    "all failed": {
        "best": None,
        "candidates": (),
        "winner": None,
        "trials": tuple(trial(0, number) for number in (0, 1, 7)),
        "outcome": "diverged",
    },
    "stage unfinished": {"stages": ()},
    "never measured": {"trials": (replace(trial(0, 4), val_accuracy=nan),), "candidates": ()},
}


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("width", [40, *WIDTHS])
def test_odd_studies_are_shown_as_they_are(odd: str, width: int) -> None:
    result = replace(RESULT, **ODD[odd])
    text = written(tune_table(result, width), width)
    assert all(len(line) <= width for line in text.splitlines())
    assert ("none: no trial came to its end" in words(text)) == (odd in ("nothing", "all failed"))


@pytest.mark.parametrize("width", WIDTHS)
def test_a_plan_says_what_each_stage_costs(width: int) -> None:
    plan = StagePlan(
        "cnn",
        SPELLED,
        (
            PlannedStage("coarse", "coarse", 30, 2, "drawn at random"),
            PlannedStage("nearest", "fine", 1_000, 0, "narrowed around the best"),
        ),
    )
    text = words(written(plan_table(plan), width))
    assert SPELLED in text
    assert "coarse 30 2 drawn at random" in text
    assert "nearest 1,000 – narrowed around the best" in text


def test_settings_read_as_people_write_them() -> None:
    params = {"learning_rate": 0.0003417, "filters": 1024, "flip": True, "arch": "fc-10"}
    assert setting_words(params) == "learning rate 0.000342, filters 1024, flip yes, arch fc-10"


def test_accuracies_stand_with_their_points_below_each_other() -> None:
    first, second = NARROW.candidates
    weak = replace(NARROW, candidates=(first, replace(second, val_accuracy=0.017)))
    lines = written(tune_table(weak, 120), 120).splitlines()
    found = [line.index(".") for line in lines if re.match(r" +\d+\.\d % ±", line)]
    assert len(found) == 2
    assert len({*found}) == 1
