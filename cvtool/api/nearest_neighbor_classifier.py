"""Nearest neighbors in scikit-learn's shape."""

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cvtool.api.estimator import Estimator, ParameterError
from cvtool.api.tables import TableError, encoded, labels_of, samples_of
from cvtool.config import NeighborsConfig
from cvtool.datasets.dataset import Examples
from cvtool.datasets.rows import Rows
from cvtool.datasets.split import whole
from cvtool.models.neighbor_search import Poll, Tally, classifying
from cvtool.records import finish


class NearestNeighborClassifier(Estimator):
    """The class that most of the nearest samples have (CS231n notes §2.1), as in ``cvtool knn``.

    Distances are exact: of bytes to the last digit, of floats in double precision, whatever the
    number of threads. Of equally distant samples the one that came first in ``X`` is nearer.

    Parameters
    ----------
    k
        How many neighbors vote, from 1 to 10,000 and at most as many as there are samples.
    metric
        ``"l1"``, ``"l2"`` or ``"cosine"``.
    ties
        Which of several classes with equally many votes wins: the ``"smallest"`` label, or that of
        the ``"nearest"`` neighbor.

    Attributes
    ----------
    classes_
        The labels, sorted.
    n_features_in_
        Numbers in a sample; of images height · width · channels.

    Examples
    --------
    >>> from cvtool import NearestNeighborClassifier
    >>> classifier = NearestNeighborClassifier(k=1).fit([[0.0], [1.0]], ["low", "high"])
    >>> classifier.predict([[0.2], [0.9]]).tolist()
    ['low', 'high']
    """

    def __init__(self, k: int = 5, metric: str = "l2", ties: str = NeighborsConfig.ties) -> None:
        self.k = k
        self.metric = metric
        self.ties = ties

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:  # noqa: N803
        """Remember samples and labels.

        Parameters
        ----------
        X
            ``(n, features)`` numbers, or images ``(n, height, width, channels)``; not copied where
            they are uint8, float32 or float64.
        y
            ``(n,)`` whole numbers or text.

        Raises
        ------
        UsageError
            If a parameter is out of bounds.
        TableError
            A ValueError: if ``X`` or ``y`` cannot be used, or there are fewer samples than ``k``.
        """
        samples = samples_of(X)
        labels = labels_of(y, len(samples), type(self).__name__)
        k = self._poll(1).ks[-1]
        if k > len(samples):
            raise TableError(
                f"k={k} asks for more neighbors than there are, n_samples = {len(samples)}: take "
                f"at most {len(samples)}"
            )
        self.classes_, self._labels = encoded(labels)
        self._samples = samples.reshape(len(samples), -1)
        self.n_features_in_ = self._samples.shape[1]
        return self

    def predict(self, X: ArrayLike) -> NDArray[Any]:  # noqa: N803
        """Return the class of each sample ``(n,)``, from samples like those of ``fit``."""
        tally, metric, k = self._compare(X)
        return self.classes_[tally.winners_of_kept(metric, k)]

    def predict_proba(self, X: ArrayLike) -> NDArray[np.float64]:  # noqa: N803
        """Return each class's share of the votes, ``(n, classes)``, in the order of ``classes_``.

        Where votes are tied, the class of ``predict`` is one of those with the largest share.
        """
        tally, metric, k = self._compare(X)
        return tally.shares_of_kept(metric, k)

    def kneighbors(
        self,
        X: ArrayLike,  # noqa: N803
        n_neighbors: int | None = None,
        return_distance: bool = True,
    ) -> Any:
        """Find the nearest samples.

        Parameters
        ----------
        X
            Samples like those of ``fit``.
        n_neighbors
            How many, ``k`` unless said.
        return_distance
            Whether to return distances, too.

        Returns
        -------
        distances
            ``(n, n_neighbors)`` float64, ascending.
        indices
            ``(n, n_neighbors)`` int64, positions in the ``X`` of ``fit``.
        """
        tally, metric, _ = self._compare(X, n_neighbors)
        found = tally.neighbors_of_kept(metric)
        return (found.distances, found.indices) if return_distance else found.indices

    def _compare(
        self,
        X: ArrayLike,  # noqa: N803
        k: int | None = None,
    ) -> tuple[Tally, str, int]:
        """Find the neighbors of samples; return also by which metric, and how many."""
        self._check_fitted()
        queries = samples_of(X)
        queries = queries.reshape(len(queries), -1)
        self._check_features(queries.shape[1])
        poll = self._poll(len(self.classes_), k)
        (metric,), (count,) = poll.metrics, poll.ks
        if count > len(self._samples):
            raise TableError(f"{count} neighbors are more than the {len(self._samples)} samples")
        together = np.result_type(queries, self._samples)
        asked, known = (each.astype(together, copy=False) for each in (queries, self._samples))
        nobody_knows = np.zeros(len(asked), np.int64)
        rows = _rows(asked, nobody_knows), _rows(known, self._labels)
        tally = finish(classifying(*rows, poll, kept=np.arange(len(asked))))
        return tally, metric, count

    def _poll(self, classes: int, k: int | None = None) -> Poll:
        """Hold the parameters to their bounds."""
        text = str(self.k if k is None else k)
        config = NeighborsConfig.from_dict({"k": text, "metric": self.metric, "ties": self.ties})
        if len(config.ks) > 1 or len(config.metrics) > 1:
            raise ParameterError(f"a classifier has one k and one metric, not {self!r}")
        return Poll(config.ks, config.metrics, config.ties, classes)


def _rows(samples: NDArray[Any], labels: NDArray[np.int64]) -> Rows:
    """See samples ``(n, features)`` as images of one pixel, with nothing done to them."""
    return Rows(whole(Examples(samples[:, np.newaxis, np.newaxis], labels)), batcher=None)
