"""Studies in processes of their own: whoever works, and whatever is killed, the trials are those.

Each is the command itself, as a user starts it.
"""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Self

import numpy as np
import pytest
from reference.processes import assert_gone, of_session

import cvtool

pytestmark = pytest.mark.slow

WORDS = (
    *("--arch", "conv3-4 + relu + maxpool2", "--limit", "200", "--batch-size", "16"),
    *("--epochs", "5", "--random", "16", "--threads", "2"),
)
KILLS = 5


@dataclass(frozen=True)
class Ended:
    """What a study leaves behind, but for the time it took."""

    trials: list[dict[str, Any]]
    best: dict[str, Any]
    winner: str

    @classmethod
    def of(cls, study: str) -> Self:
        folder = Path("runs", study)
        said = json.loads((folder / "result.json").read_text())
        trials = [{**each, "seconds": 0} for each in said["trials"]]
        lines = (folder / "trials.jsonl").read_text().splitlines()
        assert len(lines) == len(trials)
        settings = (folder / "winner.toml").read_text().partition("\n")[2]
        return cls(trials, said["best"], settings)


def begun(*words: str) -> subprocess.Popen[str]:
    """Start the command as the leader of a session, quietly."""
    path = os.pathsep.join((str(Path(cvtool.__file__).parents[1]), *filter(None, sys.path)))
    return subprocess.Popen(
        [sys.executable, "-m", "cvtool", "tune", *words, "--json"],
        env=os.environ | {"PYTHONPATH": path},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def carried_out(*words: str) -> None:
    with begun(*words) as process:
        said = process.communicate(timeout=300)[1]
    assert process.returncode == 0, said


def written(study: str) -> int:
    """Count the trials that a study has written down."""
    journal = Path("runs", study, "trials.jsonl")
    return journal.read_bytes().count(b"\n") if journal.exists() else 0


def seconds_of_a_trial(study: str) -> float:
    said = json.loads(Path("runs", study, "result.json").read_text())
    return median(each["seconds"] for each in said["trials"])


def wait_for_trials(process: subprocess.Popen[str], study: str, count: int) -> None:
    while process.poll() is None and written(study) < count:
        time.sleep(0.005)


def test_whoever_works_the_trials_are_the_same() -> None:
    carried_out(*WORDS, "--study", "one", "--workers", "1")
    expected = Ended.of("one")
    for workers in ("2", "4"):
        carried_out(*WORDS, "--study", workers, "--workers", workers)
        found = Ended.of(workers)
        assert found.trials == expected.trials
        assert (found.best, found.winner) == (expected.best, expected.winner)


def test_a_cluster_tries_the_same() -> None:
    pytest.importorskip("distributed", reason="the cluster needs dask.distributed")
    few = (*WORDS, "--random", "6", "--repeats", "2")
    carried_out(*few, "--study", "here", "--workers", "1")
    carried_out(*few, "--study", "there", "--cluster", "local:2")
    assert Ended.of("there") == Ended.of("here")


def test_killed_again_and_again_a_study_ends_as_if_it_had_never_been() -> None:
    carried_out(*WORDS, "--study", "straight", "--workers", "1")
    words = (*WORDS, "--study", "killed", "--workers", "2")
    random, seconds = np.random.default_rng(), seconds_of_a_trial("straight")
    for _ in range(KILLS):
        with begun(*words) as process:
            wait_for_trials(process, "killed", written("killed") + random.integers(1, 3))
            time.sleep(random.uniform(0, seconds))
            os.killpg(process.pid, signal.SIGKILL)
        assert process.returncode == -signal.SIGKILL
        assert_gone(of_session(process.pid))
        words = ("--resume", "killed")
    carried_out(*words)
    assert Ended.of("killed") == Ended.of("straight")


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="asks /proc who is there")
def test_no_worker_outlives_its_study() -> None:
    with begun(*WORDS, "--study", "mine", "--workers", "2") as process:
        wait_for_trials(process, "mine", 2)
        others = of_session(process.pid) - {process.pid}
        assert len(others) >= 2
        process.kill()
    assert_gone(others | of_session(process.pid))


def test_terminated_studies_are_written_down_and_go_on() -> None:
    with begun(*WORDS, "--study", "mine", "--workers", "1") as process:
        wait_for_trials(process, "mine", 3)
        process.terminate()
        said = process.communicate(timeout=60)[1]
    assert process.returncode == 130, said
    assert json.loads(Path("runs/mine/result.json").read_text())["outcome"] == "interrupted"
