"""The facts that decide about bits and speed, as they are kept with every run."""

import os
import platform
import re
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from cvtool.environment.versions import LIBRARIES


def describe() -> dict[str, Any]:
    """Gather the facts that decide about bits and speed, without importing any library."""
    return {
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        **{library: version(library) for library in LIBRARIES},
        "system": platform.platform(),
        "processor": processor(),
        "processors": os.cpu_count(),
    }


def processor() -> str:
    """Name the processor; Linux keeps the name where the standard library does not look."""
    try:
        models = re.findall(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    except OSError:
        models = []
    return models[0] if models else platform.processor() or platform.machine()
