"""What pictures are drawn from, kept in one file, so that a report can show it later."""

from collections.abc import Sequence
from pathlib import Path

from cvtool.records import Drawn, Findings

Seen = Findings | Drawn


def keep_pictures(path: Path, seen: Sequence[Seen]) -> None:
    """Write records with all their arrays into one file, whole or not at all.

    Parameters
    ----------
    path
        The file, as ``pictures.safetensors`` in a run folder.
    seen
        What is drawn, in its order.
    """
    raise NotImplementedError


def kept_pictures(path: Path) -> tuple[Seen, ...]:
    """Read what ``keep_pictures`` wrote; nothing where there is no such file.

    Raises
    ------
    DataError
        If the file is damaged or of another version.
    """
    raise NotImplementedError
