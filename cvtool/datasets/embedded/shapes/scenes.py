"""From a seed and the knobs to scenes, a block of images at a time."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.dataset import Indices
from cvtool.datasets.embedded.balance import balanced_labels
from cvtool.datasets.embedded.shapes.appearance import Look, draw_light, draw_look
from cvtool.datasets.embedded.shapes.choices import ShapesChoices
from cvtool.datasets.embedded.shapes.draws import Draws
from cvtool.datasets.embedded.shapes.geometry import Viewpoint, deform
from cvtool.datasets.embedded.shapes.outlines import OUTLINES, outlines
from cvtool.datasets.embedded.shapes.surroundings import clutter, occlude
from cvtool.kernels.drawing import SCENE
from cvtool.seeds import stream

BLOCK = 500
"""Images whose random numbers come from streams of their own."""


def labels_of(seed: int, part: str, block: int) -> Indices:
    """Draw the labels of a block."""
    return balanced_labels(stream(seed, "shapes", part, "labels", block), len(OUTLINES), BLOCK)


def scenes_of(choices: ShapesChoices, part: str, block: int) -> NDArray[Any]:
    """Compose the ``BLOCK`` scenes of a block: see ``kernels.drawing.SCENE``."""

    def draws(challenge: str) -> Draws:
        return Draws(stream(choices.seed, "shapes", part, challenge, block), BLOCK)

    look = draw_look(choices.variation, draws("variation"))
    view = Viewpoint.draw(choices.viewpoint, draws("viewpoint"))
    flat = outlines(labels_of(choices.seed, part, block), look.stoutness)
    bent = deform(flat, choices.deformation, draws("deformation"))
    scenes = np.zeros(BLOCK, SCENE)
    scenes["subject"]["outline"] = view.see(bent)
    _color(look, view, scenes["subject"])
    clutter(choices.clutter, draws("clutter"), look, scenes)
    occlude(choices.occlusion, draws("occlusion"), view, scenes)
    light = draw_light(choices.illumination, draws("illumination"))
    scenes["light"]["contrast"] = light.contrast
    scenes["light"]["color"] = light.color
    scenes["light"]["slope"] = light.slope
    return scenes


def _color(look: Look, view: Viewpoint, subjects: NDArray[Any]) -> None:
    subjects["color"] = look.color
    subjects["opacity"] = look.opacity
    subjects["rim"] = look.rim * view.radius
    subjects["rim_color"] = look.rim_color
    frequency = look.stripes / view.radius[:, np.newaxis]
    subjects["stripes"]["frequency"] = frequency
    subjects["stripes"]["phase"] = -(frequency * view.center).sum(axis=-1)
    subjects["stripes"]["color"] = look.stripe_color
