"""What a shell offers when somebody presses the tab key: words, runs, data sets.

Whatever goes wrong here would be printed into a line that is being typed: then nothing is offered.
Where nothing is offered, shells offer files.
"""

from collections.abc import Callable, Iterable
from dataclasses import Field
from functools import wraps
from typing import Any

from cvtool.config import AUGMENTATIONS, METRICS, PREPROCESSINGS

Completion = Callable[[str], list[str]]

COMPLETE = "_CVTOOL_COMPLETE"
"""The variable of the environment by which a shell asks; Typer's scripts set it."""


def offering(find: Callable[[], Iterable[str]]) -> Completion:
    """Offer what begins as what has been typed."""

    @wraps(find)
    def offer(incomplete: str) -> list[str]:
        try:
            return [word for word in find() if word.startswith(incomplete)]
        except Exception:  # see above
            return []

    offer.__dict__.pop("__wrapped__")  # Typer reads the signature of what it calls
    return offer


def words(known: Iterable[str]) -> Completion:
    """Offer one of some words."""
    return offering(lambda: known)


def rows_of(known: Iterable[str]) -> Completion:
    """Offer words for an option that takes several, joined by commas."""

    def offer(incomplete: str) -> list[str]:
        before, comma, last = incomplete.rpartition(",")
        said = before.split(",")
        return [
            f"{before}{comma}{word}" for word in known if word.startswith(last) and word not in said
        ]

    return offer


@offering
def runs() -> Iterable[str]:
    """Name the runs and studies of this folder."""
    from cvtool.runs import run_names

    return run_names()


@offering
def datasets() -> Iterable[str]:
    """Name data sets that can be opened: embedded, imported, fetched."""
    from cvtool.datasets.embedded.registry import EMBEDDED
    from cvtool.datasets.layouts.stored import stored_sets
    from cvtool.datasets.places import data_folder

    return [*EMBEDDED, *stored_sets(data_folder())]


@offering
def downloads() -> Iterable[str]:
    """Name data sets that can be fetched."""
    from cvtool.datasets.downloads.catalog import KNOWN

    return KNOWN


def completion(declared: Field[Any]) -> Completion | None:
    """Say what is offered for a field of a configuration, if anything is."""
    known = declared.metadata["choices"]
    return words(known) if known else BY_NAME.get(declared.name)


BY_NAME = {
    "dataset": datasets,
    "metric": rows_of(METRICS),
    "preprocess": rows_of(PREPROCESSINGS),
    "augment": rows_of(AUGMENTATIONS),
}
"""Fields whose words are not in their declaration."""
