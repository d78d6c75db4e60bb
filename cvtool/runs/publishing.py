"""The names of run folders: a folder appears under its own only when it is whole."""

import re
from pathlib import Path

from cvtool.errors import UsageError
from cvtool.files import take_place

RUNS = Path("runs")
LOCK = ".lock"
"""The file in a run folder that is locked by whoever is at work in it."""


def busy(folder: Path) -> UsageError:
    """Say that a folder has to be left alone, because somebody is at work in it."""
    return UsageError(f"another process is at work in {folder}: wait for its end, or stop it")


def named_alike(name: str) -> str | None:
    """Find a run whose name differs in case at most: some systems would not tell them apart."""
    names = (path.name for path in RUNS.glob("*"))
    return next((each for each in names if each.casefold() == name.casefold()), None)


def publish_numbered(hidden: Path, prefix: str) -> Path:
    """Give a folder the next name that counts up from ``prefix``; return its path."""
    stem = re.sub(r"[^\w.-]+", "-", prefix).strip("-.")[:80]
    number = 1 + max((_number(path.name, stem) for path in RUNS.iterdir()), default=0)
    while not publish(hidden, RUNS / f"{stem}-{number:03d}"):  # another process was faster
        number += 1
    return RUNS / f"{stem}-{number:03d}"


def publish(hidden: Path, target: Path) -> bool:
    """Rename a folder, unless there is another: a rename does not replace one that holds files."""
    try:
        take_place(hidden, target)
    except OSError:
        if target.exists():
            return False
        raise
    return True


def _number(name: str, stem: str) -> int:
    counted = re.fullmatch(re.escape(stem) + r"-(\d+)", name, re.ASCII)
    return int(counted[1]) if counted else 0
