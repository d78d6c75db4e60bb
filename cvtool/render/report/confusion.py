"""Which classes are taken for which, as a table whose cells show their images."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from cvtool.records import Classified, Findings
from cvtool.render.quantities import share
from cvtool.render.report.blocks import Cell, Matrix, Section
from cvtool.render.report.pictures import shown

ROOM = 1_500_000
"""Characters of the page that example images may take together."""


def confusion_section(findings: Findings) -> Section | None:
    """Lay the confusion matrix out, with recall and precision; nothing where nothing was seen."""
    counts, classes = findings.confusion, findings.classes
    total = int(counts.sum())
    if not total:
        return None
    examples = _examples(findings)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    rows = tuple(
        tuple(
            _cell(classes, (row, column), int(counts[row, column]), share_of_row, examples)
            for column, share_of_row in enumerate(shares[row].tolist())
        )
        for row in range(len(classes))
    )
    right = np.diag(counts)
    matrix = Matrix(
        classes=classes,
        rows=rows,
        recalls=_ratios(right, counts.sum(axis=1)),
        precisions=_ratios(right, counts.sum(axis=0)),
        sentences=_sentences(findings, examples),
        examples=examples,
    )
    title = f"{int(np.trace(counts)):,} of {total:,} validation images right"
    return Section("confusion", title, (matrix,))


def _cell(
    classes: Sequence[str],
    at: tuple[int, int],
    count: int,
    share_of_row: float,
    examples: Mapping[str, object],
) -> Cell:
    if not count:
        return Cell(0, 0.0)
    true, predicted = classes[at[0]], classes[at[1]]
    words = f"{true} taken for {predicted}" if at[0] != at[1] else f"{true} taken for what it is"
    key = _key(*at)
    return Cell(count, round(share_of_row, 2), words, key if key in examples else "")


def _ratios(right: np.ndarray, of: np.ndarray) -> tuple[str, ...]:
    pairs = zip(right.tolist(), of.tolist(), strict=True)
    return tuple(f"{100 * part / whole:.0f} %" if whole else "–" for part, whole in pairs)


def _key(true: int, predicted: int) -> str:
    return f"{true},{predicted}"


def _examples(findings: Findings) -> dict[str, tuple[tuple[str, str], ...]]:
    """Take the images of every cell, the first ones of all before the second ones.

    They stop where there is no more room, as a hundred classes have thousands of cells: mistakes
    come first, and those that are made most often.
    """
    cells = _by_cell(findings)
    ordered = sorted(cells, key=lambda at: (at[0] == at[1], -findings.confusion[at]))
    taken: dict[str, list[tuple[str, str]]] = defaultdict(list)
    used = 0
    for turn in range(max(map(len, cells.values()), default=0)):
        for at in (at for at in ordered if turn < len(cells[at])):
            example = cells[at][turn]
            source = shown(example.image).source
            used += len(source)
            if used > ROOM:
                return {key: tuple(each) for key, each in taken.items()}
            taken[_key(*at)].append((source, share(example.probability)))
    return {key: tuple(each) for key, each in taken.items()}


def _by_cell(findings: Findings) -> dict[tuple[int, int], list[Classified]]:
    places = {name: number for number, name in enumerate(findings.classes)}
    cells: dict[tuple[int, int], list[Classified]] = defaultdict(list)
    for each in findings.examples:
        cells[places[each.label], places[each.predicted]].append(each)
    return cells


def _sentences(findings: Findings, examples: Mapping[str, object]) -> tuple[str, ...]:
    said = ["Rows are true classes, columns what they were taken for; shades are shares of a row."]
    if examples:
        said.append("Choose a number to see images that it counts, the most confident first.")
        cells = int(np.count_nonzero(findings.confusion))
        if len(examples) < cells:
            said.append(f"There is room for images of {len(examples):,} of {cells:,} cells.")
    return tuple(said)
