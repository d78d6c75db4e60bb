"""Run whole commands as a user does, in an empty folder, on networks that learn in a blink."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from PIL import Image

import cvtool.kernels.jit
import cvtool.render.plots
from cvtool.cli.main import main

Run = Callable[..., Any]

QUICK = {
    "--arch": "conv3-4 + relu + maxpool2",
    "--limit": "60",
    "--epochs": "1",
    "--batch-size": "16",
    # Same bits, and no waiting for each other where other programs are busy too.
    "--threads": "1",
}


class Ending(NamedTuple):
    """What a user sees of a command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on stdout; anything else there is an error."""
        return json.loads(self.out)

    @property
    def sentence(self) -> str:
        """What the command says at its end, on stderr."""
        assert "Traceback" not in self.err
        return self.err.splitlines()[-1]


@pytest.fixture(autouse=True)
def _work_in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    # For images; where compiled kernels are kept was settled when their room was imported.
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda _: str(tmp_path / "cache"))


@pytest.fixture(autouse=True)
def pictures(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Remember where pictures would be drawn: matplotlib would take most of the time."""
    drawn: list[Path] = []
    monkeypatch.setattr(cvtool.render.plots, "draw", lambda _, folder: drawn.append(folder))
    return drawn


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run one command line in this process, without pictures."""

    def run(*words: str) -> Ending:
        monkeypatch.setattr(sys, "argv", ["cvtool", *words])
        with pytest.raises(SystemExit) as end:
            main()
        return Ending(int(end.value.code or 0), *capsys.readouterr())

    return run


@pytest.fixture
def train(command: Run) -> Run:
    """Train with ``--json``, quickly unless said otherwise; words override the quick settings."""

    def run(*words: str) -> Ending:
        missing = {} if "--resume" in words or "--config" in words else QUICK
        quick = [each for pair in missing.items() if pair[0] not in words for each in pair]
        return command("train-cnn", *quick, *words, "--json")

    return run


@pytest.fixture
def draw_image() -> Run:
    """Save an image whose brightness, and color, tells its class."""

    def save(path: Path, level: int, size: tuple[int, int] = (10, 12), mode: str = "RGB") -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        noise = np.random.default_rng(level).integers(0, 40, (*size, 3), np.uint8)
        Image.fromarray(noise + np.uint8(level), "RGB").convert(mode).save(path)
        return path

    return save
