"""What leaves the house: a trained network, its preprocessing, the names of its classes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from cvtool import __version__
from cvtool.datasets.preprocessing import Preprocessing
from cvtool.layers.base import Shape
from cvtool.models.network import Network

PROBABILITIES = "softmax of the scores"
RANKING = f"{PROBABILITIES}, which of an SVM are a ranking and no probabilities"


@dataclass(frozen=True, eq=False)
class ExchangedModel:
    """A network that has learned, and all it takes to use it elsewhere.

    Parameters
    ----------
    network
        With its trained weights.
    preprocessing
        What is done to what it sees.
    stored
        Type that images are stored in.
    classes
        Their names, in the order of the scores.
    origin
        Where it comes from, in words for those who find the file: its run, its data set.
    """

    network: Network
    preprocessing: Preprocessing
    stored: DTypeLike
    classes: tuple[str, ...]
    origin: Mapping[str, str]

    @property
    def input_shape(self) -> Shape:
        """``(height, width, channels)`` of one image."""
        return self.network.input_shape

    @property
    def input_type(self) -> str:
        """Type to give images in: uint8, or float32 whatever floats are stored."""
        return "uint8" if np.dtype(self.stored) == np.uint8 else "float32"

    @property
    def parameters(self) -> int:
        """How many numbers have been learned."""
        return self.network.chain.parameter_count()

    def facts(self) -> dict[str, str]:
        """Say in words what every format keeps beside the weights."""
        return {
            "cvtool": __version__,
            **self.origin,
            "architecture": self.network.formula,
            "classes": json.dumps(self.classes),
            "input_shape": json.dumps(self.input_shape),
            "input_type": self.input_type,
            "input_range": "0 to 255" if self.input_type == "uint8" else "that of the data set",
            "preprocess": self.preprocessing.kind,
            "trained_in": self.network.dtype.name,
            "probabilities": RANKING if self.network.only_ranks else PROBABILITIES,
        }
