"""What the README says of exported networks is so: its programs, names and layouts."""

import re
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from reference.exchange import classifier_of
from safetensors import safe_open

from cvtool.datasets.embedded.digits import digits
from cvtool.models.exchange.channels_first import channels_first
from cvtool.models.exchange.pytorch_weights import pytorch_arrays

Run = Callable[..., Any]
README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
TOUR = README.partition("### Take a model elsewhere\n")[2].partition("\n### ")[0]
REFERENCE = README.partition("### Options of `export`\n")[2].partition("\n### ")[0]
EVERYTHING = "conv3-4 + bn + prelu + res(conv3-6/2 + bn) + relu + fc-5 + tanh"


@pytest.fixture
def first(train: Run) -> None:
    """Train a run of the README's name, and draw the image it speaks of."""
    train("--limit", "400", "--epochs", "3", "--name", "first")
    test = digits().test
    assert test is not None
    seven = test.images[test.labels.tolist().index(7), :, :, 0]
    Image.fromarray(seven).resize((64, 64)).save("seven.png")


@pytest.mark.peer
@pytest.mark.slow
@pytest.mark.usefixtures("first")
@pytest.mark.parametrize("library", ["onnxruntime", "torch"])
def test_its_programs_run_behind_its_commands(
    command: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], library: str
) -> None:
    pytest.importorskip(library, reason=f"the program needs {library}")
    pytest.importorskip("onnx", reason="the first command writes it")
    for line in re.findall(r"^\$ cvtool (.*)$", TOUR, re.MULTILINE):
        assert command(*shlex.split(line)).code == 0, line
    predicted = command("predict", "first", "seven.png", "--json").json[0]["label"]
    monkeypatch.syspath_prepend(".")
    monkeypatch.delitem(sys.modules, "first", raising=False)
    (program,) = [
        each
        for each in re.findall(r"```python\n(.*?)```", TOUR, re.DOTALL)
        if f"import {library}" in each
    ]
    exec(compile(program, "README.md", "exec"), {})
    assert capsys.readouterr().out.strip() == predicted
    sys.modules.pop("first", None)


@pytest.mark.parametrize("format", ["safetensors", "pytorch"])
def test_every_array_is_in_its_table(format: str) -> None:
    classifier = classifier_of(EVERYTHING, (6, 6, 2), preprocess="zca")
    if format == "pytorch":
        names = set(pytorch_arrays(classifier, channels_first(classifier.network.chain.layers)))
        inside = r"^res1\.(branch|shortcut)\."
    else:
        own = {f"preprocessing/{name}" for name in classifier.preprocessing.to_arrays()}
        names = own | set(classifier.network.arrays())
        inside = "^res1/(shortcut/)?"
    for name in names:
        assert f"`{re.sub(r'[0-9]+', '1', re.sub(inside, '', name))}`" in REFERENCE, name


@pytest.mark.usefixtures("first")
def test_every_word_of_the_metadata_is_there(command: Run) -> None:
    command("export", "first", "--format", "safetensors")
    with safe_open("first.safetensors", framework="numpy") as file:
        assert all(f"`{word}`" in REFERENCE for word in file.metadata())
