"""PyTorch comes first: it reads how its threads should wait before we say how ours do."""

import os
from contextlib import suppress

import pytest

with suppress(ImportError):
    import torch  # noqa: F401


@pytest.fixture(autouse=True)
def _alone() -> None:
    """Refuse to measure while other tests run beside."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        pytest.fail("benchmarks need the machine for themselves: add -n 0")
