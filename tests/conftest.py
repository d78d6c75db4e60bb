"""Makes the folder of tests importable: slow twins are ``from reference.… import …``."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")  # machines are shared, and nothing may depend on their speed

if "PYTEST_XDIST_WORKER" in os.environ:
    # Workers share the processors: threads that look for work, rather than sleep, take the time of
    # others. It is read when the first kernel, or NumPy, runs, also by processes that tests start.
    os.environ.setdefault("GOMP_SPINCOUNT", "0")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave benchmarks aside where they would be deselected: their folder imports all peers."""
    is_left_out = "not benchmark" in config.option.markexpr
    return True if collection_path.name == "benchmarks" and is_left_out else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the README's commands, the longest of all, so that the others run beside them."""
    items.sort(key=lambda item: item.path.name != "test_readme.py")
