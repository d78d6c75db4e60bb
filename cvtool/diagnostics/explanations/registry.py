"""All that can be explained, and how to find one by what a user calls it."""

from difflib import get_close_matches
from itertools import groupby

from cvtool.diagnostics.claims.registry import CLAIMS
from cvtool.diagnostics.explanations.claims import explain_claim
from cvtool.diagnostics.explanations.data import DATA
from cvtool.diagnostics.explanations.gradients import GRADIENTS
from cvtool.diagnostics.explanations.learning import LEARNING
from cvtool.diagnostics.explanations.neighbors import NEIGHBORS
from cvtool.diagnostics.explanations.sanity import SANITY
from cvtool.diagnostics.explanations.search import SEARCH
from cvtool.errors import UsageError
from cvtool.records import Explained, ExplainedNames

EXPLANATIONS: tuple[Explained, ...] = (
    *LEARNING,
    *NEIGHBORS,
    *DATA,
    *GRADIENTS,
    *SANITY,
    *SEARCH,
    *map(explain_claim, CLAIMS),
)
"""Group by group; names are unique, however they are spelled."""


def find(text: str) -> Explained:
    """Find an explanation by its name, whatever its case, with spaces or hyphens.

    Raises
    ------
    UsageError
        If nothing is called so.
    """
    known = {spelled(each.name): each for each in EXPLANATIONS}
    wanted = spelled(text)
    if wanted not in known:
        near = get_close_matches(wanted, known, n=1)
        hint = (
            f"did you mean '{known[near[0]].name}'?"
            if near
            else "'cvtool explain' lists what there is"
        )
        raise UsageError(f"there is no check, verdict or claim '{text}': {hint}")
    return known[wanted]


def names() -> tuple[ExplainedNames, ...]:
    """List all names, by group."""
    return tuple(
        ExplainedNames(group, tuple(each.name for each in some))
        for group, some in groupby(EXPLANATIONS, key=lambda each: each.group)
    )


def spelled(name: str) -> str:
    """Spell a name in the one way that all others are compared in."""
    return " ".join(name.lower().replace("-", " ").split())
