"""A piece of the work: a few files in a row, decoded into their place in an array on the disk.

Pieces can be decoded in any order and by any process, and the array comes out the same. Run as a
program, this is a worker: it reads what to do from its standard input, a line of JSON for each
piece, and answers each with a line. It ends with whoever has started it, when its input does.
"""

import json
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple, Self

import numpy as np

from cvtool.datasets.pixels.decoding import (
    MOST_PIXELS,
    Shape,
    Size,
    TooLargeError,
    UnreadableError,
    decode,
)


class Job(NamedTuple):
    """What all pieces have in common.

    Parameters
    ----------
    target
        The file to write into; it has its full length already.
    offset
        Where in it the first image starts, in bytes.
    shape
        Height, width and channels of each image.
    resize
        Whether images of other sizes are brought to that of ``shape``.
    most
        Pixels of the largest picture to decode; where that is less than ``MOST_PIXELS``, larger
        ones are passed over.
    """

    target: str
    offset: int
    shape: Shape
    resize: bool
    most: int

    @classmethod
    def from_json(cls, values: Sequence[Any]) -> Self:
        """Read what has been a tuple before it was sent to another process."""
        target, offset, shape, resize, most = values
        return cls(target, offset, tuple(shape), resize, most)

    @property
    def size(self) -> Size:
        """Height and width of each image."""
        return self.shape[:2]


class Told(NamedTuple):
    """What the files of a piece have told; where something ``unlike`` was met, only that.

    Parameters
    ----------
    sizes, modes
        As in ``dataset.Files``, zero and empty where nothing was decoded.
    damaged
        Number within the piece, and why that file cannot be read.
    passed_over
        Numbers of pictures larger than the job allows.
    unlike
        Height, width and channels of a picture that the array cannot take.
    """

    sizes: list[Size]
    modes: list[str]
    damaged: list[tuple[int, str]]
    passed_over: list[int]
    unlike: Shape | None = None

    @classmethod
    def from_json(cls, values: Sequence[Any]) -> Self:
        """Read what has been a tuple before it was sent to another process."""
        sizes, modes, damaged, passed_over, unlike = values
        return cls(sizes, modes, damaged, passed_over, unlike and tuple(unlike))


def decode_piece(job: Job, start: int, paths: Sequence[str]) -> Told:
    """Decode files that stand in a row from position ``start`` on.

    Raises
    ------
    OSError
        If the array cannot be written.
    """
    pixels = np.zeros((len(paths), *job.shape), np.uint8)
    told = Told([(0, 0)] * len(paths), [""] * len(paths), [], [])
    for number, path in enumerate(paths):
        try:
            picture = decode(path, job.size if job.resize else None, job.most)
        except UnreadableError as error:
            if isinstance(error, TooLargeError) and job.most < MOST_PIXELS:
                told.passed_over.append(number)
            else:
                told.damaged.append((number, str(error)))
        else:
            found = picture.pixels.shape
            if found[:2] != job.size or found[2] > job.shape[2]:
                return told._replace(unlike=found)
            pixels[number] = picture.pixels
            told.sizes[number], told.modes[number] = picture.size, picture.mode
    with Path(job.target).open("r+b") as file:  # pages of a mapped file would fill the memory
        file.seek(job.offset + start * pixels[0].nbytes)
        file.write(pixels.data)
    return told


def work(questions: IO[bytes], answers: IO[bytes]) -> None:
    """Decode the pieces asked for, until nobody asks any more."""
    job = Job.from_json(json.loads(questions.readline()))
    for question in questions:
        try:
            answer: dict[str, Any] = {"told": decode_piece(job, *json.loads(question))}
        except OSError as error:
            answer = {"failed": (error.errno, error.strerror or str(error))}
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever has started it is told, and ends it
    work(sys.stdin.buffer, sys.stdout.buffer)
