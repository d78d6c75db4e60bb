"""Where data lies: what users bring or download, and what can be made again at any time."""

import os
from pathlib import Path

import platformdirs

DATA = "CVTOOL_DATA"
"""The environment variable that names another folder than ``data/`` in the working folder."""


def data_folder() -> Path:
    """Return the folder of imported and downloaded data sets, each by its name."""
    return Path(os.environ.get(DATA) or "data")


def downloads_folder() -> Path:
    """Return the folder of downloads, as they were fetched or put there by hand."""
    return data_folder() / "downloads"


def cache_folder() -> Path:
    """Return the user's folder of decoded images, drawn images and compiled kernels."""
    return Path(platformdirs.user_cache_dir("cvtool"))


def size_on_disk(path: Path) -> int:
    """Count the bytes of a file, or of all files in a folder; what is not there has none."""
    if path.is_file():
        return path.stat().st_size
    return sum(each.stat().st_size for each in path.rglob("*") if each.is_file())
