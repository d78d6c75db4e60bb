"""``cvtool data check`` says what is wrong with a data set."""

from typing import Any

from cvtool.cli.options import CHECK_FAILED, AsJson, SettingsFile, choices, settle
from cvtool.config import CheckConfig


@choices(CheckConfig, argument="dataset")
def check(given: dict[str, Any], config: SettingsFile = None, as_json: AsJson = False) -> int:
    """Look for what spoils experiments: damage, wrong labels, duplicates, leaks.

    Nothing of yours is changed: --fix writes a list, which every command takes as --exclude.
    """
    settings = settle(CheckConfig, config, given)

    from cvtool.experiments.data_check import check
    from cvtool.render.watching import watch

    return 0 if watch(check(settings), as_json=as_json).ok else CHECK_FAILED
