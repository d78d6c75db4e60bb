"""``cvtool claims`` and ``cvtool explain`` as a user meets them."""

import os
import signal
from typing import Any

import pytest

import cvtool.experiments.claims
from cvtool.diagnostics.claims.claim import Bench, Claim, Measurement, holds
from cvtool.diagnostics.claims.registry import CLAIMS

Run = Any
QUICK = "filter-parameters,derivative-of-reciprocal,equal-scores-loss"


def test_claims_are_told_to_scripts(command: Run) -> None:
    ending = command("claims", "--only", QUICK, "--json")
    assert ending.code == 0
    loss, derivative, parameters = ending.json
    assert [loss["id"], loss["verdict"]] == ["equal-scores-loss", "holds"]
    assert derivative["verdict"] == "the notes are in error"
    assert parameters["measured"] == {"parameters": 76}
    assert parameters["section"] == "§5.1"
    assert set(loss) == {"id", "section", "claim", "measured", "verdict", "message", "seconds"}


def test_people_see_sections_verdicts_and_counts(command: Run) -> None:
    out = command("claims", "--only", QUICK).out
    assert out.index("§3.1") < out.index("§4.1") < out.index("§5.1")
    assert "3 claims in" in out
    assert "2 × holds, 1 × the notes are in error" in out


def test_the_list_tests_nothing(command: Run) -> None:
    listed = command("claims", "--list", "--dataset", "nowhere", "--json").json
    assert [each["id"] for each in listed] == [claim.id for claim in CLAIMS]
    assert set(listed[0]) == {"id", "section", "claim"}
    assert "k1-perfect" in command("claims", "--list", "--only", "2.1").out


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("--only", "k1-perfct"), 2, "did you mean 'k1-perfect'?"),
        (("--list", "--only", "§77"), 2, "--list"),
        (("--dataset", "spiral", "--only", "§5.1"), 2, "points in the plane"),
        (("--dataset", "./nowhere"), 3, "nowhere"),
    ],
)
def test_what_cannot_be_tested_is_said(command: Run, words: Any, code: int, sentence: str) -> None:
    ending = command("claims", *words)
    assert ending.code == code
    assert sentence in ending.sentence


def test_a_claim_that_does_not_hold_is_a_result(
    command: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuted = Claim("refuted", "§1", "it is so", lambda _: holds(False, {"seen": 1.0}, "no"))
    monkeypatch.setattr(cvtool.experiments.claims, "choose", lambda _: (refuted,))
    ending = command("claims")
    assert ending.code == 0
    assert "does not hold here" in ending.out


def test_who_interrupts_sees_what_was_finished(
    command: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: Bench) -> Measurement:
        os.kill(os.getpid(), signal.SIGINT)
        return holds(True, {}, "done")

    first = Claim("first", "§1", "one", interrupted)
    second = Claim("second", "§2", "two", interrupted)
    monkeypatch.setattr(cvtool.experiments.claims, "choose", lambda _: (first, second))
    ending = command("claims", "--json")
    assert ending.code == 130
    assert [each["id"] for each in ending.json] == ["first"]


def test_explain_lists_finds_and_suggests(command: Run) -> None:
    assert "units live" in command("explain").out
    assert "max(0, w·x + b)" in command("explain", "Units", "live").out
    assert command("explain", "units-live", "--json").json["section"] == "§6.1.3"
    ending = command("explain", "units", "life")
    assert (ending.code, "did you mean 'units live'?" in ending.sentence) == (2, True)
