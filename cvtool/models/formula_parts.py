"""The parts a formula is made of: each can be written down, counted and built."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from cvtool.layers.base import Layer
from cvtool.layers.residual import Residual

Make = Callable[[], Layer]
"""Makes a new layer at every call, so that repeats never share weights."""


class Part(Protocol):
    """A piece of a formula: its text in normal form, its number of layers, and new ones."""

    @property
    def text(self) -> str: ...

    @property
    def count(self) -> int: ...

    def layers(self) -> Iterator[Layer]: ...


@dataclass(frozen=True)
class Single:
    """One word."""

    make: Make
    count: int = 1

    @property
    def text(self) -> str:
        return self.make().formula

    def layers(self) -> Iterator[Layer]:
        yield self.make()


@dataclass(frozen=True)
class Repeat:
    """Parts in parentheses, or a single one, some number of times; None is once, unsaid."""

    parts: Sequence[Part]
    times: int | None

    @property
    def text(self) -> str:
        inner = f"({_joined(self.parts)})"
        return inner if self.times is None else f"{inner}*{self.times}"

    @property
    def count(self) -> int:
        return self._rounds * sum(part.count for part in self.parts)

    @property
    def _rounds(self) -> int:
        return 1 if self.times is None else self.times

    def layers(self) -> Iterator[Layer]:
        for _ in range(self._rounds):
            for part in self.parts:
                yield from part.layers()


@dataclass(frozen=True)
class Branch:
    """The inside of a residual block."""

    parts: Sequence[Part]
    survival: float

    @property
    def text(self) -> str:
        survival = "" if self.survival == 1 else f"{self.survival:g}"
        return f"res{survival}({_joined(self.parts)})"

    @property
    def count(self) -> int:
        return 1 + sum(part.count for part in self.parts)

    def layers(self) -> Iterator[Layer]:
        inside = [layer for part in self.parts for layer in part.layers()]
        yield Residual(inside, self.survival)


def _joined(parts: Sequence[Part]) -> str:
    return " + ".join(part.text for part in parts)
