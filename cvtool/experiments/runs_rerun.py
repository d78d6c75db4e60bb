"""``runs rerun``: do a run again, and see whether it ends in the same bits."""

import json
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

from cvtool.config import Config, KnnConfig, LinearConfig, TrainConfig
from cvtool.errors import DataError
from cvtool.experiments import knn, linear, train_cnn
from cvtool.records import Compared, KnnResult, Rerun, TrainResult, plain
from cvtool.runs import RunFolder, StoredRun

NO_END = ("interrupted", "time limit")
"""Outcomes of runs that were stopped from outside, at a step that no setting tells."""
MAY_DIFFER = ("started",)


@dataclass(frozen=True)
class _Again:
    """How a command's runs are done again, and what of the result is held to the bit."""

    config: type[Config]
    run: Callable[[Any], Iterator[Any]]
    compared: str
    fingerprint: Callable[[Mapping[str, Any]], str]


def rerun(name: str, new_name: str | None = None) -> Iterator[Any]:
    """Do a run again under a new name; the last record says whether the bits agree.

    Yields
    ------
    All that the command itself yields, its result among it, then a ``Rerun``.

    Raises
    ------
    UsageError
        If the new name is taken.
    DataError
        If there is no such run, or it is of another command, or never came to an end of its own.
    """
    folder = RunFolder.open(name)
    again = AGAIN[folder.check_command(AGAIN, " or ".join(AGAIN))]
    original = StoredRun(folder.path)
    expected = again.fingerprint(_ended(original))
    config = again.config.from_dict(folder.read_config(), source=str(folder.path / "config.toml"))
    result = yield from _passed_on(again.run(replace(config, name=new_name)))  # type: ignore[call-arg]
    found = again.fingerprint(plain(result))
    yield Rerun(
        same=found == expected,
        run=result.run,
        original=str(folder.path),
        compared=again.compared,
        expected=expected,
        found=found,
        differences=_differences(original, StoredRun(RunFolder.open(result.run).path)),
    )


def _ended(run: StoredRun) -> Mapping[str, Any]:
    """Return how the run ended, if it did by itself."""
    if run.result is None or run.value("outcome") in NO_END:
        raise DataError(
            f"{run.path} never came to its end ({run.value('outcome')}), so that there is nothing "
            f"to compare with: go on with it by --resume {run.name}"
        )
    return run.result


def _passed_on(records: Iterator[Any]) -> Generator[Any, None, TrainResult | KnnResult]:
    """Yield a command's records, and return its result; whoever interrupts, interrupts it."""
    assert isinstance(records, Generator)
    result = None
    record = next(records, None)
    while record is not None:
        result = record if isinstance(record, TrainResult | KnnResult) else result
        try:
            yield record
            record = next(records, None)
        except KeyboardInterrupt:
            record = records.throw(KeyboardInterrupt)
    assert result is not None, "a stream ends in its result"
    if getattr(result, "outcome", "") == "interrupted":
        raise KeyboardInterrupt
    return result


def _differences(original: StoredRun, again: StoredRun) -> tuple[Compared, ...]:
    """Name what the two runs stand on that is not the same."""
    names = dict.fromkeys([*original.environment, *again.environment])
    pairs = (
        Compared(name, (original.environment.get(name), again.environment.get(name)))
        for name in names
        if name not in MAY_DIFFER
    )
    return tuple(each for each in pairs if each.values[0] != each.values[1])


def _of_weights(result: Mapping[str, Any]) -> str:
    return str(result.get("weights_checksum"))


def _of_votes(result: Mapping[str, Any]) -> str:
    votes = {name: result.get(name) for name in ("queries", "train_images", "ties", "results")}
    return blake2b(json.dumps(votes, sort_keys=True).encode(), digest_size=16).hexdigest()


AGAIN = {
    "train-cnn": _Again(TrainConfig, train_cnn.train, "weights", _of_weights),
    "linear": _Again(LinearConfig, linear.train, "weights", _of_weights),
    "knn": _Again(KnnConfig, knn.knn, "votes", _of_votes),
}
