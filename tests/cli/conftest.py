"""Run the command line as a user does, with experiments that only remember what they were told."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest

import cvtool.experiments
from cvtool.cli.main import main
from cvtool.records import Evaluation, NetworkTable, Note, Prediction, TrainResult, Verdict


class Ending(NamedTuple):
    """What a user sees of a command."""

    code: int
    out: str
    err: str


def result(outcome: Any = "finished") -> TrainResult:
    return TrainResult(
        run="runs/train-cnn-digits-001",
        outcome=outcome,
        dataset="digits",
        arch="fc-10 + softmax",
        seed=0,
        epochs=1,
        parameters=650,
        train_images=1437,
        val_images=360,
        train_loss=0.5,
        train_accuracy=0.9,
        val_loss=float("nan"),
        val_accuracy=0.8,
        best_val_accuracy=0.8,
        best_epoch=1,
        images_per_second=1000.0,
        seconds=1.5,
        weights_checksum="abc",
        verdicts=(Verdict("generalizes", False, 0.1, "overfits, try --strength 0.001"),),
    )


@dataclass
class Experiments:
    """Stand-ins for the experiments: they remember their arguments and end as told."""

    calls: list[tuple[Any, ...]] = field(default_factory=list)
    outcome: str = "finished"
    error: BaseException | None = None

    def train(self, config: Any) -> Iterator[Any]:
        return self._stream("train", config)

    def resume(self, run: str, changes: dict[str, Any]) -> Iterator[Any]:
        return self._stream("resume", run, changes)

    def describe(self, config: Any) -> Iterator[Any]:
        self.calls.append(("describe", config))
        yield NetworkTable("fc-10 + softmax", (8, 8, 1), 64, "softmax", (), 650, 640, 2560, 0)

    def evaluate(self, run: str, *, test: bool) -> Iterator[Any]:
        self.calls.append(("evaluate", run, test))
        yield Evaluation(run, "digits", "test", 297, 0.1, 0.97, {"0": 1.0}, 2)

    def predict(self, run: str, files: list[str]) -> list[Prediction]:
        self.calls.append(("predict", run, files))
        return [Prediction(file, "cat", 0.9, {"cat": 0.9, "dog": 0.1}) for file in files]

    def _stream(self, *call: Any) -> Iterator[Any]:
        self.calls.append(call)
        yield Note("compiling")
        if self.error:
            raise self.error
        yield result(self.outcome)


@pytest.fixture
def experiments(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Experiments:
    """Replace the experiments, and work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    made = Experiments()
    for name in ("train_cnn", "evaluate", "predict"):
        module = ModuleType(f"cvtool.experiments.{name}")
        for verb in ("train", "resume", "describe", "evaluate", "predict"):
            setattr(module, verb, getattr(made, verb))
        monkeypatch.setitem(sys.modules, module.__name__, module)
        monkeypatch.setattr(cvtool.experiments, name, module, raising=False)
    return made


@pytest.fixture
def cvtool_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ending]:
    """Run one command line in this process."""

    def run(*arguments: str) -> Ending:
        monkeypatch.setattr(sys, "argv", ["cvtool", *arguments])
        with pytest.raises(SystemExit) as end:
            main()
        captured = capsys.readouterr()
        return Ending(int(end.value.code or 0), captured.out, captured.err)

    return run
