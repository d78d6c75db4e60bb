"""A run folder is the whole truth about one experiment.

::

    runs/train-cnn-digits-001/
      config.toml         repeats the experiment: cvtool train-cnn --config …
      environment.json    versions, processor, threads, checksum of the data
      network.json        what learns, layer by layer
      metrics.jsonl       one line an epoch
      checkpoint/         last.safetensors, best.safetensors, and epoch-0005.safetensors …
      plots/              pictures
      pictures.safetensors  what they were drawn from
      inspect/            pictures of the network's inside, replaced as a whole
      result.json         how it ended
      test-openings.txt   one line each time the test set was looked at
      .lock               while a process is at work in the folder, which holds it locked

A kill at any moment leaves a folder that can be read: see ``files``.
"""

import json
import os
import shutil
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from itertools import count
from pathlib import Path
from typing import Any, Protocol, Self
from uuid import uuid4

from cvtool import environment
from cvtool.errors import DataError, UsageError
from cvtool.files import (
    append_line,
    check_folder_name,
    parse_json,
    read_lines,
    read_toml,
    write_atomically,
    write_json,
)
from cvtool.locks import locking
from cvtool.records import EpochRecord, NetworkTable, plain, read_back
from cvtool.runs.publishing import LOCK, RUNS, busy, named_alike, publish, publish_numbered

PICTURES = "pictures.safetensors"
"""The file that keeps what pictures beside it, or in ``plots/``, were drawn from."""


class Settings(Protocol):
    """What repeats a run."""

    def to_dict(self) -> dict[str, Any]:
        """Return all settings by name, as plain values."""
        ...


