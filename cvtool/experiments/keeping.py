"""Where a run in which weights are learned is kept: in its folder, or in memory alone."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from cvtool.experiments.keeping_pictures import keep
from cvtool.experiments.view import View
from cvtool.layers.base import Array
from cvtool.models.network import Network
from cvtool.records import EpochRecord, NetworkTable, TrainResult
from cvtool.runs import RunFolder
from cvtool.runs.pictures import Drawable
from cvtool.training import checkpoint
from cvtool.training.loop import Learner


class Keeping(Protocol):
    """Keeps what has been learned, and brings weights back."""

    @property
    def run(self) -> str:
        """The path of the run's folder; empty where there is none."""
        ...

    @property
    def history(self) -> list[EpochRecord]:
        """The epochs that are done."""
        ...

    def keep_epoch(self, record: EpochRecord) -> None:
        """Write down how an epoch went, behind ``history``."""
        ...

    def keep_last(self, learner: Learner) -> None:
        """Keep the weights to go on from."""
        ...

    def keep_best(self, learner: Learner) -> None:
        """Keep the weights of the best epoch."""
        ...

    def bring_last(self, network: Network) -> None:
        """Give a network the weights that were kept last."""
        ...

    def bring_best(self, network: Network) -> None:
        """Give a network the weights of the best epoch, once there is one."""
        ...

    def keep_for_good(self, learner: Learner, epoch: int) -> None:
        """Keep the weights as they are after an epoch, whatever comes of them later."""
        ...

    def keep_network(self, table: NetworkTable) -> None:
        """Write down what learns."""
        ...

    def keep_pictures(self, seen: Sequence[Drawable]) -> None:
        """Keep what pictures are drawn from."""
        ...

    def keep_result(self, result: TrainResult) -> None:
        """Write down how the run ended."""
        ...


class InFolder:
    """Keeps a run in its folder, from which a later process goes on.

    Parameters
    ----------
    folder
        The run's.
    view
        How its images are seen, which is kept beside the weights.
    epochs
        How many are done; what the folder has of later ones is lived again.
    """

    def __init__(self, folder: RunFolder, view: View, epochs: int = 0) -> None:
        self._folder, self._view = folder, view
        self.run = str(folder.path)
        self.history = folder.truncate(epochs)

    def keep_epoch(self, record: EpochRecord) -> None:
        self.history.append(record)
        self._folder.append_metrics(record)

    def keep_last(self, learner: Learner) -> None:
        self._save(self._folder.last_checkpoint, learner)

    def keep_best(self, learner: Learner) -> None:
        self._save(self._folder.best_checkpoint, learner)

    def bring_last(self, network: Network) -> None:
        checkpoint.load(self._folder.last_checkpoint).restore(network)

    def bring_best(self, network: Network) -> None:
        checkpoint.load(self._folder.best_checkpoint).restore(network)

    def keep_for_good(self, learner: Learner, epoch: int) -> None:
        self._save(self._folder.kept_checkpoint(epoch), learner)

    def keep_network(self, table: NetworkTable) -> None:
        self._folder.write_network(table)

    def keep_pictures(self, seen: Sequence[Drawable]) -> None:
        keep(self._folder, seen)

    def keep_result(self, result: TrainResult) -> None:
        self._folder.write_result(result)

    def _save(self, path: Path, learner: Learner) -> None:
        seen = self._view.to_arrays()
        checkpoint.save(path, learner.network, learner.optimizer, seen, learner.progress)


class InMemory:
    """Keeps a run for as long as the process lives, and writes nothing."""

    run = ""

    def __init__(self) -> None:
        self.history: list[EpochRecord] = []
        self._last: dict[str, Array] = {}
        self._best: dict[str, Array] = {}

    def keep_epoch(self, record: EpochRecord) -> None:
        self.history.append(record)

    def keep_last(self, learner: Learner) -> None:
        self._last = _copied(learner.network)

    def keep_best(self, learner: Learner) -> None:
        self._best = _copied(learner.network)

    def bring_last(self, network: Network) -> None:
        network.restore(self._last, source="memory")

    def bring_best(self, network: Network) -> None:
        network.restore(self._best, source="memory")

    def keep_for_good(self, learner: Learner, epoch: int) -> None:
        """Do nothing: ``keep_every`` is only for runs that have a folder."""

    def keep_network(self, table: NetworkTable) -> None:
        """Do nothing: whoever learns has it."""

    def keep_pictures(self, seen: Sequence[Drawable]) -> None:
        """Do nothing: whoever learns has them."""

    def keep_result(self, result: TrainResult) -> None:
        """Do nothing: whoever learns has it."""


def _copied(network: Network) -> dict[str, Array]:
    return {name: array.copy() for name, array in network.arrays().items()}
