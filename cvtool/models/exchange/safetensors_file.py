"""Arrays and words in one safetensors file, the same bytes every time.

The library writes the words in an order of chance; the header is therefore written anew.
"""

import json
from collections.abc import Mapping

import numpy as np
import safetensors.numpy

from cvtool.layers.base import Array

_LENGTH = 8
"""Bytes that the length of the header takes, and that it is a multiple of."""


def safetensors_file(arrays: Mapping[str, Array], words: Mapping[str, str]) -> bytes:
    """Return the file's content; ``words`` become its metadata."""
    whole = {name: np.asarray(array, order="C") for name, array in arrays.items()}
    content = safetensors.numpy.save(whole)
    begin = _LENGTH + int.from_bytes(content[:_LENGTH], "little")
    entries = {"__metadata__": dict(words), **json.loads(content[_LENGTH:begin])}
    header = json.dumps(entries, separators=(",", ":")).encode()
    header += b" " * (-len(header) % _LENGTH)
    return len(header).to_bytes(_LENGTH, "little") + header + content[begin:]
