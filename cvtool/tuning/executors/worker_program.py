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
from traceback import format_exc
from typing import Any

from cvtool.kernels.threads import use_threads
from cvtool.records import finish
from cvtool.tuning.executors.now_and_then import now_and_then
from cvtool.tuning.trial import attempt

ASKS = "asks"
"""What a worker sends to be given its objective, and then its first trial; a record asks too."""


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
            moves = attempt(objective, connection.recv())
            connection.send(finish(moves, now_and_then(connection.send)))


def _end_with_parent() -> None:
    parent = parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
