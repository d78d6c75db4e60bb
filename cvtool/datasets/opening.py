"""One door to every data set: a name or a path goes in, the layout is recognized."""

from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path

from cvtool.datasets import cifar10
from cvtool.datasets.archives import files_in_archive, is_archive
from cvtool.datasets.class_folders import find_class_folders, read_class_folders
from cvtool.datasets.dataset import Dataset
from cvtool.datasets.digits import digits
from cvtool.datasets.npz import is_npz, read_npz
from cvtool.datasets.parallel_decoding import Progress
from cvtool.errors import DataError, UsageError


def open_dataset(
    name_or_path: str, *, image_size: int | None = None, progress: Progress | None = None
) -> Dataset:
    """Open an embedded data set by its name, or one of yours by its path.

    Parameters
    ----------
    name_or_path
        An embedded name, which wins (write ``./digits`` for a folder so called), or: a folder or
        archive with CIFAR-10 in its python or binary layout, a folder with ``train/CLASS/*`` or
        ``CLASS/*``, or an ``.npz`` file with ``x_train, y_train``.
    image_size
        Height and width to resize images of class folders to; needed where they differ.
    progress
        Called with how many images are decoded and how many there are.

    Raises
    ------
    UsageError
        If the name is unknown, or the images cannot have the size asked for.
    DataError
        If the path is not there, or what is there cannot be read as a data set.
    """
    if name_or_path in EMBEDDED:
        dataset = EMBEDDED[name_or_path]()
    else:
        dataset = _read(_existing(name_or_path), image_size, progress)
    if len(dataset.classes) < 2:
        raise DataError(
            f"{dataset.name} has the one class '{dataset.classes[0]}', and one cannot be told "
            f"from others: add images of a second class"
        )
    _check_size(dataset, image_size)
    return dataset


def _existing(name_or_path: str) -> Path:
    path = Path(name_or_path).expanduser()
    if name_or_path and path.exists():
        return path
    if name_or_path == path.name and not path.suffix:
        near = get_close_matches(name_or_path, EMBEDDED, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"embedded are {', '.join(EMBEDDED)}"
        raise UsageError(
            f"no data set and no file or folder here is called '{name_or_path}': {hint}"
        )
    beside = [each.name for each in path.parent.glob("*")]
    near = get_close_matches(path.name, beside, n=1)
    hint = f"did you mean '{path.parent / near[0]}'?" if near else "check the spelling"
    raise DataError(f"there is no file or folder '{path}': {hint}")


def _read(path: Path, image_size: int | None, progress: Progress | None) -> Dataset:
    try:
        return _read_folder(path, image_size, progress) if path.is_dir() else _read_file(path)
    except OSError as error:
        raise DataError(
            f"cannot read {error.filename or path} ({error.strerror}): check that it is whole and "
            f"that you may read it"
        ) from error


def _read_folder(path: Path, image_size: int | None, progress: Progress | None) -> Dataset:
    name = path.resolve().name
    for folder in (path, *sorted(each for each in path.iterdir() if each.is_dir())):
        if cifar10.is_cifar10(folder):
            return cifar10.read_cifar10(name, cifar10.files_in(folder))
    root = find_class_folders(path)
    if root is not None:
        return read_class_folders(name, root, image_size=image_size, progress=progress)
    raise DataError(
        f"{path} holds no data set that is known: put images in train/CLASS/ or CLASS/ inside it, "
        f"or batches of CIFAR-10, or pass an .npz file"
    )


def _read_file(path: Path) -> Dataset:
    if is_npz(path):
        return read_npz(path.name, path)
    if is_archive(path):
        return cifar10.read_cifar10(path.name, files_in_archive(path, cifar10.FILES))
    raise DataError(
        f"{path} is no data set that is known: pass a folder of images, an .npz file, or an "
        f"archive of CIFAR-10"
    )


def _check_size(dataset: Dataset, image_size: int | None) -> None:
    height, width, _ = dataset.image_shape
    if image_size not in (None, height) or image_size not in (None, width):
        raise UsageError(
            f"--image-size resizes images of class folders only, and those of {dataset.name} are "
            f"{height}×{width}: leave it out"
        )


EMBEDDED: dict[str, Callable[[], Dataset]] = {"digits": digits}
