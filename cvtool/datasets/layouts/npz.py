"""Arrays saved by ``numpy.savez``: ``x_train, y_train`` and perhaps ``x_test, y_test``."""

from pathlib import Path

from cvtool.datasets.arrays import Origin, from_arrays
from cvtool.datasets.dataset import Dataset
from cvtool.datasets.layouts.npy_arrays import load_arrays, names_of_arrays
from cvtool.datasets.layouts.zips import is_zip, opened_zip
from cvtool.datasets.request import Request
from cvtool.errors import DataError

_KEYS = {
    "train": ("x_train", "y_train"),
    "validation": ("x_val", "y_val"),
    "test": ("x_test", "y_test"),
}


def recognizes(path: Path) -> bool:
    """Whether a file is a zip of arrays, judged by its content."""
    if not path.is_file() or not is_zip(path):
        return False
    with opened_zip(path) as archive:
        return any(name.endswith(".npy") for name in archive.namelist())


def read_npz(request: Request) -> Dataset:
    """Read images ``x_…`` and labels ``y_…``; validation images may be there as ``x_val, y_val``.

    What they may be is what ``from_arrays`` takes.

    Raises
    ------
    DataError
        If arrays are missing, do not fit each other, or hold what cannot be trained on.
    """
    path = request.path
    arrays = load_arrays(path, [key for keys in _KEYS.values() for key in keys])
    missing = [key for key in _KEYS["train"] if key not in arrays]
    if missing:
        raise DataError(
            f"{path} must hold x_train and y_train but has no {' and no '.join(missing)} (it has "
            f"{', '.join(names_of_arrays(path)) or 'nothing'}): save it with these names"
        )
    pairs = {part: keys for part, keys in _KEYS.items() if any(key in arrays for key in keys)}
    for key in (key for keys in pairs.values() for key in keys if key not in arrays):
        raise DataError(f"{path} has no {key} beside its other half: save both")
    return from_arrays(
        request.name,
        {part: (arrays[images], arrays[labels]) for part, (images, labels) in pairs.items()},
        Origin(_KEYS, f" in {path}"),
    )
