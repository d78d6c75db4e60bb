"""Runs: find one among many, hold them against each other, take them on, let them go."""

from cvtool.cli.runs.compare import compare
from cvtool.cli.runs.delete import delete
from cvtool.cli.runs.export import export
from cvtool.cli.runs.listing import list_runs
from cvtool.cli.runs.rerun import rerun
from cvtool.cli.runs.show import show_run

COMMANDS = {
    "list": list_runs,
    "show": show_run,
    "compare": compare,
    "rerun": rerun,
    "delete": delete,
    "export": export,
}
