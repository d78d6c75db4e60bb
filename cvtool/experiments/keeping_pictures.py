"""Note down what is drawn on the way to whoever draws it, and keep that in the run's folder."""

from collections.abc import Generator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TypeVar

from cvtool.datasets.looking import shrunk
from cvtool.errors import DataError
from cvtool.records import Classified, Drawn, Findings, Gallery, Picture, passing
from cvtool.runs import RunFolder
from cvtool.runs.pictures import Drawable, keep_pictures, kept_pictures

Record = TypeVar("Record")
Result = TypeVar("Result")
WithImage = TypeVar("WithImage", Picture, Classified)

_SIDE = 128
"""Pixels of the longer side of an image among others."""


def noting(
    records: Generator[Record, None, Result], seen: list[Drawable]
) -> Generator[Record, None, Result]:
    """Pass records on, and note down in ``seen`` those that are drawn."""

    def noted(record: Record) -> Record:
        if isinstance(record, Findings | Drawn):
            seen.append(record)
        return record

    return (yield from passing(records, noted))


def keep(folder: RunFolder, seen: Sequence[Drawable]) -> None:
    """Keep what is drawn beside what the run has kept under other names, as ``plots/`` does.

    Images are kept as small as one sees them beside each other: there may be many.
    """
    names = {_name(each) for each in seen}
    earlier: tuple[Drawable, ...] = ()
    with suppress(DataError):  # what cannot be read any more is no loss
        earlier = kept_pictures(folder.pictures)
    others = (each for each in earlier if _name(each) not in names)
    keep_pictures(folder.pictures, [*others, *map(_small, seen)])


def _name(seen: Drawable) -> str:
    return "" if isinstance(seen, Findings) else seen.name


def _small(seen: Drawable) -> Drawable:
    if isinstance(seen, Findings):
        return replace(seen, mistakes=_all_small(seen.mistakes))
    if isinstance(seen, Gallery):
        return replace(seen, rows=tuple((name, _all_small(row)) for name, row in seen.rows))
    return seen


def _all_small(pictures: tuple[WithImage, ...]) -> tuple[WithImage, ...]:
    return tuple(replace(each, image=shrunk(each.image, _SIDE)) for each in pictures)
