"""What is wrong with a data set: everything ``data check`` says of pixels and labels."""

from collections.abc import Mapping
from dataclasses import dataclass

from cvtool.datasets.dataset import Dataset
from cvtool.datasets.opening import damaged, unlabeled
from cvtool.datasets.request import Progress
from cvtool.diagnostics.data.data_statistics import class_counts, mean_and_std, sizes_and_modes
from cvtool.diagnostics.data.data_verdicts import Found, verdicts
from cvtool.diagnostics.data.duplicate_pictures import galleries
from cvtool.diagnostics.data.duplicates import Group, find_duplicates
from cvtool.diagnostics.data.leaving_out import Reason, leave_out
from cvtool.diagnostics.data.pooled_images import Pool, class_name
from cvtool.records import Conflict, Damage, Duplicate, Gallery, Unlabeled, Verdict, WorkRecord


@dataclass(frozen=True, eq=False)
class DataQuality:
    """The fields of ``records.DataCheck`` that concern pixels and labels, and what follows.

    ``leave_out`` are names with reasons, as ``write_exclusions`` takes them: without those images,
    nothing would be found that must be fixed. ``galleries`` show the worst finds.
    """

    ok: bool
    class_counts: Mapping[str, Mapping[str, int]]
    sizes: Mapping[str, int]
    modes: Mapping[str, int]
    damaged: tuple[Damage, ...]
    unlabeled: tuple[Unlabeled, ...]
    duplicates: tuple[Duplicate, ...]
    conflicts: tuple[Conflict, ...]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    verdicts: tuple[Verdict, ...]
    leave_out: tuple[Reason, ...]
    galleries: tuple[Gallery, ...]


def examine(dataset: Dataset, progress: Progress | None = None) -> DataQuality:
    """Look at every image of a data set once, and compare each with all others.

    Parameters
    ----------
    dataset
        As ``open_as_it_is`` gives it: images that are left out are passed over, damaged and
        unlabeled ones reported.
    progress
        Told how far reading and comparing are, if anybody wants to know.
    """
    pool = Pool.of(dataset)
    repeated = find_duplicates(pool, progress or _tell_nobody)
    broken, lost = _damaged(dataset), _unlabeled(dataset)
    counts, (sizes, modes) = class_counts(dataset), sizes_and_modes(dataset)
    found = Found(pool, repeated, len(broken), len(lost), counts, sizes, modes)
    judged = verdicts(found)
    mean, std = mean_and_std(dataset.train, progress)
    return DataQuality(
        ok=all(verdict.ok for verdict in judged),
        class_counts=counts,
        sizes=sizes,
        modes=modes,
        damaged=broken,
        unlabeled=lost,
        duplicates=tuple(_duplicate(pool, group) for group in (*repeated.exact, *repeated.near)),
        conflicts=tuple(_conflict(pool, group) for group in repeated.conflicts),
        mean=mean,
        std=std,
        verdicts=judged,
        leave_out=leave_out(pool, repeated, broken, lost),
        galleries=galleries(pool, repeated),
    )


def _tell_nobody(_: WorkRecord) -> None:
    pass


def _damaged(dataset: Dataset) -> tuple[Damage, ...]:
    return tuple(
        Damage(dataset.name_of(part, int(at)), examples.files.damaged[int(at)])
        for part, examples in dataset.parts.items()
        for at in damaged(examples)
        if examples.files is not None
    )


def _unlabeled(dataset: Dataset) -> tuple[Unlabeled, ...]:
    return tuple(
        Unlabeled(dataset.name_of(part, int(at)), class_name(dataset, int(examples.labels[at])))
        for part, examples in dataset.parts.items()
        for at in unlabeled(examples, len(dataset.classes))
    )


def _duplicate(pool: Pool, group: Group) -> Duplicate:
    return Duplicate(
        kind="near" if group.kind == "near" else "exact",
        files=tuple(map(pool.name_of, group.images.tolist())),
        across=group.across,
        distance=group.distance,
        mirrored=group.mirrored,
    )


def _conflict(pool: Pool, group: Group) -> Conflict:
    numbers = group.images.tolist()
    return Conflict(
        files=tuple(map(pool.name_of, numbers)), labels=tuple(map(pool.class_of, numbers))
    )
