"""What a page is put together from: plain values that templates write down, one for each kind."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Literal, Self

from cvtool.render.report.pictures import Shown

Tone = Literal["well", "ill", "doubt", "plain", "differs"]
"""How good a thing is; signs and colors follow."""


CROWD = 2000
"""Marks of a chart that can be shapes."""


@dataclass(frozen=True)
class Figure:
    """A number that stands at the head of a run, what it is, and a few words more."""

    value: str
    name: str
    note: str = ""


@dataclass(frozen=True)
class Line:
    """A verdict or check in words; ``aside`` is what is said below in small letters."""

    tone: Tone
    name: str
    message: str
    aside: str = ""


@dataclass(frozen=True)
class Lines:
    """Verdicts, below each other."""

    kind: ClassVar[str] = "lines"
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Sentences:
    """Sentences, a paragraph each; warnings stand out."""

    kind: ClassVar[str] = "sentences"
    sentences: tuple[str, ...]
    tone: Tone = "plain"


@dataclass(frozen=True)
class Facts:
    """Names and what they are, a line each."""

    kind: ClassVar[str] = "facts"
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    """Rows of words below heads; ``words`` counts the columns from the left that hold no numbers.

    ``best`` is the position of the row that stands out; ``folded`` is written on what opens a table
    that is folded away; ``is_titled`` says that a title says the caption already.
    """

    kind: ClassVar[str] = "table"
    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: int = 1
    foot: tuple[str, ...] = ()
    best: int | None = None
    folded: str = ""
    is_titled: bool = False


@dataclass(frozen=True)
class Chart:
    """One chart of ECharts.

    Parameters
    ----------
    title
        What it shows, also for those who cannot see it.
    option
        What ECharts makes it of; see ``report.js`` for what is replaced in it.
    height
        Pixels.
    width
        Least pixels: it scrolls where there is less room.
    group
        Charts of one group follow one pointer.
    is_square
        Whether it is as high as it is wide, ``height`` at most.
    can_be_logarithmic
        Whether its y axis can be switched.
    hint
        What can be done with it.
    """

    kind: ClassVar[str] = "chart"
    title: str
    option: Mapping[str, Any]
    height: int = 300
    width: int = 0
    group: str = ""
    is_square: bool = False
    can_be_logarithmic: bool = False
    hint: str = ""

    @property
    def is_crowded(self) -> bool:
        """Whether it has thousands of marks, which are quicker as pixels than as shapes."""
        return sum(len(each["data"]) for each in self.option["series"]) > CROWD


@dataclass(frozen=True)
class Charts:
    """Charts side by side as far as there is room; ``least`` is the pixels that each needs."""

    kind: ClassVar[str] = "charts"
    charts: tuple[Chart, ...]
    least: int = 340

    @property
    def has_odd_one(self) -> bool:
        """Whether large charts, two in a row, leave one alone."""
        return self.least >= 340 and len(self.charts) % 2 == 1


@dataclass(frozen=True)
class Captioned:
    """A picture with the words above and below it."""

    picture: Shown
    above: str = ""
    below: str = ""


@dataclass(frozen=True)
class Pictures:
    """Rows of pictures, each with a name that may be empty; ``size`` is their width in pixels.

    ``caption`` is written above them, or, where they are folded away, on what opens them; ``note``
    says below it how to read them.
    """

    kind: ClassVar[str] = "pictures"
    rows: tuple[tuple[str, tuple[Captioned, ...]], ...]
    size: int = 72
    caption: str = ""
    is_folded: bool = False
    note: str = ""


@dataclass(frozen=True)
class Cell:
    """A number of a confusion matrix, as a share of its row; ``key`` finds its examples."""

    count: int
    share: float
    words: str = ""
    key: str = ""


@dataclass(frozen=True)
class Matrix:
    """A confusion matrix: true classes in rows; shares are words already.

    ``examples`` hold addresses and probabilities of images for the key of a cell.
    """

    kind: ClassVar[str] = "matrix"
    classes: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    recalls: tuple[str, ...]
    precisions: tuple[str, ...]
    sentences: tuple[str, ...]
    examples: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)

    @property
    def is_large(self) -> bool:
        """Whether its cells must be small."""
        return len(self.classes) > 30


@dataclass(frozen=True)
class Command:
    """A command line to be typed."""

    kind: ClassVar[str] = "command"
    command: str

    @classmethod
    def with_settings(cls, command: str, config: Path) -> Self:
        """Spell a command of ours that takes its settings from a file, whatever its name."""
        return cls(f"cvtool {command} --config {shlex.quote(str(config))}")


Block = Lines | Sentences | Facts | Table | Chart | Charts | Pictures | Matrix | Command


@dataclass(frozen=True)
class Section:
    """A part of what is said of a run: a short name for lists of them, a title, and blocks."""

    name: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Summary:
    """What the result of a command says: figures for the head, verdicts, and sections."""

    figures: tuple[Figure, ...] = ()
    lines: tuple[Line, ...] = ()
    sections: tuple[Section, ...] = ()
    warnings: tuple[str, ...] = ()
