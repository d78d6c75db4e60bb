"""The same as the commands, from Python: load data, build, fit, evaluate, predict.

::

    data = cvtool.load_data("digits")
    model = cvtool.build(data, arch="conv3-16 + relu + maxpool2 + fc-64 + relu", epochs=5)
    cvtool.fit(model)
    cvtool.evaluate(model).accuracy

The same settings and seed give the same weights, bit for bit, as the command. Nothing is printed,
and nothing written unless a run is given a name; who wants to watch passes ``tell=print``.

Beside these verbs there are two estimators in scikit-learn's shape.
"""

from cvtool.api.building import build
from cvtool.api.data import Data, load_data
from cvtool.api.linear_classifier import LinearClassifier
from cvtool.api.model import Model
from cvtool.api.nearest_neighbor_classifier import NearestNeighborClassifier
from cvtool.api.verbs import epochs, evaluate, fit, load, predict

__all__ = [
    "Data",
    "LinearClassifier",
    "Model",
    "NearestNeighborClassifier",
    "build",
    "epochs",
    "evaluate",
    "fit",
    "load",
    "load_data",
    "predict",
]
