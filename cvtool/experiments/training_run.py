"""One training run from where it stands to its end: learn, save, look, judge."""

from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager
from math import nan
from time import perf_counter

from cvtool.config import LearnerConfig
from cvtool.diagnostics.learning import verdicts
from cvtool.experiments.findings import findings
from cvtool.experiments.first_use import compiling
from cvtool.experiments.keeping import Keeping
from cvtool.experiments.keeping_pictures import noting
from cvtool.experiments.preparation import Preparation
from cvtool.experiments.preprocessing_pictures import preprocessing_galleries
from cvtool.models.network import Network
from cvtool.models.table import network_table
from cvtool.records import (
    Drawn,
    EpochRecord,
    Findings,
    NetworkTable,
    Note,
    Outcome,
    StepRecord,
    TrainResult,
    Verdict,
    WorkRecord,
)
from cvtool.runs.pictures import Drawable
from cvtool.training.evaluation import Scored, scoring
from cvtool.training.interruption import Interruption, interruption
from cvtool.training.loop import DivergedError, fit
from cvtool.training.progress import Progress

Record = (
    Note | WorkRecord | NetworkTable | StepRecord | EpochRecord | Findings | Drawn | TrainResult
)

Listening = Callable[[], AbstractContextManager[Interruption]]

_SECONDS_BETWEEN_SAVES = 60


def layer_table(network: Network, config: LearnerConfig) -> NetworkTable:
    """Lay a network out layer by layer."""
    return network_table(
        network.chain.layers,
        formula=network.formula,
        input_shape=network.input_shape,
        batch_size=config.batch_size,
        loss=network.loss,
        itemsize=network.dtype.itemsize,
    )


class TrainingRun:
    """One run from where it stands to its end; ``outcome`` says how the learning ended."""

    outcome: Outcome | None = None

    def __init__(
        self,
        config: LearnerConfig,
        preparation: Preparation,
        keeping: Keeping,
        progress: Progress,
    ) -> None:
        self.config = config
        self.preparation = preparation
        self.keeping = keeping
        self.learner = preparation.learner(config, progress)

    def records(self, listening: Listening = interruption) -> Iterator[Record]:
        """Learn until something says stop, then judge and report.

        Between two records the run is in order, and may be left to go on later, unless its learner
        ``is_closing`` an epoch.

        Parameters
        ----------
        listening
            Listens, while weights are learned, for a wish to stop.
        """
        network = self.preparation.network
        table = layer_table(network, self.config)
        self.keeping.keep_network(table)
        yield table
        yield from compiling()
        self.save()
        outcome = self.outcome = yield from self._learn(listening)
        if outcome == "diverged":
            self.keeping.bring_last(network)
        weights_checksum = network.checksum()
        if outcome != "diverged" and self.learner.progress.best_epoch:
            self.keeping.bring_best(network)
            batches = self.preparation.validation_batches()
            scored = yield from scoring(network, batches, self.config.batch_size)
            seen: list[Drawable] = []
            yield from noting(self._looked_at(scored), seen)
            self.keeping.keep_pictures(seen)
        result = self._result(outcome, weights_checksum)
        self.keeping.keep_result(result)
        yield result

    def save(self) -> None:
        """Keep the run as it stands, to go on from there."""
        self.keeping.keep_last(self.learner)

    def _looked_at(self, seen: Scored) -> Generator[Findings | Drawn, None, None]:
        """Show what there is to see of the network, and of what a whitening makes of images."""
        preparation = self.preparation
        yield findings(preparation, tuple(self.keeping.history), seen)
        preprocessing = preparation.view.preprocessing
        if preprocessing.whitening is not None and preparation.view.features.is_pixels:
            yield from preprocessing_galleries(
                preparation.dataset, preparation.split.train, preprocessing
            )

    def _learn(
        self, listening: Listening
    ) -> Generator[StepRecord | WorkRecord | EpochRecord, None, Outcome]:
        """Pass the loop's records on, saving in between; return why it ended."""
        started = saved = perf_counter()
        if self.learner.out_of_patience:  # since before it was resumed
            return "stopped early"
        with listening() as wish:
            try:
                for record in fit(self.learner):
                    if isinstance(record, EpochRecord):
                        self._keep(record)
                    yield record
                    if self.learner.is_closing:
                        continue  # no place to stop: the epoch closes first
                    reason = self._reason_to_stop(wish.requested, started)
                    if reason:
                        self.save()
                        return reason
                    if perf_counter() - saved > _SECONDS_BETWEEN_SAVES:
                        self.save()
                        saved = perf_counter()
            except DivergedError:
                return "diverged"
        return "finished"

    def _keep(self, record: EpochRecord) -> None:
        """Write an epoch down: its line first, so that a kill can only make it be done again."""
        self.keeping.keep_epoch(record)
        if record.best:
            self.keeping.keep_best(self.learner)
        if self.config.keep_every and record.epoch % self.config.keep_every == 0:
            self.keeping.keep_for_good(self.learner, record.epoch)
        self.save()

    def _reason_to_stop(self, interrupted: bool, started: float) -> Outcome | None:
        limit = self.config.time_limit
        if interrupted:
            return "interrupted"
        if limit is not None and perf_counter() - started > limit:
            return "time limit"
        return "stopped early" if self.learner.out_of_patience else None

    def _result(self, outcome: Outcome, weights_checksum: str) -> TrainResult:
        progress, network = self.learner.progress, self.preparation.network
        split = self.preparation.split
        history = self.keeping.history
        last = history[-1] if history else None
        return TrainResult(
            run=self.keeping.run,
            outcome=outcome,
            dataset=self.config.dataset,
            arch=network.formula,
            seed=self.config.seed,
            epochs=len(history),
            parameters=network.chain.parameter_count(),
            train_images=len(split.train),
            val_images=len(split.validation),
            train_loss=last.train_loss if last else nan,
            train_accuracy=last.train_accuracy if last else nan,
            val_loss=last.val_loss if last else nan,
            val_accuracy=last.val_accuracy if last else nan,
            best_val_accuracy=progress.best_val_accuracy if last else nan,
            best_epoch=progress.best_epoch,
            images_per_second=progress.run_images_per_second,
            seconds=progress.seconds + progress.epoch_seconds,
            weights_checksum=weights_checksum,
            verdicts=self._verdicts(outcome),
        )

    def _verdicts(self, outcome: Outcome) -> tuple[Verdict, ...]:
        initial_loss = self.learner.progress.initial_loss
        return verdicts(
            self.keeping.history,
            config=self.config,
            classes=len(self.preparation.dataset.classes),
            initial_loss=nan if initial_loss is None else initial_loss,
            diverged=outcome == "diverged",
        )
