"""One thing to check, by name, made when its turn comes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cvtool.diagnostics.gradients.checking import Rules, check
from cvtool.diagnostics.gradients.subjects import Subject
from cvtool.errors import UsageError
from cvtool.layers.base import Shape
from cvtool.records import GradientCheck


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

    def check(self, setting: Setting, rules: Rules) -> GradientCheck:
        """Make the subject and check its gradients."""
        return check(self.name, self.kind, self.make(setting), rules.less(self.thrift))


def first_fitting(shapes: Sequence[Shape], build: Callable[[Shape], object]) -> Shape:
    """Return the first shape of images that something can be built for.

    Raises
    ------
    UsageError
        What the last of them is refused for, if all are.
    """
    for shape in shapes:
        try:
            build(shape)
        except UsageError as error:
            refused = error
        else:
            return shape
    raise refused
