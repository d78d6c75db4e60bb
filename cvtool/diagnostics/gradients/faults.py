"""Known mistakes, made in a backward pass for the time of a check and taken back.

Each takes the place of one method or function, and spoils its gradient in a way that people have
done by hand. The cases named have to notice.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from cvtool.diagnostics.gradients.fault import Fault
from cvtool.diagnostics.gradients.layer_faults import LAYER_FAULTS
from cvtool.diagnostics.gradients.loss_faults import LOSS_FAULTS
from cvtool.diagnostics.gradients.pointwise_faults import POINTWISE_FAULTS

FAULTS: tuple[Fault, ...] = (*LAYER_FAULTS, *POINTWISE_FAULTS, *LOSS_FAULTS)


@contextmanager
def injected(fault: Fault) -> Iterator[None]:
    """Make a mistake for a while."""
    right = getattr(fault.owner, fault.method)
    setattr(fault.owner, fault.method, fault.spoil(right))
    try:
        yield
    finally:
        setattr(fault.owner, fault.method, right)
