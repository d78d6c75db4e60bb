"""The doctor tells the truth, of any processor, and comes to its end whatever is broken."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cvtool.experiments.doctor import doctor
from cvtool.records import Doctor, TerminalFacts

TERMINAL = TerminalFacts(False, 80, None, "utf-8", {})
PLACE = Path(__file__).parents[2]


def examine(*, quick: bool = True) -> Doctor:
    return list(doctor(TERMINAL, quick=quick))[-1]


def examined_as(tmp_path: Path, **settings: str) -> dict[str, Any]:
    """Let a process of its own look, which numba tells of another processor."""
    ended = subprocess.run(
        [sys.executable, "-m", "cvtool", "doctor", "--quick", "--json"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(PLACE), **settings},
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    return dict(json.loads(ended.stdout))


def checks(found: dict[str, Any]) -> dict[str, bool]:
    return {each["check"]: each["ok"] for each in found["verdicts"]}


@pytest.mark.parametrize(
    ("settings", "tile", "features"),
    [
        ({"NUMBA_CPU_NAME": "generic"}, "generic", set()),
        ({"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": "+avx2"}, "generic", {"AVX2"}),
        (
            {"NUMBA_CPU_NAME": "haswell", "NUMBA_CPU_FEATURES": "+avx,+avx2,+fma,-avx512f"},
            "AVX2",
            {"AVX2", "FMA"},
        ),
        ({"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": "+neon"}, "NEON", {"NEON"}),
    ],
    ids=["nothing", "no FMA", "AVX2", "NEON"],
)
def test_another_processor_is_told_as_it_is(
    tmp_path: Path, settings: dict[str, str], tile: str, features: set[str]
) -> None:
    found = examined_as(tmp_path, **settings)
    processor = found["processor"]
    assert processor["tile"] == tile
    assert {name for name, there in processor["features"].items() if there} == features
    assert processor["told"] == settings
    assert not processor["multiplies_bytes"]
    assert checks(found)["processor settings"] is False
    assert checks(found)["register tile"] is (tile != "generic")
    assert found["speeds"] == []
    assert not list(tmp_path.iterdir())  # nothing is left behind


def test_speeds_are_measured_and_told_as_shares_of_the_peak() -> None:
    found = examine(quick=False)
    assert found.problem is None
    assert found.threads is not None
    assert found.threads.layer
    tile, convolution, product = found.speeds
    assert tile.share_of_peak == 1
    for speed in (convolution, product):
        assert 0 < speed.median <= speed.best
        assert speed.share_of_peak == pytest.approx(speed.best / tile.best)


def test_a_core_that_does_not_start_is_told_and_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("cvtool.experiments.machine", "cvtool.kernels.jit"):
        monkeypatch.setitem(sys.modules, name, None)
    found = examine(quick=False)
    assert found.problem
    assert found.problem.startswith("ModuleNotFoundError")
    assert (found.processor, found.threads, found.speeds) == (None, None, ())
    assert found.versions["numba"]
    assert not found.ok


def fail(*_: Any, **__: Any) -> Any:
    raise OSError("nobody knows")


def test_what_cannot_be_found_out_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", fail)
    monkeypatch.setattr("cvtool.experiments.doctor.size_on_disk", fail)
    monkeypatch.setattr("cvtool.experiments.machine.environment.processors_allowed", fail)
    found = examine()
    assert found.threads is None
    assert found.processor is not None
    assert {(each.free, each.bytes) for each in found.folders} == {(None, None)}


def test_folders_are_counted_and_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CVTOOL_DATA", raising=False)
    for path in ("runs/a/config.toml", "runs/b/config.toml", "data/pets/dataset.json"):
        Path(path).parent.mkdir(parents=True)
        Path(path).write_text("12345")
    _, sets, runs = examine().folders
    assert (sets.exists, sets.holds, sets.bytes, sets.writable) == (True, 1, 5, True)
    assert (runs.what, runs.holds, runs.bytes) == ("runs", 2, 10)
    monkeypatch.setattr("cvtool.experiments.doctor.TemporaryFile", fail)
    found = examine()
    assert {each.writable for each in found.folders} == {False}
    assert not found.ok
