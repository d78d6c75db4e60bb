"""``cvtool runs list`` finds runs."""

from typing import Any

from cvtool.cli.options import AsJson, choices
from cvtool.config import ListConfig


@choices(ListConfig)
def list_runs(given: dict[str, Any], as_json: AsJson = False) -> None:
    """List runs: what they are of, when they began, how they ended, how well they do.

    A key is any name in a run's result.json, config.toml or environment.json.

    Folders that cannot be read are named and skipped. A run without a result is running, or stopped
    if nobody works at it.
    """
    config = ListConfig(**given)

    from cvtool.experiments.runs_list import list_runs
    from cvtool.render import show
    from cvtool.render.run_list_table import tell_damaged

    runs = list_runs(config)
    show(runs, as_json=as_json)
    tell_damaged(runs.damaged)
