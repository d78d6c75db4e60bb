"""What can be chosen behind the colon of a name, as in ``shapes:images=9000`` or ``hog:cell=4``."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import Self

from cvtool.config.choosing import Config
from cvtool.errors import UsageError


@dataclass(frozen=True, kw_only=True)
class Choices(Config):
    """Nothing, unless what is named declares more."""

    @staticmethod
    def spell(name: str) -> str:
        """Spell a field as it stands behind the colon."""
        return f"'{name}='"

    @classmethod
    def choose(cls, owner: str, said: Mapping[str, str]) -> Self:
        """Read what was said; ``owner`` is what has the choices, as ``the data set shapes``.

        Raises
        ------
        UsageError
            If there is no such choice, or a value is out of its bounds.
        """
        known = [each.name for each in fields(cls)]
        for name in said:
            if name not in known:
                near = get_close_matches(name, known, n=1)
                listed = f"choose among {', '.join(known)}" if known else "leave it out"
                hint = f"did you mean '{near[0]}='?" if near else listed
                raise UsageError(f"{owner} has no choice '{name}=': {hint}")
        return cls(**cls.from_texts(said))
