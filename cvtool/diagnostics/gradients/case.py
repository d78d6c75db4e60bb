"""One thing to check, by name, made when its turn comes."""

from collections.abc import Callable
from dataclasses import dataclass

from cvtool.diagnostics.gradients.subjects import Subject


@dataclass(frozen=True)
class Setting:
    """What all cases of one check share; ``burn_in`` steps are trained before networks."""

    dtype: str = "float64"
    seed: int = 0
    burn_in: int = 5


@dataclass(frozen=True)
class Case:
    """A subject to be made; ``thrift`` divides the coordinates of an array, for large networks."""

    name: str
    kind: str
    make: Callable[[Setting], Subject]
    thrift: int = 1
