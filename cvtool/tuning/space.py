"""What is searched: one dimension for each hyperparameter."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from cvtool.tuning.dimension import Dimension

Params = dict[str, Any]
"""Values by the names of settings."""


def identity(params: Mapping[str, Any]) -> str:
    """Return what is equal for equal settings, and for no others."""
    return json.dumps(params, sort_keys=True)


@dataclass(frozen=True)
class Space:
    """All hyperparameters that are searched, in the order they were named."""

    dimensions: tuple[Dimension, ...]

    def __iter__(self) -> Iterator[Dimension]:
        return iter(self.dimensions)

    def __len__(self) -> int:
        return len(self.dimensions)

    def __getitem__(self, name: str) -> Dimension:
        return next(each for each in self.dimensions if each.name == name)

    @property
    def names(self) -> tuple[str, ...]:
        """What is searched."""
        return tuple(each.name for each in self.dimensions)

    def map(self, change: Callable[[Dimension], Dimension]) -> Self:
        """Return the space with every dimension changed."""
        return type(self)(tuple(change(each) for each in self.dimensions))
