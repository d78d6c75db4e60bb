"""What there is to say of data sets: which there are, and what is wrong with one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from cvtool.records.verdict import Verdict


@dataclass(frozen=True)
class DatasetEntry:
    """One line of ``data list``.

    ``images`` and ``test_images`` count what there is to learn from and to report on, ``bytes`` is
    what it takes on the disk; what is not known before a data set is fetched is None.
    """

    name: str
    kind: Literal["embedded", "imported", "fetchable"]
    state: str
    images: int | None
    test_images: int | None
    classes: int | None
    shape: tuple[int, ...] | None
    bytes: int
    summary: str


@dataclass(frozen=True)
class Imported:
    """A data set that has been fetched or imported and now has a name and a folder."""

    name: str
    path: str
    source: str
    images: int
    test_images: int
    classes: int
    shape: tuple[int, ...]
    bytes: int
    checksum: str


@dataclass(frozen=True)
class DataShown:
    """What ``data show`` has shown; ``class_counts`` counts images by part and class."""

    run: str
    dataset: str
    images: int
    classes: int
    shape: tuple[int, ...]
    class_counts: Mapping[str, Mapping[str, int]]
    pictures: tuple[str, ...]


@dataclass(frozen=True)
class Cleared:
    """One thing that ``data clean`` removes, or would."""

    what: str
    path: str
    bytes: int
    removed: bool


@dataclass(frozen=True)
class Damage:
    """A file that cannot be read as an image, and why."""

    file: str
    reason: str


@dataclass(frozen=True)
class Unlabeled:
    """An image whose label is missing or is none of the classes."""

    file: str
    label: str


@dataclass(frozen=True)
class Duplicate:
    """Images that are equal, or so near to each other that they show the same thing.

    ``distance`` is the largest difference found in the group, in gray levels of 255, root mean
    square; ``mirrored`` says that one is the other's mirror image; ``across`` that the images lie
    in different parts, as in train and test.
    """

    kind: Literal["exact", "near"]
    files: tuple[str, ...]
    across: bool
    distance: float = 0.0
    mirrored: bool = False


@dataclass(frozen=True)
class Conflict:
    """Equal images under different labels."""

    files: tuple[str, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True)
class DataCheck:
    """What ``data check`` has found; ``mean`` and ``std`` are of pixels in [0, 1], per channel.

    ``class_counts`` counts images by part and class; ``sizes`` (as ``32×32``) and ``modes`` (as
    Pillow names them) count the files as they are stored. ``exclude`` is the file that lists what
    to leave out, where one was asked for.
    """

    ok: bool
    dataset: str
    images: int
    classes: int
    class_counts: Mapping[str, Mapping[str, int]]
    sizes: Mapping[str, int]
    modes: Mapping[str, int]
    damaged: tuple[Damage, ...]
    unlabeled: tuple[Unlabeled, ...]
    duplicates: tuple[Duplicate, ...]
    conflicts: tuple[Conflict, ...]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    verdicts: tuple[Verdict, ...]
    run: str
    exclude: str | None
    seconds: float
