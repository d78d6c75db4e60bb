"""``cvtool graph`` takes signs as arguments, answers scripts, draws, and starts light."""

import importlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

NEURON = ["1/(1+exp(-(w0+w1*x1+w2*x2)))", "w0=-3", "w1=2", "x1=-1", "w2=-3", "x2=-2"]


def test_scripts_are_told_gradients_by_name(cvtool_command: Callable[..., Any]) -> None:
    ending = cvtool_command("graph", "-(W@x)@x", "W=[[1,2],[3,4]]", "x=1,-1", "--json")
    told = json.loads(ending.out)
    assert (ending.code, told["ok"], told["value"]) == (0, True, 0.0)
    assert told["gradients"] == {"W": [[-1, 1], [1, -1]], "x": [3, 3]}
    assert set(told["numeric"]) == {"W", "x"}


def test_an_expression_may_begin_with_a_minus(cvtool_command: Callable[..., Any]) -> None:
    ending = cvtool_command("graph", "-x*y", "x=-1", "y=-2", "--json")
    assert json.loads(ending.out)["gradients"] == {"x": 2.0, "y": 1.0}


def test_a_picture_is_drawn(cvtool_command: Callable[..., Any], tmp_path: Path) -> None:
    file = tmp_path / "neuron.png"
    assert cvtool_command("graph", *NEURON, "--picture", str(file)).code == 0
    with Image.open(file) as picture:
        assert picture.width > picture.height > 100


def test_mistakes_end_in_a_sentence(cvtool_command: Callable[..., Any]) -> None:
    for words, sentence in (
        (["x", "x=1", "--colapse"], "there is no option --colapse"),
        (["x", "x=1", "--picture", "x.jpg"], "ends in .png"),
        (["x +", "x=1"], "the expression ends"),
        (["(" * 10_000, "x=1"], "levels of nesting"),
    ):
        ending = cvtool_command("graph", *words)
        assert ending.code == 2
        assert sentence in ending.err


def test_a_wrong_gradient_ends_in_4(
    cvtool_command: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    true = importlib.import_module("cvtool.experiments.graph").backward
    monkeypatch.setattr(
        "cvtool.experiments.graph.backward",
        lambda *given: {node: 1.001 * slope for node, slope in true(*given).items()},
    )
    ending = cvtool_command("graph", "x*x", "x=3")
    assert (ending.code, "✗" in ending.out) == (4, True)


def test_nothing_is_compiled_for_it() -> None:
    script = (
        "import sys; sys.argv = ['cvtool', 'graph', 'x*x', 'x=3']\n"
        "from cvtool.cli.main import main\n"
        "try: main()\n"
        "finally: print(*(set(sys.modules) & {'numba', 'matplotlib', 'PIL'}), file=sys.stderr)"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (ended.returncode, ended.stderr.strip()) == (0, "")
