"""What a worker process does: it asks for its objective, then for one trial after another.

It ends with the process that started it, even where that is killed while a trial goes on. Ctrl-C is
for that process alone to hear.
"""

import os
import pickle
import signal
from contextlib import suppress
from multiprocessing import parent_process
from threading import Thread
from time import monotonic
from traceback import format_exc
from typing import Any

from cvtool.kernels.threads import use_threads
from cvtool.records import TrialMoved, TrialRecord, finish
from cvtool.tuning.trial import Objective, Trial, attempt

ASKS = "asks"
"""What a worker sends to be given its objective, and then its first trial; a record asks too."""

_SECONDS_BETWEEN_MOVES = 0.1
"""Nobody sees more, and training would wait until every word is read."""


class Failed(str):
    """The traceback of what prevents a worker from beginning."""


def work(connection: Any, threads: int) -> None:
    """Carry out the trials that come through a connection, until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    with suppress(EOFError, OSError):  # nobody is there any more
        connection.send(ASKS)
        pickled = connection.recv_bytes()
        try:
            objective = pickle.loads(pickled)
            use_threads(threads)
        except MemoryError:  # as good as killed
            return
        except Exception:
            connection.send(Failed(format_exc()))
            return
        del pickled
        connection.send(ASKS)
        while True:
            connection.send(_carried_out(objective, connection.recv(), connection))


def _carried_out(objective: Objective, trial: Trial, connection: Any) -> TrialRecord:
    """Carry a trial out, and send now and then how far it is."""
    sent = 0.0

    def send(moved: TrialMoved) -> None:
        nonlocal sent
        if monotonic() >= sent + _SECONDS_BETWEEN_MOVES:
            connection.send(moved)
            sent = monotonic()

    return finish(attempt(objective, trial), send)


def _end_with_parent() -> None:
    parent = parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
