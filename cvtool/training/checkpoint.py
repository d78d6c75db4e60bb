"""Checkpoints: everything needed to go on, in one file that is replaced as a whole.

The arrays are safetensors, the position is JSON in the header of the same file. Two files could be
torn apart by a kill between their renames; one cannot.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.numpy
from safetensors import SafetensorError, safe_open

from cvtool.errors import DataError
from cvtool.files import write_atomically
from cvtool.layers.base import Array
from cvtool.models.network import Network, checksum
from cvtool.training.progress import Progress
from cvtool.training.stepping import Optimizer


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """Arrays of the network, the optimizer and how images are seen, and the position."""

    network: Mapping[str, Array]
    optimizer: Mapping[str, Array]
    view: Mapping[str, Array]
    progress: Progress
    source: str

    def restore(self, network: Network, optimizer: Optimizer | None = None) -> None:
        """Put the arrays back where they came from.

        Raises
        ------
        DataError
            If they belong to another network.
        """
        network.restore(dict(self.network), source=self.source)
        if optimizer is not None:
            optimizer.restore(dict(self.optimizer))


def save(
    path: Path,
    network: Network,
    optimizer: Optimizer,
    view: Mapping[str, Array],
    progress: Progress,
) -> None:
    """Replace the checkpoint at ``path``, atomically."""
    groups = {
        "network": network.arrays(),
        "optimizer": optimizer.state(),
        "preprocessing": view,
    }
    arrays = {
        f"{group}/{name}": np.ascontiguousarray(array)
        for group, members in groups.items()
        for name, array in members.items()
    }
    words = {"progress": json.dumps(progress.to_dict()), "checksum": _checksum(arrays)}
    path.parent.mkdir(exist_ok=True)
    write_atomically(path, safetensors.numpy.save(arrays, metadata=words))


def load(path: Path) -> Checkpoint:
    """Read a checkpoint.

    Raises
    ------
    DataError
        If there is none, or it is damaged.
    """
    with _opened(path) as file:
        progress = _progress(file)
        arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        if file.metadata()["checksum"] != _checksum(arrays):
            raise ValueError("bits of its arrays have changed")
    return Checkpoint(
        network=_group("network", arrays),
        optimizer=_group("optimizer", arrays),
        view=_group("preprocessing", arrays),
        progress=progress,
        source=str(path),
    )


def read_progress(path: Path) -> Progress:
    """Read the position of a checkpoint, and leave its arrays alone.

    Raises
    ------
    DataError
        If there is none, or it is not whole.
    """
    with _opened(path) as file:
        return _progress(file)


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """Open a checkpoint; what is wrong with it, found now or while it is read, is a DataError."""
    if not path.is_file():
        raise DataError(
            f"{path} is missing: no epoch of the run came to a good end, or it was removed; train "
            f"again"
        )
    try:
        with safe_open(path, framework="numpy") as file:
            yield file
    except (SafetensorError, KeyError, TypeError, ValueError) as error:
        raise DataError(f"{path} is not a whole checkpoint ({error}): train again") from None


def _progress(file: Any) -> Progress:
    return Progress.from_dict(json.loads(file.metadata()["progress"]))


def _checksum(arrays: Mapping[str, Array]) -> str:
    return checksum(dict(sorted(arrays.items())))


def _group(group: str, arrays: Mapping[str, Array]) -> dict[str, Array]:
    prefix = f"{group}/"
    return {
        name.removeprefix(prefix): array
        for name, array in arrays.items()
        if name.startswith(prefix)
    }
