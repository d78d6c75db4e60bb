"""``data clean``: remove what can be made again, and what killed processes have left."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from cvtool.datasets.in_the_making import abandoned_folders
from cvtool.datasets.layouts.stored import stored_sets
from cvtool.datasets.places import cache_folder, data_folder, downloads_folder, size_on_disk
from cvtool.kernels.jit import CACHE
from cvtool.records import Cleared


def clean(*, dry_run: bool, downloads: bool) -> list[Cleared]:
    """Remove caches, or only say what would go.

    Parameters
    ----------
    dry_run
        Leave everything where it is.
    downloads
        Remove also downloads of data sets that have been stored since.

    Raises
    ------
    OSError
        If something cannot be removed.
    """
    found = [*_caches(), *_leftovers()]
    if downloads:
        found += _stored_downloads()
    return [_clear(what, path, dry_run) for what, path in found]


def _clear(what: str, path: Path, dry_run: bool) -> Cleared:
    size = size_on_disk(path)
    if not dry_run:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return Cleared(what, str(path), size, not dry_run)


def _caches() -> Iterator[tuple[str, Path]]:
    """Find decoded and drawn images, features, and kernels of other versions than this one."""
    kept = {"decoded images": "images", "drawn images": "generated", "features": "features"}
    for what, folder in kept.items():
        yield from ((what, path) for path in _inside(cache_folder() / folder))
    for path in _inside(CACHE.parent):
        if path != CACHE:
            yield "old kernels", path


def _leftovers() -> Iterator[tuple[str, Path]]:
    for path in abandoned_folders(data_folder()):
        yield "unfinished data set", path
    if downloads_folder().is_dir():
        for path in sorted(downloads_folder().rglob("*.part")):
            yield "unfinished download", path


def _stored_downloads() -> Iterator[tuple[str, Path]]:
    stored = stored_sets(data_folder())
    for path in _inside(downloads_folder()):
        if path.name in stored:
            yield "download", path


def _inside(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []
