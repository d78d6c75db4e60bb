"""Everything the core can differentiate."""

from cvtool.diagnostics.gradients.case import Case
from cvtool.diagnostics.gradients.layer_cases import layer_cases
from cvtool.diagnostics.gradients.loss_cases import loss_cases
from cvtool.diagnostics.gradients.network_cases import network_cases


def all_cases() -> list[Case]:
    """List what is checked unless something is chosen, small things first."""
    return [*layer_cases(), *loss_cases(), *network_cases()]
