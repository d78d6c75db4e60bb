"""A model whose weights are learned: a network, or the one matrix of a linear classifier."""

from collections.abc import Generator, Iterator
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

from numpy.typing import NDArray

from cvtool.api.data import Data
from cvtool.api.model import Answers, Model
from cvtool.config import LearnerConfig
from cvtool.errors import UsageError
from cvtool.experiments.evaluate import evaluating
from cvtool.experiments.keeping import InFolder, InMemory, Keeping
from cvtool.experiments.keeping_pictures import noting
from cvtool.experiments.learning import Recipe, new_folder
from cvtool.experiments.preparation import Preparation
from cvtool.experiments.trained import Classifier
from cvtool.experiments.training_run import Record, TrainingRun
from cvtool.kernels.threads import use_threads
from cvtool.models.network import Network
from cvtool.records import EpochRecord, Evaluation, Told, TrainResult
from cvtool.runs import RunFolder
from cvtool.runs.pictures import Drawable
from cvtool.training.interruption import Interruption, interruption
from cvtool.training.progress import Progress


class LearningModel(Model):
    """Made by ``build``; its weights are as they start until ``fit`` or ``epochs`` change them.

    Parameters
    ----------
    recipe
        What the runs of its command are.
    config
        All its settings.
    data
        Its images.
    preparation
        The same split, preprocessed, and the network.
    """

    config: LearnerConfig
    result: TrainResult | None = None
    """How the learning ended, with its verdicts, once it has."""

    def __init__(
        self, recipe: Recipe, config: LearnerConfig, data: Data, preparation: Preparation
    ) -> None:
        super().__init__("the model", config, data.classes, data.image_shape, data.image_type)
        self._recipe, self._preparation, self.data = recipe, preparation, data
        self._folder: RunFolder | None = None
        self._run: TrainingRun | None = None
        self._openings = 0

    @property
    def network(self) -> Network:
        """Its layers; ``network.arrays()`` are all weights by their names, not copied."""
        return self._preparation.network

    @property
    def history(self) -> tuple[EpochRecord, ...]:
        """The epochs that are done."""
        return tuple(self._run.keeping.history) if self._run else ()

    def learning(self) -> Iterator[Record]:
        """Learn from where it stands to the end, and pass on all there is to tell.

        Ctrl-C is raised between two steps; whoever calls this again goes on from there.
        """
        if self._run is not None and self._run.outcome is not None:
            raise UsageError(
                f"the model has learned to its end ({self._run.outcome} after "
                f"{len(self.history)} of {self.config.epochs} epochs): build another to learn anew"
            )
        threads = use_threads(self.config.threads)
        if self._run is None:
            seen: list[Drawable] = []
            settling = self._recipe.settle(self.config, self._preparation)
            self.config = yield from noting(settling, seen)
            keeping = self._keeping(threads)
            if seen:
                keeping.keep_pictures(seen)
            self._run = self._recipe.run(self.config, self._preparation, keeping, Progress())
        with nullcontext() if self._folder is None else self._folder.held():
            for record in _interruptible(self._run):
                if isinstance(record, TrainResult):
                    self.result = record
                yield record

    def _keeping(self, threads: int) -> Keeping:
        if self.config.name is None:
            return InMemory()
        self._folder = new_folder(self._recipe, self.config, self._preparation, threads)
        for _ in range(self._openings):  # before there was a folder to write them down in
            self._folder.count_test_opening()
        return InFolder(self._folder, self._preparation.view)

    @property
    def _classifier(self) -> Classifier:
        return Classifier(
            config=self.config,
            classes=self.classes,
            image_shape=self.image_shape,
            image_type=self.image_type,
            network=self.network,
            view=self._preparation.view,
        )

    def evaluating(self, *, test: bool) -> Generator[Told, None, Evaluation]:
        """Score images with the weights as they are."""
        seen = yield from evaluating(self._classifier, self.data.dataset, test=test)
        if self._folder is None:
            self._openings += test
            return replace(seen, opened=self._openings)
        folder = self._folder
        opened = folder.count_test_opening() if test else folder.test_openings()
        return replace(seen, run=str(folder.path), opened=opened)

    def answering(self, images: NDArray[Any]) -> Generator[Told, None, Answers]:
        """Score images with the weights as they are."""
        yield from ()
        seen = self._classifier.score(images)
        return Answers(seen.predictions, seen.probabilities)

    def __repr__(self) -> str:
        done = f"{len(self.history)} of {self.config.epochs} epochs"
        best = max((each.val_accuracy for each in self.history), default=None)
        learned = done if best is None else f"{done}, best validation accuracy {best:.1%}"
        return f"<{type(self).__name__} {self.network.formula}: {learned}>"


def _interruptible(run: TrainingRun) -> Iterator[Record]:
    """Pass a run's records on; raise KeyboardInterrupt where weights are in order.

    Signals are listened for only while a step is made: between two records they are the caller's.
    """
    records = run.records(lambda: nullcontext(Interruption()))
    wanted = False
    while True:
        with interruption() as wish:
            record = next(records, None)
        wanted = wanted or wish.requested
        is_learning = run.outcome is None and not run.learner.is_closing
        if wanted and is_learning:
            run.save()
        if wanted and (is_learning or record is None):
            raise KeyboardInterrupt
        if record is None:
            return
        yield record
