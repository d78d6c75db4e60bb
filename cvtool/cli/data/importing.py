"""``cvtool data import`` gives a data set a name and a layout that opens at once."""

from typing import Any

from cvtool.cli.options import AsJson, choices
from cvtool.config import ImportConfig


@choices(ImportConfig, argument="dataset")
def import_dataset(given: dict[str, Any], as_json: AsJson = False) -> None:
    """Store a data set under a name, as plain arrays that open at once whatever their size."""
    config = ImportConfig(**given)

    from cvtool.experiments.data_import import import_dataset
    from cvtool.render.watching import watch

    watch(import_dataset(config), as_json=as_json)
