"""How much of the machine this process may use, where the system says so.

Linux lets processes be held to some of the processors (affinity), to a share of their time and to
an amount of memory (control groups, which containers are made of). Elsewhere, and where nothing can
be read, the answer is None: unknown.
"""

import os
import re
from contextlib import suppress
from pathlib import Path

GROUPS = Path("/sys/fs/cgroup")
MEMBERSHIP = Path("/proc/self/cgroup")
MEMORY = Path("/proc/meminfo")

_UNLIMITED = 1 << 60
"""Bytes from which a limit is none, as old control groups spell it."""


def processors_allowed() -> int | None:
    """Count the processors that this process may run on."""
    if not hasattr(os, "sched_getaffinity"):
        return os.cpu_count()
    with suppress(OSError):
        return len(os.sched_getaffinity(0))
    return None


def time_limit() -> float | None:
    """Return how many processors' time a control group grants; None if as much as there is."""
    shares = []
    for group in _groups("cpu"):
        words = _read(group / "cpu.max").split()
        if not words:
            words = [_read(group / f"cpu.cfs_{name}_us") for name in ("quota", "period")]
        with suppress(ValueError, ZeroDivisionError):
            granted, period = map(int, words)
            shares += [granted / period] if granted > 0 else []
    return min(shares, default=None)


def memory_limit() -> int | None:
    """Return the bytes that a control group grants; None if as many as there are."""
    limits = []
    for group in _groups("memory"):
        for name in ("memory.max", "memory.limit_in_bytes"):
            with suppress(ValueError):
                limits.append(int(_read(group / name)))
    return min((each for each in limits if each < _UNLIMITED), default=None)


def memory_sizes() -> tuple[int | None, int | None]:
    """Return the bytes of memory there are, and those that are available."""
    found = dict(re.findall(r"(\w+):\s+(\d+) kB", _read(MEMORY)))
    if "MemTotal" in found:
        available = found.get("MemAvailable")
        return 1024 * int(found["MemTotal"]), 1024 * int(available) if available else None
    with suppress(AttributeError, OSError, ValueError):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"), None
    return None, None


def _groups(controller: str) -> list[Path]:
    """List the folders of this process's control group and of those around it."""
    folders = []
    for line in _read(MEMBERSHIP).splitlines():
        _, controllers, path = [*line.split(":", 2), "", ""][:3]
        if controllers and controller not in controllers.split(","):
            continue
        root = GROUPS / controllers if controllers else GROUPS
        inner = root / path.lstrip("/")
        folders += [inner, *(each for each in inner.parents if each.is_relative_to(root))]
    return folders


def _read(path: Path) -> str:
    with suppress(OSError, UnicodeDecodeError):
        return path.read_text(encoding="utf-8").strip()
    return ""
