"""The journal: what was written is read again, whatever happened in between."""

import json
from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvtool.errors import DataError
from cvtool.records import TrialRecord, plain
from cvtool.tuning.journal import Journal

PARAMS = st.dictionaries(
    st.text(min_size=1),
    st.floats(allow_nan=False, allow_infinity=False) | st.integers() | st.text() | st.booleans(),
)


def record(number: int, **facts: object) -> TrialRecord:
    return TrialRecord(0, number, {"learning_rate": 0.1}, 2, 0, "finished", **facts)


@given(PARAMS, st.floats(0, 1))
def test_a_trial_is_read_as_it_was_written(tmp_path_factory, params, accuracy):
    path = tmp_path_factory.mktemp("study") / "trials.jsonl"
    written = TrialRecord(1, 2, params, 3, 4, "finished", val_accuracy=accuracy, seconds=0.5)
    Journal(path).append(written)
    (read,) = Journal(path).known.values()
    assert repr(read) == repr(written)  # as NaN is not even equal to itself


def test_a_line_that_a_kill_cut_off_is_as_if_it_had_never_been(tmp_path):
    path = tmp_path / "trials.jsonl"
    Journal(path).append(record(0))
    with path.open("ab") as file:
        file.write(b'{"stage": 0, "numb')
    journal = Journal(path)
    assert list(journal.known) == [(0, 0)]
    journal.append(record(1))
    assert list(Journal(path).known) == [(0, 0), (0, 1)]


def test_lines_are_plain_json_without_words_that_it_lacks(tmp_path):
    path = tmp_path / "trials.jsonl"
    Journal(path).append(record(0, val_loss=nan))
    assert json.loads(path.read_text(), parse_constant=pytest.fail)["val_loss"] is None


@pytest.mark.parametrize("line", ["{", "[]", "{}", '{"stage": 0}', "null"])
def test_a_damaged_line_is_named(tmp_path, line):
    path = tmp_path / "trials.jsonl"
    Journal(path).append(record(0))
    with path.open("a") as file:
        file.write(line + "\n")
    with pytest.raises(DataError, match=r"line 2 of .*trials\.jsonl"):
        Journal(path)


@pytest.mark.parametrize(
    "damage",
    [
        {"stage": [0]},
        {"number": None},
        {"params": 3},
        {"outcome": "bogus"},
        {"val_accuracy": "x"},
        {"seconds": "x"},
        {"reason": 3},
    ],
)
def test_a_field_of_another_type_is_named(tmp_path, damage):
    path = tmp_path / "trials.jsonl"
    path.write_text(json.dumps(plain(record(0)) | damage) + "\n")
    [name] = damage
    with pytest.raises(DataError, match=rf"line 1 of .* is no trial \(its {name} is"):
        Journal(path)
