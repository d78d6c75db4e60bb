"""Pictures beside each other: galleries, first filters, the most confident mistakes."""

from cvtool.records import Findings, Gallery
from cvtool.render.plots.filters import MOST, filter_tiles, filters_title
from cvtool.render.plots.mistakes import TITLE
from cvtool.render.quantities import share
from cvtool.render.report.blocks import Captioned, Pictures, Section, Sentences
from cvtool.render.report.pictures import shown, unit_bytes

LARGE = 64
"""Pixels along a side from where pictures have more room."""


def gallery_pictures(gallery: Gallery) -> Pictures | None:
    """Show the rows of a gallery; nothing where none has pictures."""
    rows = tuple(
        (name, tuple(Captioned(shown(each.image), each.above, each.below) for each in pictures))
        for name, pictures in gallery.rows
        if pictures
    )
    if not rows:
        return None
    side = max(max(each.image.shape[:2]) for _, row in gallery.rows for each in row)
    return Pictures(rows, size=72 if side < LARGE else 128)


def filters_section(findings: Findings) -> Section | None:
    """Show each filter on its own scale: smooth ones have learned, noisy ones have not yet."""
    if findings.filters is None or not findings.filters.size:
        return None
    tiles = filter_tiles(findings.filters)
    pictures = tuple(Captioned(shown(unit_bytes(each))) for each in tiles)
    words = "Smooth filters have learned something, noisy ones have not yet (notes §6.5)."
    blocks: list[Pictures | Sentences] = [Pictures((("", pictures),), size=48), Sentences((words,))]
    if len(tiles) == MOST:
        blocks.append(Sentences((f"The first {MOST} are shown.",)))
    return Section("filters", filters_title(findings.filters), tuple(blocks))


def mistakes_section(findings: Findings) -> Section | None:
    """Show what the network was most sure of and wrong about: often the labels are, or the data."""
    if not findings.mistakes:
        return None
    pictures = tuple(
        Captioned(
            shown(each.image), f"{each.predicted} · {share(each.probability)}", f"is {each.label}"
        )
        for each in findings.mistakes
    )
    return Section("mistakes", TITLE, (Pictures((("", pictures),), size=96),))
