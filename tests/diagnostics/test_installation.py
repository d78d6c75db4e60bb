"""Verdicts on a machine say what is wrong, and what to do."""

from dataclasses import replace
from typing import Any

import pytest

from cvtool.diagnostics.installation import judge
from cvtool.records import (
    Doctor,
    FolderFacts,
    MemoryFacts,
    ProcessorFacts,
    Speed,
    TerminalFacts,
    ThreadFacts,
)

GOOD = Doctor(
    ok=False,
    versions={"cvtool": "0.1.0", "optuna": None},
    system="Linux",
    processor=ProcessorFacts(
        "EPYC", "x86_64", {}, {"AVX2": True}, "AVX2", 6, 16, "there is AVX2", False
    ),
    threads=ThreadFacts(4, "omp", 4, 4, None, 0.5, {"openblas": 4}),
    speeds=(Speed("tile", 2e11, 1.9e11, 1.0), Speed("convolution", 1.6e11, 1.5e11, 0.8)),
    memory=MemoryFacts(16_000_000_000, 8_000_000_000, None),
    folders=(FolderFacts("runs", "runs", True, 3, 1000, 50_000_000_000, True),),
    terminal=TerminalFacts(True, 80, "truecolor", "utf-8", {}),
    problem=None,
    verdicts=(),
    seconds=1.0,
)


def test_a_good_machine_is_called_good() -> None:
    verdicts = judge(GOOD)
    assert len(verdicts) == 8
    assert all(verdict.ok for verdict in verdicts)


@pytest.mark.parametrize(
    ("part", "changes", "check", "words"),
    [
        ("processor", {"tile": "generic"}, "register tile", "no AVX2 with FMA and no NEON"),
        ("processor", {"told": {"NUMBA_CPU_NAME": "x"}}, "processor settings", "NUMBA_CPU_NAME"),
        ("threads", {"granted": 1.5}, "threads", "the time of 1.5 processors"),
        ("threads", {"granted": 1.5}, "threads", "try --threads 1,"),
        ("threads", {"allowed": 2}, "threads", "try --threads 2"),
        ("threads", {"threads": 2, "allowed": 2}, "threads", "2 of 4 processors are used"),
        ("threads", {"threads": 2}, "threads", "NUMBA_NUM_THREADS"),
        ("memory", {"available": 1000}, "memory", "--batch-size"),
        ("memory", {"granted": 1000}, "memory", "--batch-size"),
        ("terminal", {"encoding": "cp1252"}, "terminal", "PYTHONUTF8=1"),
        ("terminal", {"width": 40}, "terminal", "widen the window"),
    ],
)
def test_what_is_wrong_is_said(part: str, changes: dict[str, Any], check: str, words: str) -> None:
    found = replace(GOOD, **{part: replace(getattr(GOOD, part), **changes)})
    (verdict,) = [each for each in judge(found) if not each.ok]
    assert verdict.check == check
    assert words in verdict.message


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"writable": False}, "runs cannot be written: change its permissions"),
        ({"writable": False, "what": "kernels"}, "every start compiles anew"),
        ({"writable": False, "what": "data sets"}, "CVTOOL_DATA"),
        ({"free": 10_000}, "cvtool data clean"),
    ],
)
def test_folders_need_room_and_permission(changes: dict[str, Any], words: str) -> None:
    found = replace(GOOD, folders=(replace(GOOD.folders[0], **changes),))
    (verdict,) = [each for each in judge(found) if not each.ok]
    assert words in verdict.message


def test_a_machine_that_others_use_is_told_from_one_that_is_slow() -> None:
    busy = replace(GOOD, speeds=(Speed("tile", 2e11, 1e11, 1.0),))
    (verdict,) = [each for each in judge(busy) if not each.ok]
    assert (verdict.check, verdict.value) == ("quiet machine", 0.5)
    assert "2.0 times" in verdict.message
    slow = replace(GOOD, speeds=(Speed("convolution", 2e10, 2e10, 0.1),))
    (verdict,) = [each for each in judge(slow) if not each.ok]
    assert (verdict.check, verdict.value) == ("speed", 0.1)


def test_what_is_unknown_is_no_verdict() -> None:
    nothing = replace(
        GOOD,
        processor=None,
        threads=None,
        speeds=(),
        memory=MemoryFacts(None, None, None),
        folders=(FolderFacts("runs", "runs", False, None, None, None, None),),
        terminal=TerminalFacts(False, 80, None, None, {}),
        problem="ImportError: numba",
    )
    assert [(each.check, each.ok) for each in judge(nothing)] == [
        ("core", False),
        ("terminal", True),
    ]
