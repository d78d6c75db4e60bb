"""Records with arrays, held against each other number by number."""

from dataclasses import fields, is_dataclass
from math import isnan
from typing import Any

import numpy as np


def is_same(one: Any, other: Any) -> bool:
    """Whether two values are of one kind and hold the same, NaN being NaN."""
    if isinstance(one, np.ndarray):
        return (
            isinstance(other, np.ndarray)
            and one.dtype == other.dtype.newbyteorder(one.dtype.byteorder)
            and one.shape == other.shape
            and np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
        )
    if type(one) is not type(other):
        return False
    if is_dataclass(one):
        return all(is_same(getattr(one, f.name), getattr(other, f.name)) for f in fields(one))
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(is_same, one, other))
    return one == other or (isinstance(one, float) and isnan(one) and isnan(other))
