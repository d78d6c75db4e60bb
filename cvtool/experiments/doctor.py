"""``doctor``: what this installation stands on, how fast it is, and what is wrong with it.

This is what people paste who report a bug, so it has to come to its end whatever is broken: what
cannot be found out is None, and a core that does not start is told in words.
"""

import platform
import shutil
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryFile
from time import perf_counter
from typing import TypeVar

from cvtool import environment
from cvtool.datasets.places import cache_folder, data_folder, size_on_disk
from cvtool.diagnostics.installation import judge
from cvtool.records import (
    Doctor,
    FolderFacts,
    MemoryFacts,
    Note,
    ProcessorFacts,
    Speed,
    TerminalFacts,
    ThreadFacts,
    WorkRecord,
)
from cvtool.runs import RUNS

Fact = TypeVar("Fact")


def doctor(terminal: TerminalFacts, *, quick: bool) -> Iterator[Note | WorkRecord | Doctor]:
    """Look at everything, and tell how far it is; the last record has what was found.

    Parameters
    ----------
    terminal
        Where the result will be written, which only they know who write.
    quick
        Whether to leave out measuring.
    """
    started = perf_counter()
    speeds, problem = yield from _measured(quick)
    draft = _look(terminal, speeds, problem)
    verdicts = judge(draft)
    yield replace(
        draft,
        ok=all(verdict.ok for verdict in verdicts),
        verdicts=verdicts,
        seconds=perf_counter() - started,
    )


def _measured(
    quick: bool,
) -> Generator[Note | WorkRecord, None, tuple[tuple[Speed, ...], str | None]]:
    """Measure, or only start the core; return the speeds, and what went wrong, if anything."""
    try:
        import cvtool.experiments.machine  # noqa: F401  (it may not start)

        if quick:
            return (), None
        from cvtool.experiments.first_use import compiling
        from cvtool.experiments.machine_speed import measure_speeds

        yield from compiling()
        return (yield from measure_speeds()), None
    except Exception as error:  # whatever it is, it belongs into the report
        return (), f"{type(error).__name__}: {error}"


def _look(terminal: TerminalFacts, speeds: tuple[Speed, ...], problem: str | None) -> Doctor:
    total, available = environment.memory_sizes()
    return Doctor(
        ok=False,
        versions={
            **environment.found_versions(environment.LIBRARIES),
            "python": platform.python_version(),
            **environment.found_versions(environment.EXTRAS),
        },
        system=platform.platform(),
        processor=_or_none(_processor),
        threads=_or_none(_threads),
        speeds=speeds,
        memory=MemoryFacts(total, available, environment.memory_limit()),
        folders=tuple(_folders()),
        terminal=terminal,
        problem=problem,
        verdicts=(),
        seconds=0.0,
    )


def _or_none(find: Callable[[], Fact]) -> Fact | None:
    try:
        return find()
    except Exception:  # not the place to fail for what cannot be found out
        return None


def _processor() -> ProcessorFacts:
    from cvtool.experiments.machine import processor_facts

    return processor_facts()


def _threads() -> ThreadFacts:
    from cvtool.experiments.machine import thread_facts

    return thread_facts()


def _folders() -> Iterator[FolderFacts]:
    yield _folder("kernels", _or_none(_kernel_cache) or cache_folder() / "kernels", "**/*.nbc")
    yield _folder("data sets", data_folder(), "*/dataset.json")
    yield _folder("runs", RUNS, "*/config.toml")


def _kernel_cache() -> Path:
    from cvtool.kernels.jit import CACHE

    return CACHE


def _folder(what: str, path: Path, pattern: str) -> FolderFacts:
    there = next((each for each in (path, *path.absolute().parents) if each.is_dir()), path)
    return FolderFacts(
        what=what,
        path=str(path),
        exists=path.is_dir(),
        holds=_or_none(lambda: sum(1 for _ in path.glob(pattern))),
        bytes=_or_none(lambda: size_on_disk(path)),
        free=_or_none(lambda: shutil.disk_usage(there).free),
        writable=_or_none(lambda: _is_writable(there)),
    )


def _is_writable(folder: Path) -> bool:
    """Try: permissions do not tell of disks that are full, or mounted to be read only."""
    try:
        with TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
