"""All checks of a set-up, in the order in which one would look."""

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from time import perf_counter

from cvtool.diagnostics.sanity import data_as_fed as data
from cvtool.diagnostics.sanity import layers_at_start as inside
from cvtool.diagnostics.sanity import rate_range
from cvtool.diagnostics.sanity.first_steps import descent, everything_moves, update_size
from cvtool.diagnostics.sanity.initial_loss import initial_loss, regularization
from cvtool.diagnostics.sanity.learning_ability import (
    learns,
    shuffled_labels,
    tiny_subset,
    zeroed_inputs,
)
from cvtool.diagnostics.sanity.modes import batch_independence, modes_agree
from cvtool.diagnostics.sanity.setup import Setup
from cvtool.records import Histograms, LayerAtStart, SanityCheck, Scores, WorkRecord

SIMPLE: dict[str, Callable[[Setup], SanityCheck]] = {
    "labels": data.labels_in_range,
    "disjoint parts": data.disjoint_parts,
    "training statistics": data.training_statistics,
    "input range": data.input_range,
    "mixed batches": data.mixed_batches,
    "initial loss": initial_loss,
    "regularization": regularization,
    "everything moves": everything_moves,
    "update size": update_size,
    "descent": descent,
    "batch independence": batch_independence,
    "modes agree": modes_agree,
    "tiny subset": tiny_subset,
    "learns from images": learns,
    "shuffled labels": shuffled_labels,
    "zeroed inputs": zeroed_inputs,
}
"""Checks that each look for themselves."""

INSIDE = (
    inside.activations,
    inside.gradients,
    inside.units_live,
    inside.units_respond,
    inside.asymmetry,
)
"""Checks of the layers at the start, which are looked at once."""

BEFORE_NETWORK = ("labels",)
"""If these fail there is nothing to compute with."""


@dataclass(frozen=True, eq=False)
class Checked:
    """What was found, and what there is to draw of it."""

    checks: tuple[SanityCheck, ...]
    layers: tuple[LayerAtStart, ...]
    usable_rates: tuple[float, float] | None
    pictures: tuple[Histograms | Scores, ...]


def check(setup: Setup) -> Generator[WorkRecord, None, Checked]:
    """Go through all checks, and tell which comes next."""
    found: list[SanityCheck] = []
    total = len(SIMPLE) + 2
    for number, (name, look) in enumerate(SIMPLE.items()):
        yield WorkRecord(f"checking: {name}", number, total)
        found.append(_timed(look, setup))
        if name in BEFORE_NETWORK and not found[-1].ok:
            return Checked(tuple(found), (), None, ())
    yield WorkRecord("checking: layers", total - 2, total)
    began = perf_counter()
    start = inside.look_inside(setup)
    seconds = (perf_counter() - began) / len(INSIDE)
    found += [replace(judge(start), seconds=seconds) for judge in INSIDE]
    yield WorkRecord("checking: learning rate", total - 1, total)
    began = perf_counter()
    rates = rate_range.sweep(setup)
    verdict = rate_range.learning_rate(setup, rates)
    found.append(replace(verdict, seconds=perf_counter() - began))
    pictures: tuple[Histograms | Scores, ...] = (*start.pictures, rate_range.picture(rates))
    return Checked(tuple(found), start.layers, rates.usable, pictures)


def _timed(look: Callable[[Setup], SanityCheck], setup: Setup) -> SanityCheck:
    began = perf_counter()
    return replace(look(setup), seconds=perf_counter() - began)
