"""Gradients of generated expressions are those of PyTorch's automatic differentiation."""

from typing import Any

import pytest
from hypothesis import given, settings
from reference.graphs import expressions, values

from cvtool.experiments.graph import graph

pytestmark = pytest.mark.peer

UNARY = ("sin", "cos", "tanh", "sigmoid", "relu", "abs", "exp", "log", "sqrt")


def as_pytorch(torch: Any) -> dict[str, Any]:
    """Return PyTorch's functions under our names, which take plain numbers as well."""

    def taking_numbers(function: Any) -> Any:
        return lambda *given: function(*(torch.as_tensor(x, dtype=torch.float64) for x in given))

    named = {name: getattr(torch, name) for name in UNARY}
    named |= {"max": torch.maximum, "min": torch.minimum}
    return {name: taking_numbers(function) for name, function in named.items()}


@settings(max_examples=40)
@given(expressions, values)
def test_gradients_are_those_of_autograd(text: str, at: dict[str, float]) -> None:
    torch: Any = pytest.importorskip("torch", reason="the peer is PyTorch")
    result = graph(text, [f"{name}={value!r}" for name, value in at.items()])
    tensors = {
        name: torch.tensor(value, dtype=torch.float64, requires_grad=True)
        for name, value in at.items()
    }
    output = eval(text, as_pytorch(torch), tensors)
    output.backward()
    assert result.value == pytest.approx(output.item(), rel=1e-12, abs=1e-12)
    for each in result.inputs:
        if not each.note:  # at a kink there are several subgradients to choose from
            theirs = tensors[each.name].grad.item()
            assert each.gradient == pytest.approx(theirs, rel=1e-9, abs=1e-12)
