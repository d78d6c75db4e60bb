"""What samplers need that not everybody has."""

from importlib.metadata import version
from importlib.util import find_spec
from typing import Literal

from cvtool.errors import UsageError

Sampler = Literal["tpe", "gp", "cmaes"]

OLDEST_FOR_GP = "4.8"
"""The first Optuna whose Gaussian process knows of what is being tried."""

NEEDED: dict[Sampler, tuple[tuple[str, str], ...]] = {
    "tpe": (("optuna", "Optuna"),),
    "gp": (("optuna", "Optuna"), ("scipy", "SciPy"), ("torch", "PyTorch")),
    "cmaes": (("optuna", "Optuna"), ("cmaes", "the package cmaes")),
}


def check_installed(sampler: Sampler) -> None:
    """Hold a sampler to what is installed.

    Raises
    ------
    UsageError
        Naming what is missing or too old.
    """
    for module, name in NEEDED[sampler]:
        if find_spec(module) is None:
            package = "torch" if module == "torch" else "'cvtool[samplers]'"
            raise UsageError(
                f"--sampler {sampler} needs {name}, which is not installed: pip install {package}, "
                f"or take --sampler random"
            )
    found = version("optuna")
    if sampler == "gp" and _numbers(found) < _numbers(OLDEST_FOR_GP):
        raise UsageError(
            f"--sampler gp needs Optuna {OLDEST_FOR_GP} or later, which does not propose the same "
            f"again and again, not {found}: pip install --upgrade optuna, or take --sampler tpe"
        )


def _numbers(version_text: str) -> list[int]:
    """Return the first two numbers of a version."""
    return [int(each) for each in version_text.split(".")[:2]]
