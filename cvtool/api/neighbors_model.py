"""A model that remembers its images: the nearest of them vote (notes §2)."""

from collections.abc import Generator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.api.data import Data
from cvtool.api.model import Answers, Model
from cvtool.config import KnnConfig
from cvtool.datasets.dataset import Examples
from cvtool.datasets.rows import Rows
from cvtool.datasets.split import whole
from cvtool.experiments.comparisons import Seen, compare, looking
from cvtool.experiments.evaluate import evaluation
from cvtool.models.neighbor_search import Poll, classifying
from cvtool.records import Evaluation, Told


class NeighborsModel(Model):
    """Made by ``build(data, model="knn")``: there is nothing to learn, it can be asked at once.

    Parameters
    ----------
    config
        One number of neighbors and one metric, and more.
    data
        Its images, of which the same are held out as for every other model.
    """

    config: KnnConfig

    def __init__(self, config: KnnConfig, data: Data) -> None:
        super().__init__("the model", config, data.classes, data.image_shape, data.image_type)
        self.data = data
        self._seen: dict[str, Seen] = {}
        self._openings = 0
        compare(config, data.dataset)  # or says at once what does not fit

    def evaluating(self, *, test: bool) -> Generator[Told, None, Evaluation]:
        """Compare validation images with the others; test images with all training images."""
        seen = yield from self._looking("test" if test else "val")
        answers = yield from self._asking(seen.queries, seen)
        labels = seen.queries.labels
        judged = evaluation(self.config.dataset, self.classes, labels, answers.winners, test=test)
        self._openings += test
        return replace(judged, opened=self._openings)

    def answering(self, images: NDArray[Any]) -> Generator[Told, None, Answers]:
        """Compare images with the training images that are not held out."""
        seen = yield from self._looking("val")
        examples = seen.view.seen_at_once(Examples(images, np.zeros(len(images), np.int64)))
        return (yield from self._asking(Rows.of(whole(examples), seen.view.preprocessing), seen))

    def _looking(self, split: str) -> Generator[Told, None, Seen]:
        """See both sides of a comparison, unless that was done before."""
        if split not in self._seen:
            config, dataset = replace(self.config, split=split), self.data.dataset
            for each in looking(config, dataset, compare(config, dataset)):
                if isinstance(each, Seen):
                    self._seen[split] = each
                else:
                    yield each
        return self._seen[split]

    def _asking(self, queries: Rows, seen: Seen) -> Generator[Told, None, Answers]:
        config = self.config
        (k,), (metric,) = config.ks, config.metrics
        poll = Poll(config.ks, config.metrics, config.ties, len(self.classes))
        everyone = np.arange(len(queries))
        tally = yield from classifying(queries, seen.train, poll, kept=everyone)
        return Answers(tally.winners_of_kept(metric, k), tally.shares_of_kept(metric, k))

    def __repr__(self) -> str:
        return f"<NeighborsModel k={self.config.k} metric={self.config.metric}>"
