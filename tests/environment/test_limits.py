"""What a process may use is read where Linux says it, and unknown elsewhere."""

import os
from pathlib import Path

import pytest

from cvtool.environment import (
    found_versions,
    limits,
    memory_limit,
    memory_sizes,
    processors_allowed,
    time_limit,
)


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Read control groups and memory from an empty folder."""
    monkeypatch.setattr(limits, "GROUPS", tmp_path / "groups")
    monkeypatch.setattr(limits, "MEMBERSHIP", tmp_path / "membership")
    monkeypatch.setattr(limits, "MEMORY", tmp_path / "meminfo")
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_the_tightest_of_nested_groups_holds(system: Path) -> None:
    write(system / "membership", "0::/outer/inner\n")
    write(system / "groups/outer/cpu.max", "150000 100000\n")
    write(system / "groups/outer/inner/cpu.max", "max 100000\n")
    write(system / "groups/outer/memory.max", "max\n")
    write(system / "groups/outer/inner/memory.max", "512000000\n")
    assert time_limit() == 1.5
    assert memory_limit() == 512_000_000


def test_a_container_sees_its_own_group_as_the_root(system: Path) -> None:
    write(system / "membership", "0::/\n")
    write(system / "groups/cpu.max", "50000 100000\n")
    assert time_limit() == 0.5


def test_groups_of_the_old_kind_are_read_too(system: Path) -> None:
    write(system / "membership", "4:memory:/box\n2:cpu,cpuacct:/box\n1:name=systemd:/\n")
    write(system / "groups/cpu,cpuacct/box/cpu.cfs_quota_us", "200000")
    write(system / "groups/cpu,cpuacct/box/cpu.cfs_period_us", "100000")
    write(system / "groups/memory/box/memory.limit_in_bytes", str(1 << 30))
    write(system / "groups/memory/memory.limit_in_bytes", str((1 << 63) - 4096))
    assert time_limit() == 2
    assert memory_limit() == 1 << 30


def test_where_nothing_is_said_nothing_is_known(
    system: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "sysconf", raising=False)
    assert (time_limit(), memory_limit(), memory_sizes()) == (None, None, (None, None))
    write(system / "membership", "nonsense\n\n:::::\n0::/\n")
    write(system / "groups/cpu.max", "-1 0 7\n")
    write(system / "groups/memory.max", "much\n")
    assert (time_limit(), memory_limit()) == (None, None)


def test_memory_is_read_from_the_system(system: Path) -> None:
    write(system / "meminfo", "MemTotal:  1000 kB\nMemFree: 1 kB\nMemAvailable:   250 kB\n")
    assert memory_sizes() == (1_024_000, 256_000)


def test_processors_are_counted_where_there_is_no_affinity(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    assert processors_allowed() == os.cpu_count()


def test_what_is_not_installed_has_no_version() -> None:
    assert found_versions(["numpy", "no-such-library"])["no-such-library"] is None
