"""``explain``: what a check, verdict or claim means."""

from collections.abc import Sequence

from cvtool.diagnostics.explanations.registry import find, names
from cvtool.records import Explained, ExplainedNames


def explain(words: Sequence[str]) -> Explained | tuple[ExplainedNames, ...]:
    """Explain what is called so; without words, list what can be explained.

    Raises
    ------
    UsageError
        If nothing is called so.
    """
    return find(" ".join(words)) if words else names()
