"""Programs of the tests in processes of their own, each with a cache folder it is told."""

import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parents[1]


def run_program(program, cache, **environment):
    """Run ``tests/…/program.py`` with kernels compiled into ``cache``; return what it prints."""
    places = {"XDG_CACHE_HOME": str(cache), "HOME": str(cache), "LOCALAPPDATA": str(cache)}
    path = os.pathsep.join(entry for entry in (str(TESTS), *sys.path) if entry)
    finished = subprocess.run(
        [sys.executable, str(TESTS / program)],
        env=os.environ | places | environment | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout.split("\n")[:-1]
