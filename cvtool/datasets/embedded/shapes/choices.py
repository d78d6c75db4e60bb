"""What can be chosen of shapes; apart from their drawing, whose kernel takes a while to import."""

from dataclasses import dataclass

from cvtool.config import Choices, option

DEFAULT = 0.3


def _knob(help: str) -> float:
    turned: float = option(DEFAULT, help, low=0, high=1)
    return turned


@dataclass(frozen=True, kw_only=True)
class ShapesChoices(Choices):
    """How many shapes, and how hard they are to tell apart."""

    images: int = option(5_000, "training images", low=1, high=100_000_000)
    test_images: int = option(1_000, "test images", low=0, high=100_000_000)
    size: int = option(32, "side of the images in pixels", low=8, high=256)
    seed: int = option(0, "the same seed draws the same images", low=0, high=2**63 - 1)
    viewpoint: float = _knob("other places, sizes, angles")
    illumination: float = _knob("other brightness, contrast, color and direction of the light")
    deformation: float = _knob("bent outlines")
    occlusion: float = _knob("something before it")
    clutter: float = _knob("texture and fragments behind it, in colors like its own")
    variation: float = _knob("other colors and proportions; hollow, bordered or striped")
