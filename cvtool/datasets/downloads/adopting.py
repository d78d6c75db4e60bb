"""Takes in files of a known data set that people have brought themselves."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from cvtool.datasets.downloads.catalog import KnownFile, known, sha256_of
from cvtool.datasets.downloads.workshop import workshop_in
from cvtool.errors import DataError
from cvtool.files import naming, take_place


def adopt(name: str, folder: Path, given: Path) -> list[Path]:
    """Copy files of a known data set to where they belong, if they are what they should be.

    Parameters
    ----------
    name
        As in ``catalog.KNOWN``.
    folder
        Where the files are to lie; made if need be.
    given
        One of the files under whatever name, or a folder that holds them.

    Returns
    -------
    list[Path]
        The files, in the order of the catalog.

    Raises
    ------
    UsageError
        If the name is not known.
    DataError
        If a file is missing, or is not what it should be.
    OSError
        Naming the file, if it cannot be read or written.
    """
    dataset = known(name)
    found = _found(name, dataset.files, given.expanduser())
    with workshop_in(folder, lambda: None) as workshop:
        for file, source in found.items():
            _take_in(file, source, folder / file.name, workshop / file.name)
    others = [file for file in dataset.files if file not in found]
    missing = [file.name for file in others if not file.is_whole(folder / file.name)]
    if missing:
        raise DataError(
            f"{name} needs {', '.join(missing)} too: pass --from with a folder that holds all "
            f"{len(dataset.files)} files, or run 'cvtool data fetch {name}' to download the rest"
        )
    return [folder / file.name for file in dataset.files]


def _found(name: str, files: Sequence[KnownFile], given: Path) -> dict[KnownFile, Path]:
    if given.is_dir():
        found = {file: given / file.name for file in files if (given / file.name).is_file()}
        holds = f"the folder {given} holds none of them"
    elif given.is_file():
        size = given.stat().st_size
        found = {file: given for file in files if size == file.size or len(files) == 1}
        holds = f"{given} has {size:,} bytes and is none of them"
    else:
        found, holds = {}, f"there is no file or folder '{given}'"
    if not found:
        listed = ", ".join(f"{file.name} ({file.size:,} bytes)" for file in files)
        raise DataError(
            f"{name} is made of {listed}, but {holds}: pass --from with the files as they are "
            f"published, not unpacked"
        )
    return found


def _take_in(file: KnownFile, source: Path, target: Path, draft: Path) -> None:
    size = source.stat().st_size
    if size != file.size:
        raise DataError(
            f"{source} is not {file.name}, which has {file.size:,} bytes, not {size:,}: download "
            f"it again, and do not unpack it"
        )
    with source.open("rb") as given, naming(draft), draft.open("wb") as copy:
        shutil.copyfileobj(given, copy, 2**20)
    seen = sha256_of(draft)
    if seen != file.sha256:
        raise DataError(
            f"{source} is not {file.name}, or is damaged (sha256 wanted {file.sha256}, seen "
            f"{seen}): download it again"
        )
    with naming(target):
        take_place(draft, target)
