"""One training run from where it stands to its end: learn, save, look, judge."""

from collections.abc import Generator, Iterator
from math import nan
from pathlib import Path
from time import perf_counter

from cvtool.config import LearnerConfig
from cvtool.diagnostics.learning import verdicts
from cvtool.experiments.findings import findings
from cvtool.experiments.first_use import compiling
from cvtool.experiments.keeping import keeping
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
from cvtool.runs import RunFolder
from cvtool.training import checkpoint
from cvtool.training.evaluation import Scored, scoring
from cvtool.training.interruption import interruption
from cvtool.training.loop import DivergedError, fit
from cvtool.training.progress import Progress

Record = (
    Note | WorkRecord | NetworkTable | StepRecord | EpochRecord | Findings | Drawn | TrainResult
)

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


def _is_closing(record: StepRecord | WorkRecord | EpochRecord) -> bool:
    """Whether the epoch has had its last step, and its record is still to come."""
    if isinstance(record, StepRecord):
        return record.step == record.steps
    return isinstance(record, WorkRecord)


class TrainingRun:
    """One run from where it stands to its end."""

    def __init__(
        self,
        config: LearnerConfig,
        preparation: Preparation,
        folder: RunFolder,
        progress: Progress,
    ) -> None:
        self.config = config
        self.preparation = preparation
        self.folder = folder
        self.learner = preparation.learner(config, progress)
        self.history = folder.truncate(progress.epoch - 1)

    def records(self) -> Iterator[Record]:
        """Learn until something says stop, then judge and report."""
        table = layer_table(self.preparation.network, self.config)
        self.folder.write_network(table)
        yield table
        yield from compiling()
        self._save()
        outcome = yield from self._learn()
        if outcome == "diverged":
            checkpoint.load(self.folder.last_checkpoint).restore(self.preparation.network)
        weights_checksum = self.preparation.network.checksum()
        if outcome != "diverged" and self.learner.progress.best_epoch:
            best = checkpoint.load(self.folder.best_checkpoint)
            best.restore(self.preparation.network)
            seen = yield from scoring(
                self.preparation.network,
                self.preparation.validation_batches(),
                self.config.batch_size,
            )
            yield from keeping(self.folder, self._looked_at(seen))
        result = self._result(outcome, weights_checksum)
        self.folder.write_result(result)
        yield result

    def _looked_at(self, seen: Scored) -> Generator[Findings | Drawn, None, None]:
        """Show what there is to see of the network, and of what a whitening makes of images."""
        preparation = self.preparation
        yield findings(preparation, tuple(self.history), seen)
        preprocessing = preparation.view.preprocessing
        if preprocessing.whitening is not None and preparation.view.features.is_pixels:
            yield from preprocessing_galleries(
                preparation.dataset, preparation.split.train, preprocessing
            )

    def _learn(self) -> Generator[StepRecord | WorkRecord | EpochRecord, None, Outcome]:
        """Pass the loop's records on, saving in between; return why it ended."""
        started = saved = perf_counter()
        if self.learner.out_of_patience:  # since before it was resumed
            return "stopped early"
        with interruption() as wish:
            try:
                for record in fit(self.learner):
                    if isinstance(record, EpochRecord):
                        self._keep(record)
                    yield record
                    if _is_closing(record):
                        continue  # no place to stop: the epoch closes first
                    reason = self._reason_to_stop(wish.requested, started)
                    if reason:
                        self._save()
                        return reason
                    if perf_counter() - saved > _SECONDS_BETWEEN_SAVES:
                        self._save()
                        saved = perf_counter()
            except DivergedError:
                return "diverged"
        return "finished"

    def _keep(self, record: EpochRecord) -> None:
        """Write an epoch down: its line first, so that a kill can only make it be done again."""
        self.history.append(record)
        self.folder.append_metrics(record)
        if record.best:
            self._save_to(self.folder.best_checkpoint)
        if self.config.keep_every and record.epoch % self.config.keep_every == 0:
            self._save_to(self.folder.kept_checkpoint(record.epoch))
        self._save()

    def _save(self) -> None:
        self._save_to(self.folder.last_checkpoint)

    def _save_to(self, path: Path) -> None:
        checkpoint.save(
            path,
            self.preparation.network,
            self.learner.optimizer,
            self.preparation.view.to_arrays(),
            self.learner.progress,
        )

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
        last = self.history[-1] if self.history else None
        return TrainResult(
            run=str(self.folder.path),
            outcome=outcome,
            dataset=self.config.dataset,
            arch=network.formula,
            seed=self.config.seed,
            epochs=len(self.history),
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
            self.history,
            config=self.config,
            classes=len(self.preparation.dataset.classes),
            initial_loss=nan if initial_loss is None else initial_loss,
            diverged=outcome == "diverged",
        )
