"""A run of the command line, or one that was kept by its name, as a model."""

from collections.abc import Generator
from typing import Any

from numpy.typing import NDArray

from cvtool.api.model import Answers, Model
from cvtool.experiments.evaluate import evaluating_run
from cvtool.experiments.trained import Trained
from cvtool.models.network import Network
from cvtool.records import Evaluation, Told


class StoredModel(Model):
    """Made by ``load``: a run with the weights of its best epoch."""

    def __init__(self, trained: Trained) -> None:
        name, config, classes = str(trained.folder.path), trained.config, trained.classes
        super().__init__(name, config, classes, trained.image_shape, trained.image_type)
        self._trained = trained

    @property
    def network(self) -> Network:
        """Its layers; ``network.arrays()`` are all weights by their names, not copied."""
        return self._trained.network

    def evaluating(self, *, test: bool) -> Generator[Told, None, Evaluation]:
        """Read the run's images again, and score them."""
        return (yield from evaluating_run(self._trained, test=test))

    def answering(self, images: NDArray[Any]) -> Generator[Told, None, Answers]:
        """Score images."""
        yield from ()
        seen = self._trained.score(images)
        return Answers(seen.predictions, seen.probabilities)

    def __repr__(self) -> str:
        return f"<StoredModel {self.name}: {self.network.formula}>"
