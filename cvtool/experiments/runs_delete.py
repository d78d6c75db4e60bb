"""``runs delete``: let runs go, and nothing else, wherever links may lead."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from cvtool.config import ListConfig
from cvtool.errors import DataError, UsageError
from cvtool.experiments.runs_list import list_runs
from cvtool.records import Cleared
from cvtool.runs import RUNS, StoredRun
from cvtool.runs.publishing import busy


def chosen(names: Sequence[str], filter: str) -> list[str]:
    """Take the runs that are named, or those that conditions hold for.

    Raises
    ------
    UsageError
        If there is neither, or both, or a condition cannot be read.
    """
    if bool(names) == bool(filter.strip()):
        raise UsageError(
            "runs delete takes either the names of runs or --filter: see cvtool runs list"
        )
    if names:
        return list(names)
    return [row["name"] for row in list_runs(ListConfig(filter=filter, columns="name")).runs]


def find(names: Sequence[str]) -> list[StoredRun]:
    """Find the runs to delete, each once, or refuse them all.

    Raises
    ------
    UsageError
        If one lies outside of ``runs/``, is a link, or somebody is at work in it.
    DataError
        If one is no run; a damaged one will do.
    """
    return list({path: StoredRun(path) for path in map(_place, names)}.values())


def delete(runs: Sequence[StoredRun], *, dry_run: bool) -> list[Cleared]:
    """Delete runs, or only say what would go.

    Raises
    ------
    OSError
        If one cannot be removed; what is left of it is hidden, and no run any more.
    """
    return [_delete(run, dry_run=dry_run) for run in runs]


def _place(name: str) -> Path:
    """Find a folder right below ``runs/``, by name or by path."""
    given = Path(name)
    path = Path(os.path.normpath(RUNS / given if os.path.lexists(RUNS / given) else given))
    if path.absolute().parent != RUNS.absolute():
        raise UsageError(
            f"only runs below {RUNS}/ are deleted, and '{name}' names none: see cvtool runs list"
        )
    if path.is_symlink():
        raise UsageError(
            f"{path} is a link to {path.readlink()}, and what it leads to is not "
            f"ours to delete: remove the link by hand"
        )
    is_run = any((path / file).is_file() for file in ("config.toml", "environment.json"))
    if not is_run or path.name.startswith("."):
        raise DataError(f"there is no run '{name}': see cvtool runs list")
    if StoredRun(path).is_running:
        raise busy(path)
    return RUNS / path.name


def _delete(run: StoredRun, *, dry_run: bool) -> Cleared:
    size = _size(run.path)
    if not dry_run:
        # At once out of sight, so that a kill leaves no half of a run.
        hidden = RUNS / f".deleting-{uuid4().hex}"
        run.path.rename(hidden)
        shutil.rmtree(hidden)
    return Cleared("run", str(run.path), size, not dry_run)


def _size(folder: Path) -> int:
    """Count the bytes that go; of a link its own, not those of what it leads to."""
    return sum(
        each.lstat().st_size for each in folder.rglob("*") if each.is_symlink() or each.is_file()
    )
