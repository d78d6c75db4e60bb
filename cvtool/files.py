"""Files that survive a kill or a full disk: written beside and renamed, or appended to by lines."""

import json
import os
import re
import sys
import time
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cvtool.errors import DataError, UsageError

DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
"""Names that Windows keeps for devices, whatever follows behind a point."""

ON_WINDOWS = sys.platform == "win32"
PATIENCE = 2.0
"""Seconds to wait on Windows for others to close a file: those that look for viruses, or read."""

PAUSE = 0.05


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file beside and rename it: a reader finds the earlier or the new one, whole.

    Raises
    ------
    OSError
        Naming the file, if it cannot be written; the earlier one is untouched.
    """
    beside = path.with_name(f".{path.name}.partial")
    with naming(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with beside.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            take_place(beside, path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise


def write_together(contents: Mapping[Path, bytes]) -> None:
    """Write files that are not there yet, all of them or none.

    Raises
    ------
    OSError
        Naming the first that cannot be written; those before it are removed.
    """
    written: list[Path] = []
    try:
        for path, content in contents.items():
            write_atomically(path, content)
            written.append(path)
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise


def take_place(beside: Path, path: Path) -> None:
    """Give a file the name of another, which it replaces; a folder, one that is not there.

    Windows refuses that while anybody has one of them open, if only for a moment: there it is tried
    again for a while.
    """
    left = PATIENCE if ON_WINDOWS else 0.0
    while True:
        try:
            beside.replace(path)
            return
        except PermissionError:
            if left <= 0 or path.is_dir():
                raise
        time.sleep(PAUSE)
        left -= PAUSE


def append_line(path: Path, line: str) -> None:
    """Add a line to a file, after whatever a kill left half-written is cut off.

    Raises
    ------
    OSError
        Naming the file, if the line cannot be written; those before it stay whole.
    """
    with naming(path), path.open("ab+") as file:
        file.seek(0)
        file.truncate(_whole(file.read()))
        file.write(line.encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read_lines(path: Path) -> list[str]:
    """Read the lines of a file, none if it is missing; one without its end does not count."""
    if not path.exists():
        return []
    written = path.read_bytes()
    return written[: _whole(written)].decode(errors="replace").splitlines()


def write_json(path: Path, values: Any) -> None:
    """Write plain values as JSON, atomically."""
    write_atomically(path, (json.dumps(values, indent=2, allow_nan=False) + "\n").encode())


def parse_json(text: str | bytes, *, source: str) -> Any:
    """Read JSON; ``source`` names it in the DataError raised if it is damaged."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:  # no JSON, no text, or no end of brackets
        raise DataError(f"{source} is damaged and cannot be read as JSON: {error}") from error


def read_toml(path: Path) -> dict[str, Any]:
    """Read a file of settings.

    Raises
    ------
    DataError
        If it is not TOML.
    OSError
        If it cannot be read.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path} is not valid TOML: {error}") from error


def check_folder_name(name: str, option: str = "--name") -> None:
    """Hold what an option says to what can name a folder of ours on any system.

    Raises
    ------
    UsageError
        If it cannot.
    """
    if not re.fullmatch(r"\w[\w.-]{0,99}", name) or name.endswith("."):
        raise UsageError(
            f"{option} takes up to 100 letters, digits, '-', '_' and '.', beginning with a letter, "
            f"a digit or '_' and not ending with '.', not '{name}'"
        )
    if DEVICES.fullmatch(name):
        raise UsageError(
            f"{option} takes no name of a device of Windows, such as '{name}', where no folder can "
            f"be called so: choose another"
        )


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Name the file in errors such as a full disk, where the system does not."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def _whole(written: bytes) -> int:
    """Count the bytes up to the last end of a line."""
    return written.rfind(b"\n") + 1
