"""``cvtool knn`` says how far nearest neighbors get."""

from typing import Any

from cvtool.cli.options import AsJson, SettingsFile, choices, settle
from cvtool.config import KnnConfig


@choices(KnnConfig)
def knn(given: dict[str, Any], config: SettingsFile = None, as_json: AsJson = False) -> None:
    """Classify images by a vote of the training images nearest to them.

    Numbers of neighbors and metrics may be lists; one search serves them all.

    Without options it looks at images held out of real handwritten digits.
    """
    settings = settle(KnnConfig, config, given)

    from cvtool.experiments.knn import knn
    from cvtool.render.watching import watch

    watch(knn(settings), as_json=as_json)
