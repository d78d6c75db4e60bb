"""All statements of the notes that experiments settle, section by section, and how to name some."""

import re
from difflib import get_close_matches

from cvtool.diagnostics.claims import (
    activations,
    architectures_and_pixels,
    batch_normalization,
    centering,
    convolution_arithmetic,
    feature_spaces,
    formulas,
    gradients,
    initialization,
    linear_classifiers,
    losses,
    nearest_neighbors,
    optimization,
    pixel_distances,
)
from cvtool.diagnostics.claims.claim import Claim
from cvtool.errors import UsageError

_MODULES = (
    centering,
    nearest_neighbors,
    pixel_distances,
    linear_classifiers,
    losses,
    gradients,
    feature_spaces,
    formulas,
    convolution_arithmetic,
    activations,
    architectures_and_pixels,
    initialization,
    batch_normalization,
    optimization,
)


Numbers = tuple[int, ...]


def section_numbers(sections: str) -> tuple[Numbers, ...]:
    """Read ``§6.1.2, §6.3`` as ``((6, 1, 2), (6, 3))``, which sorts as sections do."""
    return tuple(tuple(map(int, re.findall(r"\d+", section))) for section in sections.split(","))


CLAIMS: tuple[Claim, ...] = tuple(
    sorted(
        (claim for module in _MODULES for claim in module.CLAIMS),
        key=lambda claim: section_numbers(claim.section),
    )
)
"""In the order of sections; ids are unique."""


def choose(only: str | None) -> tuple[Claim, ...]:
    """Return the claims that are named, in the order of sections; all if none are.

    Parameters
    ----------
    only
        Ids and sections with commas between them; ``§6`` or ``6`` stands for ``§6.1`` and all
        others within it.

    Raises
    ------
    UsageError
        If a word is neither.
    """
    if only is None:
        return CLAIMS
    chosen = {claim.id for word in only.split(",") for claim in _named(word.strip())}
    return tuple(claim for claim in CLAIMS if claim.id in chosen)


def _named(word: str) -> list[Claim]:
    if re.fullmatch(r"§?\d+(\.\d+)*", word):
        [wanted] = section_numbers(word)
        found = [
            claim
            for claim in CLAIMS
            if any(each[: len(wanted)] == wanted for each in section_numbers(claim.section))
        ]
    else:
        found = [claim for claim in CLAIMS if claim.id == word.lower()]
    if not found:
        near = get_close_matches(word.lower(), [claim.id for claim in CLAIMS], n=1)
        hint = f"did you mean '{near[0]}'?" if near else "see 'cvtool claims --list'"
        raise UsageError(f"--only knows no claim or section '{word}': {hint}")
    return found
