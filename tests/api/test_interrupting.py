"""Ctrl-C reaches the notebook when the weights are in order, and the model goes on from there."""

import os
import signal
from typing import Any

import pytest

import cvtool
from cvtool.records import EpochRecord, StepRecord
from cvtool.training import loop

QUICK: dict[str, Any] = {"limit": 90, "epochs": 3, "batch_size": 16, "threads": 1}


def press_keys_in_steps(monkeypatch: pytest.MonkeyPatch, *steps: int) -> list[int]:
    """Press Ctrl-C in the middle of steps, counted from 1."""
    done: list[int] = []
    update = loop.update

    def pressed(*arguments: Any) -> None:
        done.append(len(done) + 1)
        if done[-1] in steps:
            os.kill(os.getpid(), signal.SIGINT)
        update(*arguments)

    monkeypatch.setattr(loop, "update", pressed)
    return done


@pytest.mark.parametrize("step", [1, 2, 5, 12])
def test_learning_stops_between_steps_and_goes_on_to_the_same_bits(
    monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    data = cvtool.load_data("digits")
    expected = cvtool.fit(cvtool.build(data, model="linear", **QUICK))
    model = cvtool.build(data, model="linear", **QUICK)
    handler = signal.getsignal(signal.SIGINT)
    press_keys_in_steps(monkeypatch, step)
    with pytest.raises(KeyboardInterrupt):
        cvtool.fit(model)
    assert signal.getsignal(signal.SIGINT) is handler
    assert model.result is None
    assert 0 <= cvtool.evaluate(model).accuracy <= 1
    result = cvtool.fit(model)
    assert result.weights_checksum == expected.weights_checksum
    assert result.verdicts == expected.verdicts


def test_between_two_epochs_keys_are_those_of_the_caller() -> None:
    model = cvtool.build(cvtool.load_data("digits"), model="linear", **QUICK)
    handler = signal.getsignal(signal.SIGINT)
    told: list[Any] = []

    def tell(record: Any) -> None:
        assert signal.getsignal(signal.SIGINT) is handler
        told.append(record)

    for _ in cvtool.epochs(model, tell=tell):
        assert signal.getsignal(signal.SIGINT) is handler
    assert sum(isinstance(each, EpochRecord) for each in told) == 3
    assert sum(isinstance(each, StepRecord) for each in told) == 15


def test_a_named_run_that_was_interrupted_is_resumed_by_the_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from cvtool.experiments.linear import resume

    data = cvtool.load_data("digits")
    expected = cvtool.fit(cvtool.build(data, model="linear", **QUICK))
    press_keys_in_steps(monkeypatch, 7)
    with pytest.raises(KeyboardInterrupt):
        cvtool.fit(cvtool.build(data, model="linear", **QUICK, name="mine"))
    *_, result = resume("mine", {})
    assert result.weights_checksum == expected.weights_checksum  # type: ignore[union-attr]


def test_a_key_after_the_last_step_ends_what_is_almost_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = cvtool.load_data("digits")
    expected = cvtool.fit(cvtool.build(data, model="linear", **QUICK))
    model = cvtool.build(data, model="linear", **QUICK)
    press_keys_in_steps(monkeypatch, 15)
    with pytest.raises(KeyboardInterrupt):
        cvtool.fit(model)
    if model.result is None:
        cvtool.fit(model)
    assert model.result is not None
    assert model.result.weights_checksum == expected.weights_checksum
