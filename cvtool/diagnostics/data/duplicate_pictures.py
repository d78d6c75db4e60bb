"""The worst of what was found twice, side by side, for a person to judge."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.looking import as_bytes
from cvtool.diagnostics.data.duplicates import Group, Repeated
from cvtool.diagnostics.data.pooled_images import Pool
from cvtool.records import Gallery, Picture

ROWS = 12
IN_A_ROW = 6


def galleries(pool: Pool, repeated: Repeated) -> tuple[Gallery, ...]:
    """Show conflicts, exact and near duplicates, the first ``ROWS`` of each; none of points."""
    if pool.dataset.has_points:
        return ()
    across_first = sorted(repeated.exact, key=lambda group: not group.across)
    shown: list[tuple[str, str, Sequence[Group]]] = [
        ("conflicts", "Equal images under different labels", repeated.conflicts),
        ("duplicates", "Equal images", across_first),
        ("near-duplicates", "Nearly equal images", repeated.near),
    ]
    return tuple(
        Gallery(name, title, tuple(_row(pool, group) for group in groups[:ROWS]))
        for name, title, groups in shown
        if groups
    )


def _row(pool: Pool, group: Group) -> tuple[str, tuple[Picture, ...]]:
    chosen = _chosen(pool, group)
    images = as_bytes(pool.images_at(chosen))
    pictures = tuple(
        Picture(image, pool.name_of(number), pool.class_of(number))
        for image, number in zip(images, chosen.tolist(), strict=True)
    )
    return _words(group, len(chosen)), pictures


def _chosen(pool: Pool, group: Group) -> NDArray[np.int64]:
    """Take some of a large group, of every part and class at least one where there is room."""
    seen: set[tuple[int, int]] = set()
    chosen: list[int] = []
    rest: list[int] = []
    for image in group.images.tolist():
        kind = (int(pool.parts[image]), int(pool.labels[image]))
        (rest if kind in seen else chosen).append(image)
        seen.add(kind)
    return np.sort(np.array((chosen + rest)[:IN_A_ROW]))


def _words(group: Group, shown: int) -> str:
    words = [f"{group.distance:.1f} levels"] if group.kind == "near" else []
    words += ["mirrored"] if group.mirrored else []
    words += ["across parts"] if group.across else []
    words += [f"{shown} of {len(group.images):,}"] if shown < len(group.images) else []
    return ", ".join(words)
