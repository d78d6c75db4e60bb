"""Opens a damaged data set and judges how it ends: whole, or told in one sentence, and no trace."""

import shutil
import signal
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from cvtool.datasets.dataset import Dataset
from cvtool.datasets.opening import open_as_it_is, open_dataset
from cvtool.errors import CvtoolError

from .seeds import Files, Seed

LONGEST = 30  # seconds, many times what the slowest input takes


class Hang(BaseException):
    """An input that took too long; nothing that readers catch."""


def judge(folder: Path, cache: Path, seed: Seed, files: Files, *, strictly: bool) -> str:
    """Open the files as the layout of the seed and say how it ended.

    Returns
    -------
    str
        ``whole`` or ``told``.

    Raises
    ------
    AssertionError
        If it ended in any other way, with how it did.
    """
    _write(folder, files)
    before = _listed(folder)
    place = str(folder / seed.place) + (f":{seed.choices}" if seed.choices else "")
    try:
        with _limited():
            _check(open_dataset(place) if strictly else open_as_it_is(place))
        ending = "whole"
    except CvtoolError as error:
        sentence = str(error)
        assert sentence.isprintable(), f"not one line: {sentence!r}"
        assert ": " in sentence, f"no remedy: {sentence}"
        ending = "told"
    except (Exception, Hang) as error:
        raise AssertionError("".join(traceback.format_exception(error))) from None
    assert _listed(folder) == before, "something was left in the folder"
    assert not list(cache.glob("images/*/.unfinished-*")), "something was left in the cache"
    return ending


def _write(folder: Path, files: Files) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _listed(folder: Path) -> dict[str, int]:
    return {str(path): path.lstat().st_size for path in folder.rglob("*") if path.is_file()}


def _check(dataset: Dataset) -> None:
    """Hold a data set to what everything after the readers relies on."""
    for examples in dataset.parts.values():
        images, labels = examples.images, examples.labels
        assert images.ndim == 4
        assert images.shape[1:] == dataset.image_shape
        assert images.dtype in (np.uint8, np.float32, np.float64)
        assert (labels.shape, labels.dtype) == ((len(images),), np.int64)
        assert len(images)
    assert len(set(dataset.classes)) == len(dataset.classes)
    assert all(name.isprintable() for name in (dataset.name, *dataset.classes))
    assert len(dataset.checksum) == 32


@contextmanager
def _limited() -> Iterator[None]:
    """Stop what takes too long, where the system can."""

    def stop(*_: object) -> None:
        raise Hang(f"took more than {LONGEST} s")

    if not hasattr(signal, "SIGALRM"):
        yield
        return
    earlier = signal.signal(signal.SIGALRM, stop)
    signal.alarm(LONGEST)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, earlier)
