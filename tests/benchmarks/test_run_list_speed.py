"""How long it takes to list 5,000 runs, as a user waits for it: a new process, to its last line."""

import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from stored_runs import store_run, trained

from cvtool.config import TrainConfig

RUNS = 5_000
VERDICT = {"check": "units live", "ok": True, "value": 0.0, "message": "at most 0% are zero " * 5}


@pytest.fixture
def many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Store runs as long as real ones are."""
    monkeypatch.chdir(tmp_path)
    config = {name: each for name, each in TrainConfig().to_dict().items() if name != "dataset"}
    for number in range(RUNS):
        store_run(
            f"train-cnn-digits-{number:04d}",
            config=config | {"seed": number},
            environment={"classes": list("0123456789"), "system": "x" * 50, "tile": "AVX-512"},
            result=trained(number / RUNS, verdicts=[VERDICT] * 6),
        )


@pytest.mark.benchmark
@pytest.mark.usefixtures("many")
@pytest.mark.parametrize(
    "words",
    [(), ("--json",), ("--filter", "val_accuracy>0.95"), ("--filter", "learning-rate<1")],
    ids=" ".join,
)
def test_listing(words: tuple[str, ...], record_property: Any) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "cvtool", "runs", "list", *words]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    record_property("processor_seconds", seconds)
    print(
        f"\n  {RUNS:,} runs, {' '.join(words) or 'as a table'}: {seconds:.2f} s of processor time"
    )
    if words == ("--json",):
        assert len(json.loads(ended.stdout)["runs"]) == RUNS
    elif not words:
        assert len(ended.stdout.splitlines()) == RUNS + 3
