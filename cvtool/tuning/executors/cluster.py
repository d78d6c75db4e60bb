"""Trials on a dask cluster: each worker has one at a time, workers may come and go.

Dask itself gives the trial of a lost worker to others, as often as the scheduler's
``allowed-failures`` says; where that is never, as it should be, the trial begins once again here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple
from importlib import import_module
from queue import Empty, SimpleQueue
from typing import Any

from cvtool.errors import UsageError
from cvtool.records import TrialBegan, TrialEvent, TrialMoved, TrialRecord, finish
from cvtool.tuning.executors.now_and_then import now_and_then
from cvtool.tuning.executors.waiting import Waiting
from cvtool.tuning.executors.whole_worker import whole_worker
from cvtool.tuning.trial import Objective, Trial, attempt

_SECONDS_BETWEEN_LOOKS = 1
"""How soon workers are noticed that have come or gone."""
_SECONDS_WITHOUT_WORKERS = 30


class Cluster:
    """Carries trials out by the workers of a cluster.

    Parameters
    ----------
    objective
        Tries settings; goes along with each trial.
    client
        A ``distributed.Client``, connected.
    """

    def __init__(self, objective: Objective, client: Any) -> None:
        self._client = client
        self._objective = objective
        self._topic = f"trials of {client.id}"
        self._names: dict[str, str] = {}

    @property
    def workers(self) -> int:
        """How many there are at the moment."""
        return len(self._found())

    def carry_out(self, trials: Sequence[Trial]) -> Iterator[TrialEvent]:
        """Say of every trial that it begins, how far it is, and last its record; see ``Executor``.

        Raises
        ------
        UsageError
            If the scheduler or all workers are gone.
        """
        waiting, running = Waiting(trials), _Running()
        gone = OSError, import_module("distributed").CancelledError
        self._client.subscribe_topic(self._topic, running.hear_of_move)
        try:
            yield from self._hand_out(waiting, running)
            while waiting or running:
                heard = running.heard()
                told = _record(*heard, waiting) if isinstance(heard, tuple) else heard
                begun = self._hand_out(waiting, running)  # before a record takes anybody's time
                if told is not None:
                    yield told
                yield from begun
        except gone as error:
            why = str(error).partition("\n")[0]
            raise UsageError(
                f"--cluster is gone ({why}): start it again, and go on with --resume"
            ) from error
        finally:
            if self._client.status == "running":
                self._client.cancel(list(running))
                self._client.unsubscribe_topic(self._topic)

    def _hand_out(self, waiting: Waiting, running: "_Running") -> list[TrialBegan]:
        """Give trials, in their order, to workers that have none."""
        begun = []
        for address in self._without_work(running):
            if not waiting:
                break
            trial = waiting.next()
            future = self._client.submit(
                _carried_out,
                self._objective,
                trial,
                self._topic,
                pure=False,
                workers=[address],
                allow_other_workers=True,  # where this one is lost
            )
            running.add(future, trial, address)
            name = self._names.setdefault(address, str(len(self._names) + 1))
            begun.append(TrialBegan(trial.stage, trial.number, trial.params, name))
        return begun

    def _without_work(self, running: "_Running") -> list[str]:
        """Name the workers that have no trial; wait for some if there are none at all."""
        workers = self._found()
        if not workers:
            self._client.wait_for_workers(1, timeout=_SECONDS_WITHOUT_WORKERS)
        return sorted(set(workers) - running.addresses)[: max(0, len(workers) - len(running))]

    def _found(self) -> Mapping[str, int]:
        """Return the processors of each worker there is, by its address."""
        try:
            found: Mapping[str, int] = self._client.ncores()
        except AttributeError:  # a client forgets a scheduler that has closed
            raise ConnectionError("the scheduler has closed") from None
        return found


class _Running(dict[Any, tuple[Trial, str]]):
    """Trials on their way, and the workers they were given to, by the futures of their records.

    Other threads put what they hear of them into one row.
    """

    def __init__(self) -> None:
        super().__init__()
        self._heard = SimpleQueue[Any]()

    @property
    def addresses(self) -> set[str]:
        """Where there is one; a lost worker's is elsewhere by now."""
        return {address for _, address in self.values()}

    def add(self, future: Any, trial: Trial, address: str) -> None:
        """Keep a trial until it ends."""
        self[future] = trial, address
        future.add_done_callback(self._heard.put)

    def hear_of_move(self, event: tuple[float, Any]) -> None:
        """Take what a worker says of a trial, and when."""
        self._heard.put(TrialMoved(*event[1]))

    def heard(self) -> TrialMoved | tuple[Any, Trial] | None:
        """Wait a little for a trial to move or to end; take out one that has ended."""
        try:
            heard = self._heard.get(timeout=_SECONDS_BETWEEN_LOOKS)
        except Empty:
            return None
        if isinstance(heard, TrialMoved):
            return heard if self._has(heard) else None
        return heard, self.pop(heard)[0]

    def _has(self, moved: TrialMoved) -> bool:
        """Tell whether it is one of these: words may come late."""
        return any(trial.key == (moved.stage, moved.number) for trial, _ in self.values())


def _record(future: Any, trial: Trial, waiting: Waiting) -> TrialRecord | None:
    """Take what came of a trial that ended; nothing, if it is to begin again."""
    try:
        record: TrialRecord = future.result()
    except import_module("distributed").KilledWorker as error:
        times = error.allowed_failures + 1
        return waiting.lost(trial, "see the log of the cluster", times=times)
    return record


class _Unwanted(Exception):  # noqa: N818  (no error: somebody left)
    """Nobody waits for the trial any more."""


def _carried_out(objective: Objective, trial: Trial, topic: str) -> TrialRecord:
    """Carry a trial out, as long as somebody wants to know; runs in a worker."""
    with whole_worker() as worker:
        key = worker.get_current_task()
        tell = now_and_then(lambda moved: worker.log_event(topic, astuple(moved)))

        def tell_if_wanted(moved: TrialMoved) -> None:
            task = worker.state.tasks.get(key)
            if task is None or task.state == "cancelled":
                raise _Unwanted
            tell(moved)

        return finish(attempt(objective, trial), tell_if_wanted)
