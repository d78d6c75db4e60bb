"""What a user calls a data set: a name or path and, behind a colon, choices.

``shapes:images=10000,occlusion=0.5`` or ``data/cifar-100-python.tar.gz:labels=coarse``.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self, TypeVar

from cvtool.config import Choices
from cvtool.records import WorkRecord

Progress = Callable[[WorkRecord], None]
"""Told how far decoding, drawing or fetching is."""

_CHOICES = re.compile(r"(?P<place>.+):(?P<choices>\w+=[^,=]*(,\w+=[^,=]*)*)", re.DOTALL)


Chosen = TypeVar("Chosen", bound=Choices)


@dataclass(frozen=True)
class Place:
    """The two halves of what a user calls a data set."""

    text: str
    choices: Mapping[str, str]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Cut at the colon, unless the whole is a path that exists."""
        found = _CHOICES.fullmatch(text)
        if found is None or _is_there(text):
            return cls(text, {})
        pairs = [choice.partition("=") for choice in found["choices"].split(",")]
        return cls(found["place"], {name: value for name, _, value in pairs})

    def choose(self, declared: type[Chosen]) -> Chosen:
        """Read the choices as what the data set declares.

        Raises
        ------
        UsageError
            If it does not know one, or a value is out of its bounds.
        """
        return declared.choose(f"the data set {self.text}", self.choices)


def expanded(text: str) -> Path:
    """Replace ``~`` by the user's folder; one of somebody who does not exist stays as it is."""
    try:
        return Path(text).expanduser()
    except RuntimeError:
        return Path(text)


def _is_there(text: str) -> bool:
    try:
        return expanded(text).exists()
    except OSError:  # a name too long, a folder that must not be looked into
        return False


@dataclass(frozen=True)
class Request:
    """What a reader is asked for.

    Parameters
    ----------
    path
        An existing file or folder that the reader has recognized.
    choices
        Of the type that the reader declares.
    image_size
        Height and width to resize image files to; None to leave them as they are.
    progress
        Told how far the work is, if anybody wants to know.
    """

    path: Path
    choices: Any = field(default_factory=Choices)
    image_size: int | None = None
    progress: Progress | None = None

    @property
    def name(self) -> str:
        """The name the data set is given: that of its file or folder."""
        try:
            return self.path.resolve().name
        except (OSError, RuntimeError):  # links in circles
            return self.path.name

    def tell(self, work: str, done: int, total: int) -> None:
        """Tell whoever wants to know."""
        if self.progress is not None:
            self.progress(WorkRecord(work, done, total))
