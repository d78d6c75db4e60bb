"""Small changes to training images that do not change their class: mirror images and shifts.

They are drawn here and made while a batch is assembled, after preprocessing: what a shift uncovers
is zero, which is the mean.
"""

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Self

import numpy as np
from numpy.typing import NDArray

from cvtool.config import AUGMENTATIONS
from cvtool.errors import UsageError

_REACH = 8  # shifts go up to one eighth of a side


@dataclass(frozen=True)
class Augmentation:
    """Whether images are flipped left to right, every second one, and shifted."""

    flip: bool = False
    shift: bool = False

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``none``, ``flip``, ``shift`` or ``flip,shift``.

        Raises
        ------
        UsageError
            If a word is none of these, or ``none`` stands with another.
        """
        words = [word.strip() for word in text.split(",")]
        for word in words:
            if word not in AUGMENTATIONS:
                near = get_close_matches(word, AUGMENTATIONS, n=1)
                hint = f"did you mean '{near[0]}'?" if near else "take none, flip or shift"
                raise UsageError(f"--augment does not know '{word}': {hint}")
        if "none" in words and set(words) != {"none"}:
            raise UsageError(f"--augment '{text}' asks for none and for more: drop one of them")
        return cls(flip="flip" in words, shift="shift" in words)

    def draw(
        self, count: int, random: np.random.Generator, image_shape: tuple[int, int, int]
    ) -> tuple[NDArray[np.bool_], NDArray[np.int16]]:
        """Draw what happens to each image of a batch.

        Returns
        -------
        flips
            ``(count,)``, true for a mirror image.
        shifts
            ``(count, 2)`` pixels down and to the right, each from −s to s with s an eighth of the
            image's height or width, and at least one.
        """
        flips, shifts = still(count)
        if self.flip:
            flips = random.random(count) < 0.5
        if self.shift:
            reach = [max(1, side // _REACH) for side in image_shape[:2]]
            shifts = random.integers(
                np.negative(reach), reach, size=(count, 2), dtype=np.int16, endpoint=True
            )
        return flips, shifts


def still(count: int) -> tuple[NDArray[np.bool_], NDArray[np.int16]]:
    """Flips and shifts that leave a batch as it is."""
    return np.zeros(count, np.bool_), np.zeros((count, 2), np.int16)
