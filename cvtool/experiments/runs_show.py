"""``runs show``: how a run ended, what was chosen for it, what it stands on."""

from collections.abc import Mapping
from typing import Any

from cvtool.errors import DataError
from cvtool.experiments.run_kinds import KINDS, RunKind
from cvtool.records import ChosenSetting, RunShown, read_back
from cvtool.runs import RunFolder, StoredRun


def show_run(name: str) -> RunShown:
    """Read a run by name or path.

    Raises
    ------
    DataError
        If there is none, or it is damaged, or of a command that is not known here.
    """
    folder = RunFolder.open(name)
    run = StoredRun(folder.path)
    kind = _kind(run)
    result = None
    if run.result is not None:
        result = read_back(kind.result, run.result, source=str(run.path / "result.json"))
    return RunShown(
        run=str(run.path),
        command=run.command,
        outcome=run.value("outcome"),
        settings=_chosen(run.config, kind.defaults(run.config)),
        environment=run.environment,
        test_openings=folder.test_openings(),
        result=result,
    )


def _kind(run: StoredRun) -> RunKind:
    if run.command not in KINDS:
        raise DataError(
            f"{run.path} is a run of '{run.command}', which this version does not know: known are "
            f"{', '.join(KINDS)}"
        )
    return KINDS[run.command]


def _chosen(config: Mapping[str, Any], defaults: Mapping[str, Any]) -> tuple[ChosenSetting, ...]:
    """Name the settings that are not their defaults."""
    return tuple(
        ChosenSetting(name, value, defaults.get(name))
        for name, value in config.items()
        if value != defaults.get(name)
    )
