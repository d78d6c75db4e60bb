"""Verdicts of the gradient check, explained."""

from cvtool.records import Explained

_GROUP = "gradcheck"
_FORMULA = "|a − n| / max(|a|, |n|), where n = (f(x + h) − f(x − h)) / 2h"


def _grade(
    name: str, meaning: str, causes: tuple[str, ...], remedies: tuple[str, ...]
) -> Explained:
    return Explained(name, _GROUP, "§6.6", meaning, _FORMULA, causes, remedies)


GRADIENTS = (
    _grade(
        "happy",
        "Backward pass and central difference agree up to 10⁻⁷ in float64: nothing is wrong.",
        (),
        (),
    ),
    _grade(
        "fine",
        "They agree up to 10⁻⁴, which is right where the function has kinks (ReLU, max, hinge) and "
        "a little much where it is smooth.",
        ("kinks", "a step that is too large or too small"),
        ("another --step", "--dtype float64"),
    ),
    _grade(
        "uncomfortable",
        "They differ by 10⁻⁴ to 10⁻²: too much to be rounding, unless in float32.",
        (
            "a backward pass that is slightly wrong, as at borders",
            "float32",
            "a loss so small or large that rounding shows",
        ),
        ("--dtype float64", "the sweep over --step: a true error stays as it is"),
    ),
    _grade(
        "wrong",
        "They differ by more than 10⁻²: the backward pass computes something else.",
        (
            "a sign, a factor or a transposition",
            "a gradient that overwrites instead of adding up",
            "a mask or statistic of another step",
        ),
        ("--layer with the one that is named", "small inputs that can be followed by hand"),
    ),
    _grade(
        "kinks only",
        "Between x + h and x − h the winner of a max changed at every coordinate that was tried: "
        "the difference says nothing about the derivative, and nothing was checked.",
        ("values that are tied", "a step that is too large"),
        ("a smaller --step", "more --samples"),
    ),
    _grade(
        "kinks",
        "Coordinates where a ReLU, max or hinge has another winner at x + h than at x − h. They "
        "are counted apart and not blamed.",
        ("a step as large as the distance to the kink",),
        ("a smaller --step",),
    ),
    _grade(
        "data loss",
        "The gradient without the penalty on weights, whose own gradient could hide a wrong one.",
        (),
        (),
    ),
    _grade(
        "penalty",
        "The gradient of λR(W) alone: 2λw for L2, λ·sign(w) for L1.",
        ("½λΣw² in one place and λΣw² in the other",),
        (),
    ),
)
