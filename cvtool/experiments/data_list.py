"""``data list``: which data sets there are, and in what state."""

from pathlib import Path
from typing import Literal

from cvtool.datasets.downloads.catalog import KNOWN
from cvtool.datasets.embedded.registry import EMBEDDED
from cvtool.datasets.layouts.stored import read_facts, stored_sets
from cvtool.datasets.places import data_folder, downloads_folder, size_on_disk
from cvtool.errors import DataError
from cvtool.records import DatasetEntry

Kind = Literal["embedded", "imported", "fetchable"]


def list_datasets() -> list[DatasetEntry]:
    """List what is embedded, what has been imported, and what can be fetched."""
    stored = stored_sets(data_folder())
    imported = [_stored(name, folder, "imported") for name, folder in stored.items()]
    return [
        *(_embedded(name) for name in EMBEDDED),
        *(entry for entry in imported if entry.name not in KNOWN),
        *(_fetchable(name, stored.get(name)) for name in KNOWN),
    ]


def _embedded(name: str) -> DatasetEntry:
    embedded = EMBEDDED[name]
    return DatasetEntry(
        name=name,
        kind="embedded",
        state="ready",
        images=embedded.images,
        test_images=embedded.test_images,
        classes=embedded.classes,
        shape=embedded.shape,
        bytes=0,
        summary=embedded.summary,
    )


def _stored(name: str, folder: Path, kind: Kind, summary: str = "") -> DatasetEntry:
    """Read what a stored data set says of itself; a damaged one is told, and does not stop us."""
    try:
        facts = read_facts(folder)
    except DataError as error:
        return DatasetEntry(
            name, kind, f"damaged: {error}", None, None, None, None, size_on_disk(folder), summary
        )
    counts = facts["parts"]
    return DatasetEntry(
        name=name,
        kind=kind,
        state="ready",
        images=counts["train"] + counts.get("validation", 0),
        test_images=counts.get("test", 0),
        classes=len(facts["classes"]),
        shape=tuple(facts["shape"]),
        bytes=size_on_disk(folder),
        summary=summary or f"from {facts['source']}",
    )


def _fetchable(name: str, folder: Path | None) -> DatasetEntry:
    known = KNOWN[name]
    if folder is not None:
        return _stored(name, folder, "fetchable", known.summary)
    there = size_on_disk(downloads_folder() / name)
    return DatasetEntry(
        name=name,
        kind="fetchable",
        state="partly fetched" if there else "not fetched",
        images=known.images,
        test_images=known.test_images,
        classes=known.classes,
        shape=known.shape,
        bytes=there,
        summary=known.summary,
    )
