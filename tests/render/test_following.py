"""A run is followed to its end, its pictures drawn; Ctrl-C at any moment reaches the experiment."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cvtool.records import TrainResult
from cvtool.render import training
from cvtool.render.progress import Progress


@pytest.fixture
def no_pictures(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    folders: list[Path] = []
    monkeypatch.setattr("cvtool.render.plots.draw", lambda _, folder: folders.append(folder))
    return folders


def test_result_goes_to_stdout_and_progress_to_stderr(
    records: Iterator[Any],
    result: TrainResult,
    no_pictures: list[Path],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert training.show(records, as_json=True) == result
    out, err = capsys.readouterr()
    assert json.loads(out)["run"] == result.run
    assert "3/3" in err
    assert no_pictures == [Path(result.run) / "plots"]


@pytest.mark.parametrize("moment", range(10))
def test_interruption_while_telling_lets_the_experiment_save(
    records: Iterator[Any],
    no_pictures: list[Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    moment: int,
) -> None:
    told = []

    def tell(_: Progress, record: Any) -> None:
        told.append(record)
        if len(told) == moment + 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(Progress, "tell", tell)
    assert training.show(records, as_json=False).outcome == "interrupted"
    assert "interrupted" in capsys.readouterr().out
    assert not no_pictures


def test_a_second_interruption_ends_at_once() -> None:
    def stubborn() -> Iterator[Any]:
        raise KeyboardInterrupt
        yield

    with pytest.raises(KeyboardInterrupt):
        training.show(stubborn(), as_json=True)
