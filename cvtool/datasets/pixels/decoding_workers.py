"""Processes that decode pieces of the work at the same time.

Small files are read faster by one thread than by two, which would hand the interpreter to each
other several times an image; so it takes processes. They are plain programs with a pipe to each
end: unlike those of ``multiprocessing`` they do not import the user's script, and they write pixels
to where these belong instead of sending them through the pipe.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from queue import SimpleQueue
from typing import IO, Any

from cvtool.datasets.pixels import decoding_pieces
from cvtool.datasets.pixels.decoding import MOST_PIXELS
from cvtool.datasets.pixels.decoding_pieces import Job, Told, decode_piece

WORKERS = min(8, os.cpu_count() or 1)
"""So many at most; with more, the disk and the memory are the limit."""


class _StoppedError(Exception):
    """Nobody wants to know any more."""


def decode_with_workers(
    job: Job, starts: Sequence[int], paths_from: Callable[[int], Sequence[str]]
) -> Iterator[Told]:
    """Decode the pieces that start at these positions; yield what they tell, in their order.

    Pictures for which all workers together might not find room in memory are passed over. Closing
    the iterator ends the workers at once.

    Raises
    ------
    OSError
        If the array cannot be written.
    """
    job = job._replace(most=MOST_PIXELS // WORKERS)
    workers = [_Worker(job) for _ in range(WORKERS)]
    idle = SimpleQueue[_Worker]()
    for worker in workers:
        idle.put(worker)

    def decode_from(start: int) -> Told:
        worker = idle.get()
        try:
            return worker.decode(start, paths_from(start))
        finally:
            idle.put(worker)

    with ThreadPoolExecutor(WORKERS) as threads:
        try:
            yield from threads.map(decode_from, starts)
        finally:
            for worker in workers:
                worker.end()


class _Worker:
    """A process; what it cannot do, because it has not started or is dead, is done here."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.ended = False
        self.process: subprocess.Popen[bytes] | None = None
        if sys.executable and not hasattr(sys, "frozen"):
            with suppress(OSError):
                self.process = _start()
                _pipe(self.process.stdin).write(_line(job))

    def decode(self, start: int, paths: Sequence[str]) -> Told:
        if self.process is None:
            return decode_piece(self.job, start, paths)
        try:
            answer = _ask(self.process, (start, paths))
        except (OSError, ValueError) as error:  # ended meanwhile, or dead
            if self.ended:
                raise _StoppedError from error
            return decode_piece(self.job, start, paths)
        if "failed" in answer:
            raise OSError(*answer["failed"])
        return Told.from_json(answer["told"])

    def end(self) -> None:
        self.ended = True
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            for pipe in (self.process.stdin, self.process.stdout):
                with suppress(OSError):  # there was something still to be sent
                    _pipe(pipe).close()


def _start() -> "subprocess.Popen[bytes]":
    # The path as it is here, for a program may have put the package there itself, and nothing else:
    # not the folder we happen to be in.
    path = os.pathsep.join(entry for entry in sys.path if entry)
    return subprocess.Popen(
        [sys.executable, "-P", "-m", decoding_pieces.__name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": path},
    )


def _ask(process: "subprocess.Popen[bytes]", question: Any) -> dict[str, Any]:
    questions = _pipe(process.stdin)
    questions.write(_line(question))
    questions.flush()
    answer: dict[str, Any] = json.loads(_pipe(process.stdout).readline())  # nothing is a ValueError
    return answer


def _line(values: Any) -> bytes:
    return json.dumps(values).encode() + b"\n"


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None
    return pipe
