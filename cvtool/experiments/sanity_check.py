"""``sanity-check``: everything that can be known of a set-up before it is trained in earnest."""

from collections.abc import Iterator
from time import perf_counter

from cvtool.config import TrainConfig
from cvtool.datasets.batches import Batches
from cvtool.datasets.split import Subset
from cvtool.diagnostics.sanity.checks import Checked
from cvtool.diagnostics.sanity.checks import check as check_setup
from cvtool.diagnostics.sanity.setup import Setup
from cvtool.experiments.keeping_pictures import keep
from cvtool.experiments.preparation import Preparation, batches, build, prepare
from cvtool.kernels.threads import use_threads
from cvtool.models.network import Network
from cvtool.records import Drawn, Note, SanityResult, WorkRecord
from cvtool.runs import RunFolder

Record = Note | WorkRecord | Drawn | SanityResult


def check(config: TrainConfig) -> Iterator[Record]:
    """Check a set-up and keep what was found as a run; the last record says it all.

    Raises
    ------
    UsageError, DataError
        If there is nothing to check: choices contradict each other, or data cannot be read.
    """
    started = perf_counter()
    RunFolder.check_free(config.name)
    threads = use_threads(config.threads)
    preparation = yield from prepare(config)
    setup = setup_of(config, preparation)
    checked = yield from check_setup(setup)
    dataset = preparation.dataset
    folder = RunFolder.create(
        config.name,
        f"sanity-check-{dataset.name}",
        config=config,
        facts={
            "command": "sanity-check",
            "threads": threads,
            "data_checksum": dataset.checksum,
        },
    )
    keep(folder, checked.pictures)
    yield from checked.pictures
    result = _result(config, preparation.network, checked, folder, perf_counter() - started)
    folder.write_result(result)
    yield result


def setup_of(config: TrainConfig, preparation: Preparation) -> Setup:
    """Put together what is checked of what a run begins with."""
    shape, classes = preparation.network.input_shape, preparation.dataset.classes

    def batched(subset: Subset) -> Batches:
        return batches(preparation.network, preparation.view, subset)

    return Setup(
        config=config,
        classes=classes,
        split=preparation.seen,
        preprocessing=preparation.view.preprocessing,
        build=lambda chosen: build(chosen, shape, len(classes)),
        batches=batched,
    )


def _result(
    config: TrainConfig, network: Network, checked: Checked, folder: RunFolder, seconds: float
) -> SanityResult:
    return SanityResult(
        ok=all(each.ok for each in checked.checks),
        dataset=config.dataset,
        arch=network.formula,
        checks=checked.checks,
        layers=checked.layers,
        usable_rates=checked.usable_rates,
        run=str(folder.path),
        seconds=seconds,
    )
