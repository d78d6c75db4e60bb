"""Drawing scenes against Pillow at four times the size, shrunk: what people write for smooth edges.

Ours are whole scenes; Pillow draws the ground in one color, the subject in another, without border
or stripes, and strokes with sharp corners. It has no texture and no light.
"""

import numpy as np
import pytest
from pairs import compare
from PIL import Image, ImageDraw

from cvtool.datasets.embedded.shapes.choices import ShapesChoices
from cvtool.datasets.embedded.shapes.scenes import BLOCK, scenes_of
from cvtool.kernels.drawing import draw

pytestmark = pytest.mark.benchmark

FINER = 4


def as_bytes(color):
    return tuple(np.clip(color * 255, 0, 255).astype(int).tolist())


def draw_strokes(canvas, strokes, side):
    for stroke in strokes[strokes["half"][:, 1] > 0]:
        along = stroke["along"] * stroke["half"][0]
        across = stroke["along"][::-1] * [-1, 1] * stroke["half"][1]
        corners = [along + across, along - across, -along - across, across - along]
        points = (stroke["center"] + corners) * side
        canvas.polygon(points.ravel().tolist(), fill=as_bytes(stroke["color"]))


def draw_with_pillow(scene, side):
    fine = side * FINER
    image = Image.new("RGB", (fine, fine), as_bytes(scene["ground"]))
    canvas = ImageDraw.Draw(image)
    draw_strokes(canvas, scene["behind"], fine)
    outline = scene["subject"]["outline"] * fine
    canvas.polygon(outline.ravel().tolist(), fill=as_bytes(scene["subject"]["color"]))
    draw_strokes(canvas, scene["before"], fine)
    return np.asarray(image.reduce(FINER))


@pytest.mark.parametrize("side", [32, 64])
def test_drawing(side, capsys):
    choices = ShapesChoices(size=side)
    scenes = scenes_of(choices, "train", 0)
    out = np.empty((BLOCK, side, side, 3), np.uint8)
    with_pillow = np.empty_like(out)

    def composed_and_drawn():
        draw(scenes_of(choices, "train", 1), out)

    def drawn_with_pillow():
        for scene, picture in zip(scenes, with_pillow, strict=True):
            picture[...] = draw_with_pillow(scene, side)

    timing = compare(
        lambda: draw(scenes, out),
        {"Pillow": drawn_with_pillow, "with scenes composed": composed_and_drawn},
        rounds=7,
        warmup=1,
    )
    with capsys.disabled():
        print(
            f"\n{side}×{side}: {BLOCK / timing.ours:,.0f} images/s drawn, "
            f"{BLOCK / timing.peers['with scenes composed']:,.0f} images/s composed and drawn, "
            f"Pillow {BLOCK / timing.peers['Pillow']:,.0f} ({timing.ratio('Pillow'):.1f}×)",
            end="",
        )
