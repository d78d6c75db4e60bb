"""Which versions are installed, without importing any library."""

from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version

LIBRARIES = ("cvtool", "numpy", "numba", "llvmlite")
"""What decides about bits and speed."""

EXTRAS = ("distributed", "optuna", "cmaes", "scipy", "onnx", "tensorboardX")
"""What only some users need."""


def found_versions(libraries: Iterable[str]) -> dict[str, str | None]:
    """Look up versions by name; None where a library is not installed, or says nothing."""
    return {library: _version(library) for library in libraries}


def _version(library: str) -> str | None:
    try:
        return version(library)
    except PackageNotFoundError:
        return None
