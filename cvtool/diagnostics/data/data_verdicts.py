"""What the findings in a data set mean: what must be fixed, and what one should know.

A verdict is not well where results would be wrong or commands refuse the data: damaged files,
labels that are none, equal images under different labels, copies of test images among those learned
from. Everything else that is told, one may have reasons for.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from cvtool.diagnostics.data.duplicates import Group, Repeated
from cvtool.diagnostics.data.pooled_images import Pool
from cvtool.records import Verdict

BALANCED = 10
"""The largest class over the smallest: beyond it, accuracy speaks of the large ones only."""

ENOUGH = 10
"""Fewer images of a class show little of how it looks, and its accuracy comes in large steps."""

FIX = "leave them out with the list that --fix writes"


@dataclass(frozen=True, eq=False)
class Found:
    """All that verdicts are made of."""

    pool: Pool
    repeated: Repeated
    damaged: int
    unlabeled: int
    class_counts: Mapping[str, Mapping[str, int]]
    sizes: Mapping[str, int]
    modes: Mapping[str, int]


def verdicts(found: Found) -> tuple[Verdict, ...]:
    """Judge a data set; checks that it holds nothing for keep silent."""
    judged = (check(found) for check in CHECKS)
    return tuple(verdict for verdict in judged if verdict is not None)


def files_are_whole(found: Found) -> Verdict:
    """Count damaged files, which stop every other command."""
    count = found.damaged
    good = "every image can be read"
    bad = f"{_count(count, 'file')} cannot be read as images: repair them, or {FIX}"
    return Verdict("files are whole", not count, float(count), bad if count else good)


def labels_are_known(found: Found) -> Verdict:
    """Count labels that are missing or none of the classes, which do so too."""
    count = found.unlabeled
    good = "every image has a label"
    bad = f"{_count(count, 'image')} of no known class: correct the labels, or {FIX}"
    return Verdict("labels are known", not count, float(count), bad if count else good)


def labels_agree(found: Found) -> Verdict:
    """Count equal images under different labels, which cannot all be right, nor be learned."""
    count = len(found.repeated.conflicts)
    good = "equal images have equal labels"
    bad = f"{_count(count, 'image')} found under different labels: correct the labels, or {FIX}"
    return Verdict("labels agree", not count, float(count), bad if count else good)


def parts_are_apart(found: Found) -> Verdict | None:
    """Find copies across parts: what is measured on images that were learned from is memory."""
    if len(found.pool.dataset.parts) < 2:
        return None
    exact, near = (_across(groups) for groups in (found.repeated.exact, found.repeated.near))
    if not exact + near:
        return Verdict("parts are apart", True, 0.0, "no image of one part has a copy in another")
    seen = f"{_count(exact, 'image')} and {near:,} more nearly so are in several parts"
    remedy = f"results will look better than they are, {FIX}"
    return Verdict("parts are apart", False, float(exact + near), f"{seen}: {remedy}")


def images_are_distinct(found: Found) -> Verdict:
    """Find copies within a part: a random split puts them on both of its sides."""
    check, pool = "images are distinct", found.pool
    within = [group for group in found.repeated.exact if not group.across]
    splits = [group for group in within if pool.part_of(group.images[0]) == "train"]
    if not within:
        return Verdict(check, True, 0.0, "no image is there twice within a part")
    seen = f"{_count(len(within), 'image')} in equal copies within a part"
    if splits and pool.dataset.validation is None:
        remedy = f"a random split puts copies on both sides, {FIX}"
        return Verdict(check, False, float(len(within)), f"{seen}: {remedy}")
    return Verdict(check, True, float(len(within)), f"{seen}, which count twice: consider --fix")


def images_differ(found: Found) -> Verdict | None:
    """Count near duplicates within a part, and how many of them disagree about the class."""
    if found.pool.dataset.has_points:
        return None
    near = [group for group in found.repeated.near if not group.across]
    if not near:
        return Verdict("images differ", True, 0.0, "no image nearly equals another of its part")
    odd = sum(len(np.unique(found.pool.labels[group.images])) > 1 for group in near)
    seen = f"{_count(len(near), 'group')} of nearly equal images within a part"
    labels = f", {odd:,} of them under different labels" if odd else ""
    return Verdict("images differ", True, float(len(near)), f"{seen}{labels}: look at the pictures")


def classes_are_balanced(found: Found) -> Verdict | None:
    """Compare classes by size: on one large class a guesser does well."""
    counts = found.class_counts["train"]
    least, most = min(counts, key=counts.__getitem__), max(counts, key=counts.__getitem__)
    if not counts[least]:
        return None
    ratio = counts[most] / counts[least]
    sizes = f"the largest class, {most}, has {ratio:,.1f} times the images of {least}"
    if ratio == 1:
        sizes = f"all classes have {counts[most]:,} training images"
    elif ratio > BALANCED:
        sizes += f": look at the accuracy of each class, or add images of {least}"
    return Verdict("classes are balanced", True, ratio, sizes)


def classes_are_large_enough(found: Found) -> Verdict:
    """Find small classes: a few images are learned by heart."""
    counts = found.class_counts["train"]
    small = [name for name, count in counts.items() if count < ENOUGH]
    fewest = float(min(counts.values()))
    if not small:
        message = f"every class has at least {fewest:,.0f} training images"
    else:
        more = f" and {len(small) - 1:,} more" if len(small) > 1 else ""
        message = f"fewer than {ENOUGH} training images of {small[0]}{more}: add some"
    return Verdict("classes are large enough", True, fewest, message)


def sizes_agree(found: Found) -> Verdict | None:
    """Tell of several sizes: all but one of them have been resized."""
    return _one_kind("sizes agree", "sizes", found.sizes, "small ones are blurred by resizing")


def formats_agree(found: Found) -> Verdict | None:
    """Tell of several formats: where gray and color are mixed, they may give the class away."""
    remedy = "make sure that classes do not differ in it"
    return _one_kind("formats agree", "pixel formats", found.modes, remedy)


def _one_kind(check: str, what: str, counts: Mapping[str, int], remedy: str) -> Verdict | None:
    if not counts:
        return None
    (first, most), *others = counts.items()
    if not others:
        return Verdict(check, True, 1.0, f"all images are {first}")
    seen = f"images come in {len(counts):,} {what}, most ({most:,}) as {first}"
    return Verdict(check, True, float(len(counts)), f"{seen}: {remedy}")


def _across(groups: Iterable[Group]) -> int:
    return sum(group.across for group in groups)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' if number != 1 else ''}"


CHECKS = (
    files_are_whole,
    labels_are_known,
    labels_agree,
    parts_are_apart,
    images_are_distinct,
    images_differ,
    classes_are_balanced,
    classes_are_large_enough,
    sizes_agree,
    formats_agree,
)
