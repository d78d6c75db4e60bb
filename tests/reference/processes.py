"""Programs of the tests in processes of their own, and whether these are gone."""

import os
import subprocess
import sys
import time
from pathlib import Path

TESTS = Path(__file__).parents[1]
SECONDS_TO_END = 30


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


def assert_gone(pids):
    """See processes end, and soon; one that nobody waits for is as good as gone."""
    end = time.monotonic() + SECONDS_TO_END
    while alive := {pid for pid in pids if is_alive(pid)} - {os.getpid()}:
        assert time.monotonic() < end, alive
        time.sleep(0.02)


def is_alive(pid):
    """Whether there is such a process, and it has not ended."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = _status(pid)
    return not status or status[0] != "Z"


def of_session(leader):
    """Ids of the processes that a process has started, and theirs; it leads a session itself."""
    everyone = [int(each.name) for each in Path("/proc").glob("[0-9]*")]
    return {pid for pid in everyone if _status(pid)[3:4] == [str(leader)]}


def _status(pid):
    """Return the state of a process, its parent, group and session, and more."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:  # it is gone, or this system does not tell
        return []


class KilledError(BaseException):
    """Stands in for kill -9: nothing in the program catches it."""
