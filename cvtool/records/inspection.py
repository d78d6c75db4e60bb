"""What a look inside a network has found."""

from dataclasses import dataclass

from cvtool.records.verdict import Verdict


@dataclass(frozen=True)
class InspectedLayer:
    """A convolution: its filters, and how many of them are shown, the first.

    ``receptive_field`` is the longer side of what a filter sees, in pixels of the image; ``dead``
    lists the filters, counted from 0, that were zero for every image looked at.
    """

    name: str
    filters: int
    shown: int
    receptive_field: int
    dead: tuple[int, ...]


@dataclass(frozen=True)
class InspectedImage:
    """An image that was looked into: a file, or a position among the validation images.

    ``label`` is its class, None of a file; ``predicted`` the class it was given, with what was held
    its ``probability``.
    """

    file: str | None
    position: int | None
    label: str | None
    predicted: str
    probability: float


@dataclass(frozen=True)
class Inspection:
    """What is inside a network.

    Parameters
    ----------
    run, folder
        The run, and where the pictures are.
    dataset
        What its validation images are of.
    images_looked_at
        How many of them were searched for patches and dead filters.
    layers
        Its convolutions, first to last.
    images
        What maps, saliency and occlusion are of.
    pictures
        All that was drawn, as paths.
    left_out
        What cannot be shown of this network and why, a sentence each.
    verdicts
        What is to be said of its filters.
    """

    run: str
    folder: str
    dataset: str
    images_looked_at: int
    layers: tuple[InspectedLayer, ...]
    images: tuple[InspectedImage, ...]
    pictures: tuple[str, ...]
    left_out: tuple[str, ...]
    verdicts: tuple[Verdict, ...]
