"""Reads the pickles of CIFAR's python layouts without ever running what they ask for.

A pickle can name any function of any module and have it called. Nothing that it names is looked up
here: a few names, which a pickled dictionary of arrays needs, stand for steps that only note what
they are given, and every other name is refused. Arrays are made afterwards, from plain bytes and a
checked type.
"""

import pickle
import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.layouts.pickle_machine import PickleMachine, Step


def unpickle_arrays(content: bytes) -> dict[str, Any]:
    """Read a pickled dictionary of integer arrays, lists, numbers and text, of any protocol.

    Raises
    ------
    pickle.UnpicklingError
        If it is anything else, or damaged.
    """
    try:
        values = PickleMachine(content, _steps(len(content))).run()
        return {_text(name): _plain(value) for name, value in values.items()}
    except pickle.UnpicklingError:
        raise
    except Exception as error:  # a damaged pickle can lead any operation astray
        raise pickle.UnpicklingError(f"damaged, or not a dictionary: {error}") from error


class _Type:
    """Stands for ``numpy.dtype``."""

    def __init__(self, name: str | bytes, *_: Any) -> None:
        self.name, self.order = _text(name), "|"

    def build(self, state: tuple[Any, ...]) -> None:
        self.order = _text(state[1])

    def to_numpy(self) -> np.dtype[Any]:
        if not re.fullmatch(r"[iu][1248]", self.name) or self.order not in ("<", ">", "=", "|"):
            raise pickle.UnpicklingError("only arrays of integers are allowed")
        return np.dtype(self.order + self.name)


class _Array:
    """Stands for ``numpy.ndarray`` until its bytes have been checked."""

    def build(self, state: tuple[Any, ...]) -> None:
        _, self.shape, self.type, fortran, self.content = state
        self.order = "F" if fortran else "C"

    def to_numpy(self) -> NDArray[Any]:
        flat = np.frombuffer(self.content, self.type.to_numpy())
        return flat.reshape(self.shape, order="F" if self.order == "F" else "C")


def _steps(room: int) -> dict[str, Step]:
    """Say what names stand for; numpy 2 moved numpy.core to numpy._core.

    ``room`` is how many bytes may be made from text: a text in memory can be used many times.
    """

    def encode(text: str, _: str) -> bytes:
        nonlocal room
        room -= len(text)
        if room < 0:
            raise pickle.UnpicklingError("it makes more bytes than it holds")
        return text.encode("latin1")

    return {
        "numpy.ndarray": _Array,
        "numpy.dtype": _Type,
        "numpy._core.multiarray._reconstruct": lambda *_: _Array(),
        "numpy.core.multiarray._reconstruct": lambda *_: _Array(),
        "numpy._core.numeric._frombuffer": _from_buffer,
        "numpy.core.numeric._frombuffer": _from_buffer,
        "_codecs.encode": encode,
    }


def _from_buffer(
    content: bytes, type: _Type, shape: tuple[int, ...], order: str, *_: Any
) -> _Array:
    array = _Array()
    array.build((1, shape, type, order == "F", content))
    return array


def _plain(value: Any) -> Any:
    return value.to_numpy() if isinstance(value, _Array) else value


def _text(value: Any) -> str:
    if not isinstance(value, bytes | str):
        raise pickle.UnpicklingError("what should be text is none")
    return value.decode("latin1") if isinstance(value, bytes) else value
