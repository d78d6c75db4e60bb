"""Samples ``X`` and labels ``y``, as scikit-learn passes them, held to what can be learned from."""

import sys
import warnings
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cvtool.errors import DataError


class TableError(DataError, ValueError):
    """Samples or labels that cannot be learned from."""


class NoNumberError(TableError, TypeError):
    """A sample that holds what is no number at all."""


def samples_of(X: ArrayLike) -> NDArray[Any]:  # noqa: N803
    """Take samples as an array of uint8, float32 or float64; a copy only where the type changes.

    Parameters
    ----------
    X
        ``(n, features)``, or images ``(n, height, width, channels)``.

    Raises
    ------
    TableError
        If it has another shape, is empty or sparse, or holds what is no finite number.
    """
    if hasattr(X, "toarray"):
        raise TableError("X is a sparse matrix, which is not supported: pass X.toarray()")
    array = _numbers(np.asarray(X))
    if array.ndim not in (2, 4):
        raise TableError(
            f"X takes samples×features or images×height×width×channels, not an array of shape "
            f"{array.shape}. Reshape your data: X.reshape(1, -1) is one sample, X.reshape(-1, 1) "
            f"one feature, and X[..., np.newaxis] gives gray images their channel"
        )
    if not len(array):
        raise TableError(f"X has 0 sample(s) (shape={array.shape}) while a minimum of 1 is needed")
    if not array.size:
        raise TableError(
            f"X has 0 feature(s) (shape={array.shape}) while a minimum of 1 is required."
        )
    if array.dtype != np.uint8 and not np.isfinite(array).all():
        what = "NaN" if np.isnan(array).any() else "infinity"
        raise TableError(f"X contains {what}: fill in or leave out what is missing")
    return array


def _numbers(array: NDArray[Any]) -> NDArray[Any]:
    if array.dtype.kind == "c":
        raise TableError("Complex data not supported: X takes real numbers")
    if array.dtype in (np.uint8, np.float32, np.float64):
        return array.astype(array.dtype.newbyteorder("="), copy=False)
    wanted = np.float32 if array.dtype == np.float16 else np.float64
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            return array.astype(wanted)
    except (TypeError, ValueError) as error:
        kind = NoNumberError if isinstance(error, TypeError) else TableError
        raise kind(f"X holds what is no number ({error}): encode it as numbers") from None


def labels_of(y: ArrayLike | None, samples: int, name: str) -> NDArray[Any]:
    """Take labels as an array ``(samples,)`` of whole numbers, text or whatever can be sorted.

    Raises
    ------
    TableError
        If there are none, of another shape or number, or they are measurements rather than classes.
    """
    if y is None:
        raise TableError(f"{name} requires y to be passed, but the target y is None")
    labels = np.asarray(y)
    if labels.ndim == 2 and labels.shape[1] == 1:
        theirs = sys.modules.get("sklearn.exceptions")
        kind = UserWarning if theirs is None else theirs.DataConversionWarning
        message = "A column-vector y was passed when a 1d array was expected: pass y.ravel()"
        warnings.warn(message, kind, stacklevel=3)
        labels = labels[:, 0]
    if labels.ndim != 1:
        raise TableError(f"y should be a 1d array of one label a sample, not {labels.shape}")
    if len(labels) != samples:
        raise TableError(
            f"X and y have inconsistent numbers of samples, {samples} and {len(labels)}: give each "
            f"sample one label"
        )
    if labels.dtype.kind == "f":
        _check_classes(labels)
    return labels


def _check_classes(labels: NDArray[Any]) -> None:
    """Refuse floats that are no whole numbers."""
    for what, wrong in (("NaN", np.isnan(labels)), ("infinity", np.isinf(labels))):
        if wrong.any():
            raise TableError(
                f"Input y contains {what} or a value too large for {labels.dtype!r}: leave those "
                f"samples out"
            )
    if (labels != np.rint(labels)).any():
        raise TableError(
            "Unknown label type: continuous. Classes are whole numbers or text: cut y into them"
        )


def encoded(labels: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Return the classes, sorted, and the position of each label among them.

    Raises
    ------
    TableError
        If labels of different kinds cannot be sorted.
    """
    try:
        classes, positions = np.unique(labels, return_inverse=True)
    except TypeError as error:
        raise TableError(f"y mixes labels of different kinds ({error}): use one kind") from None
    return classes, positions.astype(np.int64)
