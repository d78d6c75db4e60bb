"""The command: what scripts read of it, what it leaves behind, and that it finds its own faults."""

import json
from pathlib import Path

import pytest

SMALL = ("--limit", "400", "--arch", "fc-32 + relu", "--batch-size", "32", "--threads", "1")


@pytest.fixture(autouse=True)
def _without_pictures(monkeypatch):
    monkeypatch.setattr("cvtool.render.plots.draw_pictures", lambda *_: [])


def test_scripts_read_every_check_and_the_run_keeps_them(command):
    ending = command("sanity-check", *SMALL, "--json")
    checks = ending.json["checks"]
    assert ending.code == 0
    assert ending.json["ok"] is True
    assert len(checks) >= 20
    for check in checks:
        assert set(check) == {"name", "ok", "expected", "measured", "message", "seconds"}
    kept = json.loads((Path(ending.json["run"]) / "result.json").read_text())
    assert kept == ending.json


def test_a_failed_check_ends_with_its_code_and_says_what_to_try(command):
    ending = command("sanity-check", *SMALL, "--init", "zero", "--json")
    failed = {each["name"]: each["message"] for each in ending.json["checks"] if not each["ok"]}
    assert ending.code == 4
    assert "--init auto" in failed["asymmetry"]


def test_what_cannot_be_checked_is_said_in_a_sentence(command):
    ending = command("sanity-check", "--arch", "conv3-")
    assert ending.code == 2
    assert "needs a number of filters" in ending.err


@pytest.mark.slow
def test_the_self_test_finds_every_mistake_and_nothing_else(command):
    ending = command("sanity-check", "--self-test", "--threads", "1", "--json")
    result = ending.json
    assert result["false_alarms"] == 0
    assert result["detected"] >= 0.95 * result["injected"]
