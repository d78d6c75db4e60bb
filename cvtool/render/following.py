"""Follow a stream to its result; Ctrl-C between two records reaches the experiment."""

from collections.abc import Generator, Iterator
from typing import Any, TypeVar, cast

from cvtool.records import Drawn, Findings
from cvtool.render.progress import Progress

Result = TypeVar("Result")


def follow(
    records: Iterator[Any], progress: Progress, kind: type[Result]
) -> tuple[list[Findings | Drawn], Result]:
    """Tell all records up to the first of a kind, the result.

    Parameters
    ----------
    records
        The stream of an experiment, a generator: where the user interrupts, it saves and goes on
        to its result.
    progress
        Is told what there is to tell.
    kind
        What the result is an instance of.

    Returns
    -------
    What there is to be drawn, and the result.
    """
    stream = cast(Generator[Any, None, None], records)
    seen: list[Findings | Drawn] = []
    record = next(stream)
    while not isinstance(record, kind):
        try:
            if isinstance(record, Findings | Drawn):
                seen.append(record)
            progress.tell(record)
            record = next(stream)
        except KeyboardInterrupt:
            record = stream.throw(KeyboardInterrupt)
    return seen, record
