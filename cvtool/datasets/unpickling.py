"""Reads the pickles of CIFAR-10's python layout without ever running what they ask for.

A pickle can name any function of any module and have it called. Here it gets stand-ins for the few
names that a pickled dictionary of arrays needs, which only note what they are given; every other
name is refused. Arrays are made afterwards, from plain bytes and a checked type.
"""

import pickle
import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray


def unpickle_arrays(content: bytes) -> dict[str, Any]:
    """Read a pickled dictionary of integer arrays, lists, numbers and text, of any protocol.

    Raises
    ------
    pickle.UnpicklingError
        If it is anything else, or damaged.
    """
    try:
        values = _Unpickler(BytesIO(content), encoding="bytes").load()
        return {_text(name): _plain(value) for name, value in values.items()}
    except pickle.UnpicklingError:
        raise
    except Exception as error:  # the documentation of pickle allows a damaged one any exception
        raise pickle.UnpicklingError(f"damaged, or not a dictionary: {error}") from error


class _Type:
    """Stands in for ``numpy.dtype``."""

    def __init__(self, name: str | bytes, *_: Any) -> None:
        self.name, self.order = _text(name), "|"

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.order = _text(state[1])

    def to_numpy(self) -> np.dtype[Any]:
        if not re.fullmatch(r"[iu][1248]", self.name):
            raise pickle.UnpicklingError(f"arrays of {self.name!r} are not allowed")
        return np.dtype(self.order + self.name)


class _Array:
    """Stands in for ``numpy.ndarray`` until its bytes have been checked."""

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        _, self.shape, self.type, fortran, self.content = state
        self.order = "F" if fortran else "C"

    def to_numpy(self) -> NDArray[Any]:
        flat = np.frombuffer(self.content, self.type.to_numpy())
        return flat.reshape(self.shape, order="F" if self.order == "F" else "C")


def _from_buffer(content: bytes, type: _Type, shape: tuple[int, ...], order: str) -> _Array:
    array = _Array()
    array.__setstate__((1, shape, type, order == "F", content))
    return array


def _reconstruct(*_: Any) -> _Array:
    return _Array()


def _encode(text: str, _: str) -> bytes:
    return text.encode("latin1")


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        # numpy 2 moved numpy.core to numpy._core.
        stand_in = _STAND_INS.get(f"{module.replace('numpy.core', 'numpy._core')}.{name}")
        if stand_in is None:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}, which is not allowed")
        return stand_in


def _plain(value: Any) -> Any:
    return value.to_numpy() if isinstance(value, _Array) else value


def _text(value: Any) -> str:
    return value.decode("latin1") if isinstance(value, bytes) else str(value)


_STAND_INS: dict[str, Callable[..., Any]] = {
    "numpy.ndarray": _Array,
    "numpy.dtype": _Type,
    "numpy._core.multiarray._reconstruct": _reconstruct,
    "numpy._core.numeric._frombuffer": _from_buffer,
    "_codecs.encode": _encode,
}
