"""However a study ends, it leaves nothing half-begun and tells why."""

from collections.abc import Callable
from errno import ENOSPC
from pathlib import Path
from typing import Any

import pytest

from cvtool.errors import UsageError
from cvtool.runs import RunFolder

Run = Callable[..., Any]

TWO_TRIALS = (
    *("--arch", "conv3-4 + relu + maxpool2", "--limit", "60", "--epochs", "1", "--random", "2"),
    *("--repeats", "0", "--threads", "1"),
)
"""A study of two trials in this process."""


@pytest.mark.parametrize("address", ["here", "local:0", "local:999"])
def test_what_is_no_cluster_is_refused_at_once(command: Run, address: str) -> None:
    refused = command("tune", "--cluster", address)
    assert refused.code == 2
    assert f"not '{address}'" in refused.sentence
    assert "reading" not in refused.err
    assert not Path("runs").exists()


def test_a_cluster_that_does_not_answer_leaves_no_study(
    command: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(address: str, *_: Any, **__: Any) -> None:
        raise UsageError(f"nobody answers at {address}")

    monkeypatch.setattr("cvtool.experiments.carrying_out.connected", silent)
    assert command("tune", *TWO_TRIALS, "--cluster", "tcp://here:1").code == 2
    assert not Path("runs").exists()


def test_too_few_images_are_refused_before_any_trial(command: Run) -> None:
    refused = command("tune", *TWO_TRIALS, "--limit", "5")
    assert refused.code == 2
    assert refused.sentence.startswith("cvtool: no image can be held out")
    assert not Path("runs").exists()


def test_a_study_that_cannot_be_read_keeps_its_result(command: Run) -> None:
    assert command("tune", *TWO_TRIALS, "--study", "done").code == 0
    folder = Path("runs/done")
    with (folder / "trials.jsonl").open("a") as file:
        file.write("{broken\n")
    result = (folder / "result.json").read_bytes()
    refused = command("tune", "--resume", "done")
    assert refused.code == 3
    assert "line 3" in refused.sentence
    assert (folder / "result.json").read_bytes() == result


def test_the_plan_of_a_study_that_goes_on_is_its_own(command: Run) -> None:
    assert command("tune", *TWO_TRIALS, "--study", "planned").code == 0
    refused = command("tune", "--resume", "planned", "--stages", "show")
    assert refused.code == 2
    assert "leave --stages out" in refused.sentence


def test_a_study_that_goes_on_elsewhere_is_left_alone(command: Run) -> None:
    assert command("tune", *TWO_TRIALS, "--study", "busy").code == 0
    with RunFolder(Path("runs/busy")).held():
        refused = command("tune", "--resume", "busy")
    assert refused.code == 2
    assert "another process is at work in runs/busy" in refused.sentence
    assert Path("runs/busy/result.json").exists()
    assert command("tune", "--resume", "busy").code == 0


@pytest.mark.parametrize(
    ("end", "code"), [(KeyboardInterrupt(), 130), (OSError(ENOSPC, "no room"), 3)]
)
def test_a_result_is_shown_though_its_pictures_are_not_drawn(
    command: Run, monkeypatch: pytest.MonkeyPatch, end: BaseException, code: int
) -> None:
    def stop(*_: Any) -> None:
        raise end

    monkeypatch.setattr("cvtool.render.plots.draw_pictures", stop)
    ending = command("tune", *TWO_TRIALS, "--json")
    assert ending.code == code
    assert len(ending.json["trials"]) == 2
