"""Which images to leave out so that nothing remains that must be fixed, and why each.

Validation and test images stay where they can, for they are what others measure by: of copies in
several parts those in the test part stay, else those in the validation part. A reason is a few
words for the list that ``--exclude`` takes.
"""

from collections.abc import Iterator

import numpy as np

from cvtool.diagnostics.data.duplicates import Group, Repeated
from cvtool.diagnostics.data.pooled_images import Pool
from cvtool.records import Damage, Unlabeled

Reason = tuple[str, str]
"""The name of an image, and why to leave it out."""


def leave_out(
    pool: Pool, repeated: Repeated, damaged: tuple[Damage, ...], unlabeled: tuple[Unlabeled, ...]
) -> tuple[Reason, ...]:
    """List images to leave out, each once.

    All that are damaged, have no label, or are equal under different labels; of duplicates across
    parts, exact or near, the copies in the earlier part; of exact duplicates within a part all but
    the first. Near duplicates within a part stay: they are for a person to judge.
    """
    reasons = {item.file: "damaged" for item in damaged}
    for lost in unlabeled:
        reasons.setdefault(lost.file, f"has the label {lost.label}, which is no class")
    out = set(np.flatnonzero(~pool.known).tolist())
    for image, reason in _repeated(pool, repeated, out):
        reasons.setdefault(pool.name_of(image), reason)
    return tuple(reasons.items())


def _repeated(pool: Pool, repeated: Repeated, out: set[int]) -> Iterator[tuple[int, str]]:
    for group in repeated.conflicts:
        classes = sorted({pool.class_of(image) for image in group.images.tolist()})
        for image in group.images.tolist():
            yield image, f"equal images are labeled {' and '.join(classes)}"
        out.update(group.images.tolist())
    for group in (*repeated.exact, *repeated.near):
        for image, other in _superfluous(pool, group, out):
            nearly = "nearly " if group.kind == "near" else ""
            yield image, f"{nearly}equal to {pool.name_of(other)}"
            out.add(image)


def _superfluous(pool: Pool, group: Group, out: set[int]) -> list[tuple[int, int]]:
    """Pair each image that can go with one that stays."""
    left = [image for image in group.images.tolist() if image not in out]
    if not left:
        return []
    last = max(pool.parts[image] for image in left)  # train, validation, test: in this order
    staying = [image for image in left if pool.parts[image] == last]
    going = [image for image in left if pool.parts[image] != last]
    if group.kind == "exact":
        going += staying[1:]
    return [(image, staying[0]) for image in going]
