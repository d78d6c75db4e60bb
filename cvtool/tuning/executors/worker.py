"""A worker process, as seen by who started it."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context, resource_tracker
from typing import Any

from cvtool.tuning.executors.worker_program import work
from cvtool.tuning.trial import Trial

# Started anew rather than forked: a fork has the locks of threads that it does not have.
_SPAWN = get_context("spawn")

_SECONDS_TO_DIE = 5


class Worker:
    """A process at the other end of a pipe.

    ``trial`` is what it was given and has not finished; ``ready`` whether it has ever been ready
    for one.
    """

    def __init__(self, name: str, threads: int) -> None:
        self.name = name
        self.trial: Trial | None = None
        self.ready = False
        self._has_objective = False
        self.connection, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=work, args=(theirs, threads), daemon=True)
        with _interrupts_held():
            self._process.start()
        theirs.close()

    @property
    def idle(self) -> bool:
        """Whether it waits for a trial."""
        return self.ready and self.trial is None

    def hear(self) -> Any:
        """Wait for what it says next.

        Raises
        ------
        EOFError, OSError
            If it is lost.
        """
        return self.connection.recv()

    def answer(self, objective: bytes) -> None:
        """Give it what it asks for: the objective first, and after that it waits for trials."""
        if self._has_objective:
            self.ready = True
        else:
            self._has_objective = True
            with suppress(OSError):  # that it is lost will be heard
                self.connection.send_bytes(objective)

    def give(self, trial: Trial) -> None:
        """Let it do a trial."""
        self.trial = trial
        with suppress(OSError):
            self.connection.send(trial)

    def bury(self) -> str:
        """Say how a lost worker ended."""
        self._process.join(_SECONDS_TO_DIE)
        code = self._process.exitcode
        self.end()
        if code is None:
            return "it fell silent"
        return f"killed by signal {-code}" if code < 0 else f"ended with exit code {code}"

    def end(self) -> None:
        """End it at once: it has nothing that anybody would miss."""
        self._process.kill()
        self._process.join()
        self._process.close()
        self.connection.close()


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Keep Ctrl-C until afterwards, and for good from processes that are started meanwhile.

    A terminal tells all of its processes, and one that only just starts would say where it was.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # which would let interrupts through when it is started
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
