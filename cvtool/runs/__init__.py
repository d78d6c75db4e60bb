"""Run folders: ``publishing`` names one, ``folder`` writes it, ``stored`` reads any.

``conditions`` choose among them.

Nothing here imports more than the standard library does, but for what writes TOML: thousands of
runs are listed before a larger library would have been loaded.
"""

from cvtool.runs.conditions import Condition, parse_conditions
from cvtool.runs.folder import RunFolder, run_names
from cvtool.runs.publishing import RUNS
from cvtool.runs.stored import SUMMARY, StoredRun, run_folders

__all__ = [
    "RUNS",
    "SUMMARY",
    "Condition",
    "RunFolder",
    "StoredRun",
    "parse_conditions",
    "run_folders",
    "run_names",
]
