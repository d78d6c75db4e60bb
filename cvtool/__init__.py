"""Honest image-classification experiments on a laptop."""

# What ``cvtool.api`` offers is here by name, and is imported when it is first asked for, so that
# ``cvtool --help`` does not wait for the core.

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cvtool import errors
    from cvtool.api import (
        Data,
        LinearClassifier,
        Model,
        NearestNeighborClassifier,
        build,
        epochs,
        evaluate,
        fit,
        load,
        load_data,
        predict,
    )

__version__ = "0.1.0"

__all__ = [
    "Data",
    "LinearClassifier",
    "Model",
    "NearestNeighborClassifier",
    "__version__",
    "build",
    "epochs",
    "errors",
    "evaluate",
    "fit",
    "load",
    "load_data",
    "predict",
]


def __getattr__(name: str) -> Any:
    """Import what is asked for by one of the names on offer (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module 'cvtool' has no attribute '{name}'")
    found = import_module("cvtool.errors")
    if name != "errors":
        found = getattr(import_module("cvtool.api"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})
