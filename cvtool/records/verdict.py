"""Findings in words."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """A finding in words: what was looked at, whether it is well, the value seen, what to try."""

    check: str
    ok: bool
    value: float | None
    message: str
