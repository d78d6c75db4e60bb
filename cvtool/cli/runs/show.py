"""``cvtool runs show`` shows one run again."""

from cvtool.cli.options import AsJson, RunName


def show_run(run: RunName, as_json: AsJson = False) -> None:
    """Show how a run ended, what was chosen for it, and what it stands on."""
    from cvtool.experiments.runs_show import show_run
    from cvtool.render import show

    show(show_run(run), as_json=as_json)
