"""Images picked here and there, from memory or from a file that is larger than it."""

import os
import weakref
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.mapped import mapped_file
from cvtool.errors import DataError

Indices = NDArray[np.int64]


class Picker:
    """Hands out images by their indices; those of a mapped file are read, not looked at.

    Every look into a mapping can make two megabytes around it resident. Reading makes nothing
    resident, and a file that was cut short meanwhile is an error and no crash.
    """

    def __init__(self, images: NDArray[Any]) -> None:
        self._images = images
        self._file: int | None = None
        can_read = hasattr(os, "pread") and len(images) > 0
        place = mapped_file(images) if can_read else None
        if place is not None:
            self._path, self._start = place
            self._open()

    def pick(self, indices: Indices) -> tuple[NDArray[Any], Indices]:
        """Return an array of images, and where in it those asked for are.

        Raises
        ------
        DataError
            If the file they are in cannot be read any more.
        """
        if self._file is None:
            return self._images, indices
        try:
            return self._read(self._file, indices), np.arange(len(indices))
        except OSError as error:
            raise DataError(
                f"{self._path} cannot be read any more ({error}): it has been changed meanwhile, "
                f"bring it back and start again"
            ) from error

    def _open(self) -> None:
        """Open the file anew, unless another has taken its name."""
        try:
            file = os.open(self._path, os.O_RDONLY)
        except OSError:
            return
        weakref.finalize(self, os.close, file)
        ends = np.array([0, len(self._images) - 1])
        try:
            same = self._read(file, ends).tobytes() == self._images[ends].tobytes()
        except OSError:
            same = False
        self._file = file if same else None

    def _read(self, file: int, indices: Indices) -> NDArray[Any]:
        from cvtool.kernels.reading import read_rows  # only now: it imports numba

        shape = self._images.shape[1:]
        rows = read_rows(file, self._start, indices, self._images[:1].nbytes)
        return rows.view(self._images.dtype).reshape(len(indices), *shape)
