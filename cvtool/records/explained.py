"""What a check, a verdict or a claim means."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Explained:
    """A check, verdict or claim in words.

    ``group`` says where it is met; ``formula`` may be empty; ``causes`` are what usually makes it
    fail, and ``remedies`` what to try, both the likeliest first.
    """

    name: str
    group: str
    section: str
    meaning: str
    formula: str
    causes: tuple[str, ...]
    remedies: tuple[str, ...]


@dataclass(frozen=True)
class ExplainedNames:
    """All that can be explained, by group."""

    group: str
    names: tuple[str, ...]
