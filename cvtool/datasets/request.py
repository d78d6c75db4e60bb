"""What a user calls a data set: a name or path and, behind a colon, choices.

``shapes:images=10000,occlusion=0.5`` or ``data/cifar-100-python.tar.gz:labels=coarse``.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Self, TypeVar

from cvtool.config import Config
from cvtool.errors import UsageError
from cvtool.records import WorkRecord

Progress = Callable[[WorkRecord], None]
"""Told how far decoding, drawing or fetching is."""

_CHOICES = re.compile(r"(?P<place>.+):(?P<choices>\w+=[^,=]*(,\w+=[^,=]*)*)", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class DatasetChoices(Config):
    """What can be chosen behind the colon; nothing, unless a data set declares more."""

    @staticmethod
    def spell(name: str) -> str:
        """Spell a field as it stands behind the colon."""
        return f"'{name}='"


Choices = TypeVar("Choices", bound=DatasetChoices)


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

    def choose(self, declared: type[Choices]) -> Choices:
        """Read the choices as what the data set declares.

        Raises
        ------
        UsageError
            If it does not know one, or a value is out of its bounds.
        """
        known = [each.name for each in fields(declared)]
        for name in self.choices:
            if name not in known:
                near = get_close_matches(name, known, n=1)
                listed = f"choose among {', '.join(known)}" if known else "leave it out"
                hint = f"did you mean '{near[0]}='?" if near else listed
                raise UsageError(f"the data set {self.text} has no choice '{name}=': {hint}")
        values: dict[str, Any] = declared.from_texts(self.choices)
        return declared(**values)


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
    choices: Any = DatasetChoices()
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
