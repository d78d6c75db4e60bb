"""Whatever is in the files: a data set or one sentence, soon, in little memory, leaving nothing."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest
from fuzzing.judge import judge
from fuzzing.mutations import changes, damaged
from fuzzing.seeds import SEEDS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cvtool.kernels.jit  # noqa: F401  (chooses the kernels' cache before the change below)

TESTS = Path(__file__).parents[1]


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda _: str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.mark.parametrize("name", SEEDS)
def test_what_is_not_damaged_is_whole(tmp_path, cache, name):
    seed = SEEDS[name]
    assert judge(tmp_path / "set", cache, seed, seed.files, strictly=False) == "whole"


@pytest.mark.parametrize("name", SEEDS)
@settings(
    max_examples=12,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(changes, min_size=1, max_size=3), st.booleans())
def test_damage_is_survived(tmp_path, cache, name, damage, strictly):
    seed = SEEDS[name]
    judge(tmp_path / "set", cache, seed, damaged(seed, damage), strictly=strictly)


def run_apart(*words):
    """Run one of the programs of this folder from the root, as a person would."""
    command = [sys.executable, "-m", *words]
    environment = os.environ | {"PYTHONPATH": str(TESTS.parent)}
    return subprocess.run(
        command, cwd=TESTS.parent, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
def test_many_inputs_are_survived_in_little_memory():
    ended = run_apart("tests.fuzzing.run", "--inputs", "20000")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "20000 inputs, 0 failed" in ended.stdout


@pytest.mark.slow
@pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None, reason="atheris, which follows code, is missing"
)
def test_inputs_that_follow_the_code_are_survived(tmp_path):
    ended = run_apart("tests.fuzzing.following", str(tmp_path), "-runs=5000", "-max_len=16384")
    assert ended.returncode == 0, ended.stderr[-5000:]
