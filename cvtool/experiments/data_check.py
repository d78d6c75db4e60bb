"""``data check``: everything that is wrong with a data set, and a list of what to leave out."""

from collections.abc import Generator, Iterator
from dataclasses import replace
from time import perf_counter

from cvtool.config import CheckConfig
from cvtool.datasets.dataset import Dataset
from cvtool.datasets.exclusion import write_exclusions
from cvtool.datasets.pixels.parallel_decoding import SizesDifferError
from cvtool.diagnostics.data.data_quality import DataQuality, examine
from cvtool.experiments.background import watched
from cvtool.experiments.first_use import compiling
from cvtool.experiments.keeping_pictures import keep
from cvtool.experiments.reading import read
from cvtool.kernels.threads import use_threads
from cvtool.records import DataCheck, Gallery, Note, WorkRecord
from cvtool.runs import RunFolder

Record = Note | WorkRecord | Gallery | DataCheck

COMMON_SIDE = 64
"""Pixels a side that images of several sizes are compared at, unless another size is asked for."""


def check(config: CheckConfig) -> Iterator[Record]:
    """Examine a data set, keep what was found as a run; the last record says it all.

    Raises
    ------
    UsageError, DataError
        If the data cannot be read at all.
    """
    started = perf_counter()
    RunFolder.check_free(config.name)
    use_threads(config.threads)
    dataset = yield from _read(config)
    yield from compiling("what compares images", "look_alikes")
    quality = yield from watched(lambda tell: examine(dataset, tell))
    folder = RunFolder.create(
        config.name,
        f"data-check-{dataset.name}",
        config=config,
        facts={"command": "data check", "data_checksum": dataset.checksum},
    )
    keep(folder, quality.galleries)
    yield from quality.galleries
    result = _result(config, dataset, quality, folder)
    if config.fix:
        exclude = folder.path / "exclude.txt"
        write_exclusions(exclude, quality.leave_out)
        result = replace(result, exclude=str(exclude))
    result = replace(result, seconds=perf_counter() - started)
    folder.write_result(result)
    yield result


def _read(config: CheckConfig) -> Generator[Note | WorkRecord, None, Dataset]:
    try:
        return (yield from read(config, as_it_is=True))
    except SizesDifferError:
        yield Note(f"images are of several sizes: they are compared at {COMMON_SIDE}×{COMMON_SIDE}")
        return (yield from read(replace(config, image_size=COMMON_SIDE), as_it_is=True))


def _result(
    config: CheckConfig, dataset: Dataset, quality: DataQuality, folder: RunFolder
) -> DataCheck:
    return DataCheck(
        ok=quality.ok,
        dataset=config.dataset,
        images=sum(len(part.kept) for part in dataset.parts.values()),
        classes=len(dataset.classes),
        class_counts=quality.class_counts,
        sizes=quality.sizes,
        modes=quality.modes,
        damaged=quality.damaged,
        unlabeled=quality.unlabeled,
        duplicates=quality.duplicates,
        conflicts=quality.conflicts,
        mean=quality.mean,
        std=quality.std,
        verdicts=quality.verdicts,
        run=str(folder.path),
        exclude=None,
        seconds=0.0,
    )
