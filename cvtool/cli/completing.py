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
    return rows_found(lambda: known)


def rows_found(find: Callable[[], Iterable[str]], sign: str = ",") -> Completion:
    """Offer the words that are found, for an option that takes several, joined by a sign."""
    offered = offering(find)

    def offer(incomplete: str) -> list[str]:
        before, joined, last = incomplete.rpartition(sign)
        said = before.split(sign)
        return [f"{before}{joined}{word}" for word in offered(last) if word not in said]

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


@offering
def architectures() -> Iterable[str]:
    """Name the architectures that have a name."""
    from cvtool.models.architectures import ARCHITECTURES

    return ARCHITECTURES


def features() -> Iterable[str]:
    """Name what can be seen of an image."""
    from cvtool.features.feature_set import FEATURES

    return FEATURES


def claims() -> Iterable[str]:
    """Name the statements that can be tested."""
    from cvtool.diagnostics.claims.registry import CLAIMS

    return (claim.id for claim in CLAIMS)


@offering
def explained() -> Iterable[str]:
    """Name what can be explained, with hyphens, which need no quotes."""
    from cvtool.diagnostics.explanations.registry import EXPLANATIONS

    return (each.name.replace(" ", "-") for each in EXPLANATIONS)


def completion(declared: Field[Any]) -> Completion | None:
    """Say what is offered for a field of a configuration, if anything is."""
    known = declared.metadata["choices"]
    return words(known) if known else BY_NAME.get(declared.name)


BY_NAME = {
    "dataset": datasets,
    "metric": rows_of(METRICS),
    "preprocess": rows_of(PREPROCESSINGS),
    "augment": rows_of(AUGMENTATIONS),
    "arch": architectures,
    "features": rows_found(features, "+"),
    "only": rows_found(claims),
}
"""Fields whose words are not in their declaration."""
