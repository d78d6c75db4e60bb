"""Pictures beside each other: galleries, first filters, the most confident mistakes."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from cvtool.records import Findings, Gallery
from cvtool.render.plots.filters import MOST, filter_tiles, filters_title
from cvtool.render.plots.mistakes import TITLE
from cvtool.render.quantities import share
from cvtool.render.report.blocks import Captioned, Pictures, Section, Sentences
from cvtool.render.report.pictures import shown, unit_bytes

LARGE = 64
"""Pixels along a side from where pictures have more room."""

IN_A_SHORT_ROW = 3
"""Pictures that have more room, too."""

FEW = 32
"""Pictures of the inside of a network that are shown without being asked for."""


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
    is_roomy = side >= LARGE or max(len(row) for _, row in rows) <= IN_A_SHORT_ROW
    return Pictures(rows, size=128 if is_roomy else 72, note=gallery.note)


def inside_section(galleries: Sequence[Gallery]) -> Section | None:
    """Show what was found inside a network: the few pictures at once, the many when asked for."""
    found = [(each.title, gallery_pictures(each)) for each in galleries]
    blocks = [
        replace(pictures, caption=title, is_folded=_count(pictures) > FEW)
        for title, pictures in found
        if pictures is not None
    ]
    if not blocks:
        return None
    blocks.sort(key=lambda each: (each.is_folded, 0 if each.is_folded else _count(each)))
    return Section("inside", "Inside the network", tuple(_said_once(blocks)))


def _said_once(blocks: Sequence[Pictures]) -> Iterator[Pictures]:
    """Leave out what was said right before; what is folded away has to speak for itself."""
    said = ""
    for each in blocks:
        is_said = each.note == said and not each.is_folded
        said = each.note
        yield replace(each, note="") if is_said else each


def _count(pictures: Pictures) -> int:
    return sum(len(row) for _, row in pictures.rows)


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
