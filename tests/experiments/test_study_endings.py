"""However a study ends, it leaves nothing half-begun and tells why."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

QUICK = (
    *("--arch", "conv3-4 + relu + maxpool2", "--limit", "60", "--epochs", "1", "--random", "2"),
    *("--repeats", "0", "--workers", "1", "--threads", "1"),
)
"""A study of two trials in this process."""


@pytest.mark.parametrize("address", ["here", "local:0", "local:999"])
def test_what_is_no_cluster_is_refused_at_once(command: Run, address: str) -> None:
    refused = command("tune", "--cluster", address)
    assert refused.code == 2
    assert f"not '{address}'" in refused.sentence
    assert "reading" not in refused.err
    assert not Path("runs").exists()
