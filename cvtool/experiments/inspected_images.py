"""The images that are looked into: files that are named, or a few of the validation images."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.dataset import Indices
from cvtool.datasets.pixels.decoding import read_image
from cvtool.datasets.split import Subset
from cvtool.diagnostics.inspection.survey import Survey
from cvtool.seeds import stream


@dataclass(frozen=True, eq=False)
class Chosen:
    """An image as it is stored, ``(height, width, channels)``, and what it is called.

    ``slug`` is what files are named after; ``label`` is the number of its class, None of a file.
    """

    pixels: NDArray[Any]
    words: str
    slug: str
    file: str | None = None
    position: int | None = None
    label: int | None = None


def chosen_files(files: Sequence[str], shape: tuple[int, int, int]) -> list[Chosen]:
    """Read images, resized and recolored as a run's are.

    Raises
    ------
    DataError
        If one of them is no image.
    """
    chosen: list[Chosen] = []
    taken: set[str] = set()
    for file in files:
        pixels, slug = read_image(Path(file), shape), _slug(file, taken)
        taken.add(slug.casefold())
        chosen.append(Chosen(pixels, Path(file).name, slug, file=file))
    return chosen


def _slug(file: str, taken: set[str]) -> str:
    """Name an image after its file, and by numbers where several are called alike."""
    stem = re.sub(r"[^\w-]+", "-", Path(file).stem).strip("-")[:40] or "image"
    slug, number = stem, 1
    while slug.casefold() in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug


def chosen_examples(survey: Survey, validation: Subset, examples: int, seed: int) -> list[Chosen]:
    """Draw validation images, half of them classified wrongly if there are so many.

    The same seed draws the same, of different classes as far as they go; those that are right come
    first.
    """
    is_right = survey.scores.argmax(axis=1) == survey.labels
    shuffled = stream(seed, "inspect", "examples").permutation(len(survey.labels))
    right, wrong = (
        _varied(shuffled[wanted[shuffled]], survey.labels) for wanted in (is_right, ~is_right)
    )
    mistakes = min(len(wrong), max(examples // 2, examples - len(right)))
    places = np.concatenate([right[: examples - mistakes], wrong[:mistakes]])
    positions = survey.positions[places]
    return [
        Chosen(
            pixels=pixels,
            words=f"validation {position}",
            slug=f"validation-{position}",
            position=int(position),
            label=int(survey.labels[place]),
        )
        for pixels, place, position in zip(
            validation.images_at(positions), places, positions, strict=True
        )
    ]


def _varied(places: Indices, labels: Indices) -> Indices:
    """Put the first of every class before all others."""
    _, firsts = np.unique(labels[places], return_index=True)
    firsts = np.sort(firsts)
    return np.concatenate([places[firsts], np.delete(places, firsts)])
