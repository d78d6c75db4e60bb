"""Images that are there more than once: equal, equal under different labels, or nearly equal."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.dataset import Indices
from cvtool.datasets.request import Progress
from cvtool.diagnostics.data.equal_images import EqualImages, equal_images
from cvtool.diagnostics.data.image_descriptions import describe
from cvtool.diagnostics.data.near_duplicates import Pairs, near_duplicates
from cvtool.diagnostics.data.pooled_images import Pool
from cvtool.diagnostics.data.star_groups import stars


@dataclass(frozen=True, eq=False)
class Group:
    """Two or more images of a pool that belong together.

    ``images`` are their numbers, ascending, hence training images first; ``distance`` and
    ``mirrored`` are those of ``records.Duplicate``.
    """

    kind: Literal["exact", "near", "conflict"]
    images: Indices
    across: bool
    distance: float = 0.0
    mirrored: bool = False


@dataclass(frozen=True, eq=False)
class Repeated:
    """All groups: conflicts and exact duplicates in the order of the pool, near ones worst first.

    Equal images under different labels are a conflict and nothing else, even across parts: each
    finding is told once, and all of them have to go anyway. Near duplicates across parts come
    first, then those that differ least; their groups name exact copies of their members too.
    """

    conflicts: tuple[Group, ...]
    exact: tuple[Group, ...]
    near: tuple[Group, ...]


def find_duplicates(pool: Pool, progress: Progress) -> Repeated:
    """Find all images of a pool that are there more than once."""
    notes = describe(pool, progress)
    equal = equal_images(pool, notes.digests)
    groups = [_equal_group(pool, images) for images in equal.groups]
    if pool.dataset.has_points:
        near: tuple[Group, ...] = ()
    else:
        pairs = near_duplicates(pool, notes, equal.firsts, progress)
        near = _near_groups(pool, pairs, equal, notes.digests)
    return Repeated(
        conflicts=tuple(group for group in groups if group.kind == "conflict"),
        exact=tuple(group for group in groups if group.kind == "exact"),
        near=near,
    )


def _equal_group(pool: Pool, images: Indices) -> Group:
    classes = np.unique(pool.labels[images[pool.known[images]]])
    return Group("conflict" if len(classes) > 1 else "exact", images, _across(pool, images))


def _near_groups(
    pool: Pool, pairs: Pairs, equal: EqualImages, digests: NDArray[np.uint64]
) -> tuple[Group, ...]:
    copies = {int(group[0]): group for group in equal.groups}
    listed = list(zip(pairs.firsts.tolist(), pairs.seconds.tolist(), strict=True))
    seen = dict(zip(listed, zip(pairs.levels, pairs.mirrored, strict=True), strict=True))
    # Ties are broken by content, so that the order of the images does not matter.
    ranks = {image: tuple(digests[image].tolist()) for pair in listed for image in pair}
    groups = []
    for star in stars(listed, ranks):
        center, *others = star
        levels, mirrored = zip(
            *(seen[min(center, other), max(center, other)] for other in others), strict=True
        )
        images = np.sort(np.concatenate([copies.get(image, [image]) for image in star]))
        across = _across(pool, images)
        groups.append(Group("near", images, across, float(max(levels)), bool(any(mirrored))))
    return tuple(sorted(groups, key=lambda group: (not group.across, group.distance)))


def _across(pool: Pool, images: Indices) -> bool:
    return len(np.unique(pool.parts[images])) > 1
