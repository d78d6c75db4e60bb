"""Trials in processes of this machine, which share its threads.

Every worker has a pipe of its own and shares no lock, so one that is killed holds nothing that
others wait for: its trial begins anew with another, and somebody takes its place.
"""

import pickle
from collections.abc import Iterator, Sequence
from itertools import count
from multiprocessing.connection import wait
from typing import Self

from cvtool.errors import UsageError
from cvtool.records import TrialBegan, TrialEvent, TrialMoved, TrialRecord
from cvtool.tuning.executors.waiting import Waiting
from cvtool.tuning.executors.worker import Worker
from cvtool.tuning.executors.worker_program import Failed
from cvtool.tuning.trial import Objective, Trial

_MOST_FALSE_STARTS = 3


class Processes:
    """Carries trials out in processes, which end with the ``with`` block.

    Parameters
    ----------
    objective
        Tries settings; goes to every worker once.
    workers
        How many processes.
    threads
        How many they share; each has at least one.
    """

    def __init__(self, objective: Objective, workers: int, threads: int) -> None:
        self.workers = workers
        self._threads = max(1, threads // workers)
        self._objective = pickle.dumps(objective, protocol=pickle.HIGHEST_PROTOCOL)
        self._staff: list[Worker] = []
        self._false_starts = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._dismiss(self._staff)

    def carry_out(self, trials: Sequence[Trial]) -> Iterator[TrialEvent]:
        """Say of every trial that it begins, how far it is, and last its record; see ``Executor``.

        A trial whose worker is lost begins once again.

        Raises
        ------
        UsageError
            If workers are lost again and again before they begin.
        """
        waiting = Waiting(trials)
        try:
            while waiting or self._busy():
                self._hire(len(waiting))
                yield from self._hand_out(waiting)
                for worker in self._speaking():
                    yield from self._listen(worker, waiting)
        finally:
            self._dismiss(self._busy())

    def _listen(self, worker: Worker, waiting: Waiting) -> Iterator[TrialEvent]:
        """Pass on what a worker says."""
        try:
            said = worker.hear()
        except (EOFError, OSError):
            yield from self._bury(worker, waiting)
            return
        match said:
            case TrialMoved():
                yield said
            case TrialRecord():
                worker.trial = None
                begun = self._hand_out(waiting)  # before anybody takes time over the record
                yield said
                yield from begun
            case Failed():
                raise RuntimeError(f"a worker cannot begin:\n{said}")
            case _:
                worker.answer(self._objective)
                if worker.ready:
                    self._false_starts = 0

    def _bury(self, worker: Worker, waiting: Waiting) -> Iterator[TrialEvent]:
        """Let what a lost worker was doing begin again, or give it up."""
        self._staff.remove(worker)
        how = worker.bury()
        trial = worker.trial
        if not worker.ready:
            self._false_starts += 1
            if self._false_starts == _MOST_FALSE_STARTS:
                raise UsageError(
                    f"workers end before they begin ({how}): if memory ran out, take fewer "
                    f"--workers"
                )
        elif trial is not None and (record := waiting.lost(trial, how)):
            yield record

    def _hand_out(self, waiting: Waiting) -> list[TrialBegan]:
        """Give trials, in their order, to those who have none."""
        begun = []
        for worker in self._staff:
            if worker.idle and waiting:
                trial = waiting.next()
                worker.give(trial)
                begun.append(TrialBegan(trial.stage, trial.number, trial.params, worker.name))
        return begun

    def _hire(self, waiting: int) -> None:
        """Start workers, as many as there is work for."""
        wanted = min(self.workers, waiting + len(self._busy()))
        while len(self._staff) < wanted:
            taken = {worker.name for worker in self._staff}
            name = next(str(each) for each in count(1) if str(each) not in taken)
            self._staff.append(Worker(name, self._threads))

    def _busy(self) -> list[Worker]:
        return [worker for worker in self._staff if worker.trial is not None]

    def _speaking(self) -> list[Worker]:
        """Wait for workers that have something to say."""
        ready = wait([worker.connection for worker in self._staff])
        return [worker for worker in self._staff if worker.connection in ready]

    def _dismiss(self, workers: Sequence[Worker]) -> None:
        for worker in list(workers):
            self._staff.remove(worker)
            worker.end()