@dataclass(frozen=True)
class RunFolder:
    """The files of one run; ``create`` makes a new one, ``open`` finds an earlier one."""

    path: Path

    @staticmethod
    def check_free(name: str | None, option: str = "--name") -> None:
        """Refuse a name that ``create`` would refuse, before work that would then be lost.

        Raises
        ------
        UsageError
            If the name is taken or cannot name a folder.
        """
        if name is None:
            return
        check_folder_name(name, option)
        there = named_alike(name)
        if there is not None:
            raise _taken(there, option)

    @classmethod
    def create(
        cls,
        name: str | None,
        prefix: str,
        *,
        config: Settings,
        facts: Mapping[str, Any],
        option: str = "--name",
    ) -> Self:
        """Make a new folder under ``runs/`` that says what the run is; none is ever overwritten.

        The folder appears under its name only when it can be resumed, whenever a kill comes.

        Parameters
        ----------
        name
            The folder's name, or None to count up from ``prefix``.
        prefix
            What the run is about, as ``train-cnn-digits``.
        config
            What repeats the run.
        facts
            What the run stands on, to be saved beside versions and processor.
        option
            What the name was given by.

        Raises
        ------
        UsageError
            If the name is taken or cannot name a folder.
        """
        cls.check_free(name, option)
        RUNS.mkdir(exist_ok=True)
        hidden = cls(RUNS / f".beginning-{uuid4().hex}")
        hidden.path.mkdir()
        try:
            hidden.write_environment(facts)
            hidden.write_config(config)
            if name is None:
                return cls(publish_numbered(hidden.path, prefix))
            if not publish(hidden.path, RUNS / name):
                raise _taken(name, option)
            return cls(RUNS / name)
        except BaseException:
            shutil.rmtree(hidden.path, ignore_errors=True)
            raise

    @classmethod
    def open(cls, name: str | os.PathLike[str]) -> Self:
        """Find an existing run by its name under ``runs/`` or by its path.

        Raises
        ------
        DataError
            If there is none, or if what is there is not a run.
        """
        found = next((path for path in (RUNS / name, Path(name)) if path.is_dir()), None)
        if not str(name) or found is None:
            raise DataError(f"there is no run '{name}': {_hint(str(name))}")
        if not (found / "config.toml").is_file():
            raise DataError(f"{found} is not a run: it has no config.toml")
        return cls(found)

    @classmethod
    def open_all(cls, names: Iterable[str | os.PathLike[str]]) -> list[Self]:
        """Find existing runs as ``open`` does, each once, however often and by what it is named."""
        found: dict[Path, Self] = {}
        for folder in map(cls.open, names):
            found.setdefault(folder.path.resolve(), folder)
        return list(found.values())

    @contextmanager
    def kept_if_finished(self) -> Iterator[None]:
        """Remove the folder of a run that cannot be resumed, unless the block comes to its end."""
        try:
            yield
        except BaseException:
            shutil.rmtree(self.path, ignore_errors=True)
            raise

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let no other process work in the folder until the end of the block.

        Raises
        ------
        UsageError
            If another does.
        """
        with locking(self.path / LOCK) as is_ours:
            if not is_ours:
                raise busy(self.path)
            yield

    @property
    def plots(self) -> Path:
        return self.path / "plots"

    @property
    def pictures(self) -> Path:
        """What pictures were drawn from, as ``runs.pictures`` keeps it."""
        return self.path / PICTURES

    @property
    def inside(self) -> Path:
        """Where pictures of the network's inside are."""
        return self.path / "inspect"

    @property
    def inside_pictures(self) -> Path:
        """What those were drawn from."""
        return self.inside / PICTURES

    @property
    def last_checkpoint(self) -> Path:
        return self.path / "checkpoint" / "last.safetensors"

    @property
    def best_checkpoint(self) -> Path:
        return self.path / "checkpoint" / "best.safetensors"

    def kept_checkpoint(self, epoch: int) -> Path:
        return self.path / "checkpoint" / f"epoch-{epoch:04d}.safetensors"

    def kept_checkpoints(self) -> dict[int, Path]:
        """Find the checkpoints that were kept of epochs, by these, in their order."""
        found = (self.path / "checkpoint").glob("epoch-*.safetensors")
        numbered = ((path.stem.removeprefix("epoch-"), path) for path in found)
        return dict(sorted((int(number), path) for number, path in numbered if number.isdecimal()))

    def write_config(self, config: Settings) -> None:
        """Save what repeats the run; not its name, which is the folder's and taken."""
        import tomli_w

        names = ("name", "study")
        values = {name: value for name, value in config.to_dict().items() if name not in names}
        write_atomically(self.path / "config.toml", tomli_w.dumps(values).encode())

    def read_config(self) -> dict[str, Any]:
        """Read the settings of the run, to be checked by ``Config.from_dict``."""
        return read_toml(self.path / "config.toml")

    def write_environment(self, facts: Mapping[str, Any]) -> None:
        """Save what the run stands on: versions and processor, and ``facts`` beside them."""
        write_json(self.path / "environment.json", environment.describe() | dict(facts))

    def check_command(self, known: Container[str], what: str) -> str:
        """Hold the run to the commands it may be of, and return which it is.

        Raises
        ------
        DataError
            If it is a run of another, as of ``data check``; ``what`` says what was expected.
        """
        found: str = self.read_environment().get("command", "train-cnn")
        if found not in known:
            raise DataError(f"{self.path} is a run of '{found}', not of {what}: choose another run")
        return found

    def read_environment(self) -> dict[str, Any]:
        """Read what the run stands on.

        Raises
        ------
        DataError
            If it is missing or damaged.
        """
        path = self.path / "environment.json"
        if not path.exists():
            raise DataError(f"{self.path} is not a whole run: it has no environment.json")
        values: Any = parse_json(path.read_bytes(), source=str(path))
        if not isinstance(values, dict):
            raise DataError(f"{path} is damaged: it holds no table")
        return values

    def write_network(self, table: NetworkTable) -> None:
        """Save what learns, layer by layer."""
        write_json(self.path / "network.json", plain(table))

    def read_network(self) -> NetworkTable | None:
        """Read what learns; nothing where there is no such file.

        Raises
        ------
        DataError
            If it is damaged.
        """
        path = self.path / "network.json"
        if not path.exists():
            return None
        values = parse_json(path.read_bytes(), source=str(path))
        return read_back(NetworkTable, values, source=str(path))

    def write_result(self, result: Any) -> None:
        """Save the record of how the run ended."""
        write_json(self.path / "result.json", plain(result))

    def forget_result(self) -> None:
        """Remove how the run ended, because it goes on."""
        (self.path / "result.json").unlink(missing_ok=True)

    def append_metrics(self, record: EpochRecord) -> None:
        """Add the line of one epoch."""
        append_line(self.path / "metrics.jsonl", _line(record))

    def read_metrics(self) -> list[EpochRecord]:
        """Read the epochs so far.

        Raises
        ------
        DataError
            Naming the line, if one is damaged.
        """
        path = self.path / "metrics.jsonl"
        sources = (f"line {number} of {path}" for number in count(1))
        return [
            read_back(EpochRecord, parse_json(line, source=source), source=source)
            for source, line in zip(sources, read_lines(path), strict=False)
        ]

    def truncate(self, epoch: int) -> list[EpochRecord]:
        """Forget the epochs after ``epoch``, which a resumed run lives again; return the rest.

        Checkpoints that were kept of them go too: the run may be told to go on otherwise.
        """
        for number, path in self.kept_checkpoints().items():
            if number > epoch:
                path.unlink()
        kept = [record for record in self.read_metrics() if record.epoch <= epoch]
        lines = "".join(_line(record) + "\n" for record in kept)
        write_atomically(self.path / "metrics.jsonl", lines.encode())
        return kept

    def count_test_opening(self) -> int:
        """Write down that the test set is looked at; return how often it has been by now."""
        path = self.path / "test-openings.txt"
        append_line(path, datetime.now(UTC).isoformat(timespec="seconds"))
        return self.test_openings()

    def test_openings(self) -> int:
        """Count how often the test set has been looked at."""
        return len(read_lines(self.path / "test-openings.txt"))


def run_names() -> list[str]:
    """Name all runs and studies under ``runs/``, in order."""
    return sorted(path.parent.name for path in RUNS.glob("[!.]*/config.toml"))


def _line(record: EpochRecord) -> str:
    return json.dumps(plain(record), allow_nan=False)


def _taken(name: str, option: str) -> UsageError:
    return UsageError(
        f"there is a run '{name}' already: choose another {option}, or go on with it by "
        f"--resume {name}"
    )


def _hint(name: str) -> str:
    known = run_names()
    near = get_close_matches(name, known, n=1)
    if near:
        return f"did you mean '{near[0]}'?"
    return f"known are {', '.join(known[-5:])}" if known else "runs/ holds none yet"
