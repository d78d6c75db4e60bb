"""``cvtool data show`` shows what is in a data set."""

from typing import Any

from cvtool.cli.options import AsJson, SettingsFile, choices, settle
from cvtool.config import ShowConfig


@choices(ShowConfig, argument="dataset")
def show_dataset(
    given: dict[str, Any], config: SettingsFile = None, as_json: AsJson = False
) -> None:
    """Show examples and the mean image of every class, in the terminal and as pictures."""
    settings = settle(ShowConfig, config, given)

    from cvtool.experiments.data_show import show_dataset
    from cvtool.render.watching import watch

    watch(show_dataset(settings), as_json=as_json)
