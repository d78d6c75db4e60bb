"""What became of a statement that an experiment can settle."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

ClaimVerdict = Literal["holds", "does not hold here", "the notes are in error"]


@dataclass(frozen=True)
class ListedClaim:
    """A statement of the notes that could be tested."""

    id: str
    section: str
    claim: str


@dataclass(frozen=True)
class ClaimResult:
    """A statement of the notes, the numbers that were measured for it, and what they say.

    ``measured`` has every number under a name, those of an interval as ``… low`` and ``… high``;
    ``message`` says the same in a sentence.
    """

    id: str
    section: str
    claim: str
    measured: Mapping[str, float]
    verdict: ClaimVerdict
    message: str
    seconds: float
