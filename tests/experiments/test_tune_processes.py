"""Studies in processes of their own: whoever works, and whatever is killed, the trials are those.

Each is the command itself, as a user starts it.
"""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class Ended:
    """What a study leaves behind; ``seconds`` a trial took are as they may be."""

    trials: list[dict[str, Any]]
    best: dict[str, Any]
    winner: str
    seconds: float = field(compare=False)

    @classmethod
    def of(cls, study: str) -> Self:
        folder = Path("runs", study)
        said = json.loads((folder / "result.json").read_text())
        trials = [{**each, "seconds": 0} for each in said["trials"]]
        lines = (folder / "trials.jsonl").read_text().splitlines()
        assert len(lines) == len(trials)
        settings = (folder / "winner.toml").read_text().partition("\n")[2]
        seconds = median(each["seconds"] for each in said["trials"])
        return cls(trials, said["best"], settings, seconds)


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


def wait_for_trials(process: subprocess.Popen[str], study: str, count: int) -> None:
    while process.poll() is None and written(study) < count:
        time.sleep(0.005)


@pytest.fixture(scope="module")
def straight(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    """How the study ends that one process carries out undisturbed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("straight"))
        carried_out(*WORDS, "--study", "straight", "--workers", "1")
        return Ended.of("straight")


@pytest.mark.parametrize(
    "words", [("--workers", "2"), ("--workers", "4"), ("--cluster", "local:2")]
)
def test_whoever_works_the_trials_are_the_same(straight: Ended, words: tuple[str, str]) -> None:
    if "--cluster" in words:
        pytest.importorskip("distributed", reason="the cluster needs dask.distributed")
    carried_out(*WORDS, "--study", "other", *words)
    assert Ended.of("other") == straight


def test_killed_again_and_again_a_study_ends_as_if_it_had_never_been(straight: Ended) -> None:
    random, words = np.random.default_rng(), (*WORDS, "--study", "killed")
    for workers in ("2", "1", "2", "1", "1"):
        with begun(*words, "--workers", workers) as process:
            wait_for_trials(process, "killed", written("killed") + random.integers(1, 3))
            time.sleep(random.uniform(0, straight.seconds))
            os.killpg(process.pid, signal.SIGKILL)
        assert process.returncode == -signal.SIGKILL
        assert_gone(of_session(process.pid))
        words = ("--resume", "killed")
    carried_out(*words)
    assert Ended.of("killed") == straight


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
