"""Processes carry out what one would, whatever happens to them, and leave nothing behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from reference.processes import SECONDS_TO_END, assert_gone
from reference.toy_objectives import HARMLESS, Deadly, Toy, Unreadable, records, trials

from cvtool.errors import UsageError
from cvtool.records import Note, TrialBegan, TrialMoved, TrialRecord
from cvtool.tuning.executors import Here, Processes


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Toy:
    return Toy(tmp_path_factory.mktemp("toy"))


@pytest.fixture(scope="module")
def pool(toy: Toy) -> Iterator[Processes]:
    """Start two workers, once."""
    with Processes(toy, 2, 2) as pool:
        yield pool
    assert_gone(toy.processes())


def test_the_records_are_those_of_one_process(pool: Processes, toy: Toy) -> None:
    expected = records(Here(toy), *HARMLESS)
    assert repr(records(pool, *HARMLESS)) == repr(expected)
    assert repr(records(pool, *HARMLESS, stage=1)) != repr(expected)


def test_what_breaks_a_trial_is_written_down(pool: Processes) -> None:
    mended, bug, memory, fine = records(
        pool, "say what is wrong", "break", "need too much", "finish"
    )
    assert (mended.outcome, mended.reason) == ("broken", "there is no image: bring some")
    assert bug.outcome == "broken"
    assert bug.reason.startswith(r"AssertionError: this is\na bug (toy_objectives.py:")
    assert memory.reason == "not enough memory for these settings"
    assert fine.outcome == "finished"


def test_each_trial_begins_in_order_moves_and_ends(pool: Processes) -> None:
    told: dict[int, list[type]] = {number: [] for number in range(5)}
    begun = []
    for event in pool.carry_out(trials(*["finish"] * 5)):
        assert not isinstance(event, Note)
        told[event.number].append(type(event))
        if isinstance(event, TrialBegan):
            begun.append(event.number)
            assert event.worker in ("1", "2")
    assert begun == sorted(begun)
    for types in told.values():
        assert [each for each in types if each is not TrialMoved] == [TrialBegan, TrialRecord]
    assert any(TrialMoved in types for types in told.values())


def test_a_lost_trial_begins_again_and_is_what_it_would_have_been(
    pool: Processes, toy: Toy
) -> None:
    expected = records(Here(toy), "finish", "finish", "finish", stage=2)
    found = records(pool, "finish", "die once", "finish", stage=2)
    assert [each.val_accuracy for each in found] == [each.val_accuracy for each in expected]
    assert {each.outcome for each in found} == {"finished"}


def test_a_trial_that_costs_two_workers_is_given_up_and_others_go_on(pool: Processes) -> None:
    died, fine, left, last = records(pool, "die", "finish", "leave", "finish")
    assert died.outcome == left.outcome == "broken"
    assert "lost 2 times (killed by signal 9): if memory ran out, take fewer" in died.reason
    assert "lost 2 times (ended with exit code 3)" in left.reason
    assert fine.outcome == last.outcome == "finished"


def test_who_stops_listening_stops_trials_at_once_and_can_go_on(pool: Processes, toy: Toy) -> None:
    events = pool.carry_out(trials("sleep", "sleep", seconds=600))
    busy = [event for event in take_until_moved(events, 2) if isinstance(event, TrialBegan)]
    assert len(busy) == 2
    working = toy.processes()
    began = time.monotonic()
    events.close()
    assert time.monotonic() - began < SECONDS_TO_END
    assert_gone(working)
    assert [each.outcome for each in records(pool, "finish")] == ["finished"]


def take_until_moved(events: Iterator[Any], count: int) -> Iterator[Any]:
    for event in events:
        yield event
        count -= isinstance(event, TrialMoved)
        if not count:
            return


def test_workers_that_end_before_they_begin_end_the_study() -> None:
    with (
        Processes(Deadly(), 1, 1) as pool,  # type: ignore[arg-type]
        pytest.raises(UsageError, match=r"end before they begin \(ended with exit code 7\)"),
    ):
        list(pool.carry_out(trials("finish")))


def test_a_bug_in_the_objective_itself_keeps_its_traceback() -> None:
    with (
        Processes(Unreadable(), 1, 1) as pool,  # type: ignore[arg-type]
        pytest.raises(RuntimeError, match=r"Traceback[\s\S]*invalid literal"),
    ):
        list(pool.carry_out(trials("finish")))


PROGRAM = """
import sys
from pathlib import Path
from cvtool.tuning.executors import Processes
from reference.toy_objectives import Toy, trials

if __name__ == "__main__":
    with Processes(Toy(Path(sys.argv[1])), 2, 2) as pool:
        for event in pool.carry_out(trials("sleep", "sleep", seconds=600)):
            print(type(event).__name__, flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_workers_end_with_their_parent(tmp_path: Path, how: signal.Signals) -> None:
    script = tmp_path / "program.py"
    script.write_text(PROGRAM)
    path = os.pathsep.join(entry for entry in sys.path if entry)
    with subprocess.Popen(
        [sys.executable, str(script), str(tmp_path)],
        env=os.environ | {"PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as program:
        assert program.stdout is not None
        moved = 0
        while moved < 2:
            moved += program.stdout.readline() == "TrialMoved\n"
        workers = Toy(tmp_path).processes()
        assert len(workers) == 2
        # As a terminal does with Ctrl-C, all are told of an interrupt.
        (os.killpg if how == signal.SIGINT else os.kill)(program.pid, how)
        said = program.communicate(timeout=30)[1]
    assert_gone(workers)
    assert "worker_program" not in said
    assert said.count("Traceback") == (how == signal.SIGINT)  # that of the program itself
