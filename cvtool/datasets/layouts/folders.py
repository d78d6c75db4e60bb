"""A look into folders that costs little, however many files are in them."""

import os
from itertools import islice
from pathlib import Path

_FEW = 200


def subfolders(folder: Path) -> list[Path]:
    """List the folders in a folder that may be looked into, sorted by name."""
    with os.scandir(folder) as entries:
        # A path forgives links in circles, an entry does not, but knows more without asking.
        names = [e.name for e in entries if e.is_dir(follow_symlinks=False) or e.is_symlink()]
    inside = [folder / name for name in sorted(names)]
    return [each for each in inside if each.is_dir() and os.access(each, os.R_OK | os.X_OK)]


def few_files(folder: Path) -> list[Path]:
    """List what is in a folder, sorted by name; nothing if it is more than a data set's parts."""
    with os.scandir(folder) as entries:
        names = [entry.name for entry in islice(entries, _FEW + 1)]
    return [folder / name for name in sorted(names)] if len(names) <= _FEW else []
