"""The words of ``--preprocess`` and what makes sense in a row: ``channel-mean,zca``.

Each word is fitted to what the words before it leave of the training images.
"""

from difflib import get_close_matches

from cvtool.config import PREPROCESSINGS
from cvtool.datasets.augmentation import Augmentation
from cvtool.errors import UsageError

WHITENINGS = ("pca-whiten", "zca")
LARGEST_WHITENED = 4096
"""Numbers of an image that can be whitened: the matrix has the square of it, 64 MiB at most."""


def parse_chain(text: str) -> tuple[str, ...]:
    """Read one word of ``PREPROCESSINGS``, or several between commas.

    Raises
    ------
    UsageError
        If a word is unknown, or stands where it means nothing.
    """
    words = tuple(word.strip() for word in text.split(","))
    for word in words:
        if word not in PREPROCESSINGS:
            near = get_close_matches(word, PREPROCESSINGS, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"take {', '.join(PREPROCESSINGS)}"
            raise UsageError(f"--preprocess does not know '{word}': {hint}")
    if "none" in words and set(words) != {"none"}:
        raise UsageError(f"--preprocess '{text}' asks for none and for more: drop one of them")
    if sum(word in WHITENINGS for word in words) > 1:
        raise UsageError(
            f"--preprocess '{text}' whitens twice, and what is white stays white: "
            f"keep one of pca-whiten and zca"
        )
    if "pca-whiten" in words[:-1]:
        raise UsageError(
            f"--preprocess '{text}' goes on after pca-whiten, which leaves components and no "
            f"pixels: put pca-whiten last, or take zca"
        )
    return words


def check_augmentation(words: tuple[str, ...], augmentation: Augmentation) -> None:
    """Refuse to flip or shift what has no left and right any more.

    Raises
    ------
    UsageError
        If the chain ends in components.
    """
    if "pca-whiten" in words and augmentation != Augmentation():
        raise UsageError(
            "--augment flips and shifts pixels, but pca-whiten leaves components in their place: "
            "take --augment none, or zca, whose results are pixels still"
        )


def check_size(words: tuple[str, ...], image_shape: tuple[int, int, int]) -> None:
    """Refuse images that are too large to be whitened.

    Raises
    ------
    UsageError
        Saying which size would do.
    """
    height, width, channels = image_shape
    numbers = height * width * channels
    whitening = next((word for word in words if word in WHITENINGS), None)
    if whitening and numbers > LARGEST_WHITENED:
        side = int((LARGEST_WHITENED / channels) ** 0.5)
        raise UsageError(
            f"{whitening} takes images of at most {LARGEST_WHITENED:,} numbers, as its matrix has "
            f"the square of that, but {height}×{width}×{channels} images have {numbers:,}: "
            f"take --image-size {side}, or another --preprocess"
        )
