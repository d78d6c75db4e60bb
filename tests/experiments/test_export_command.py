"""``export``, as a user gives it: files of a real run, and what is refused before any work."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from reference.exchange import imported
from safetensors import safe_open

import cvtool.experiments.export
from cvtool.config import MODEL_FORMATS
from cvtool.datasets.split import split
from cvtool.experiments.export import FORMATS
from cvtool.experiments.reading import read
from cvtool.experiments.trained import bring_back
from cvtool.files import write_together
from cvtool.models.exchange.safetensors_file import safetensors_file
from cvtool.records import finish

Run = Callable[..., Any]
LINEAR = ("--limit", "200", "--epochs", "1", "--threads", "1", "--json")


@pytest.fixture
def mine(train: Run) -> Any:
    """Train a run called ``mine`` that does better than guessing."""
    arch = "conv3-8 + bn + relu + maxpool2 + fc-16 + bn + prelu"
    return train("--arch", arch, "--limit", "400", "--epochs", "3", "--name", "mine").json


def validation_images(run: str) -> tuple[Any, Any]:
    """Return the stored images, and labels, that a run was chosen by."""
    config = bring_back(run).config
    dataset = finish(read(config))
    seen = split(
        dataset, val_fraction=config.val_fraction, limit=config.limit, seed=config.seed
    ).validation
    return seen.examples.images[seen.indices], seen.examples.labels[seen.indices]


@pytest.mark.peer
def test_onnx_is_as_right_as_the_run(command: Run, mine: Any) -> None:
    pytest.importorskip("onnx", reason="the format is onnx's")
    runtime = pytest.importorskip("onnxruntime", reason="the peer is ONNX Runtime")
    ending = command("export", "mine")
    assert ending.out.splitlines()[0] == "mine.onnx"
    session = runtime.InferenceSession("mine.onnx")
    assert [each.name for each in session.get_outputs()] == ["probabilities", "scores"]
    assert [each.type for each in session.get_inputs()] == ["tensor(uint8)"]
    images, labels = validation_images("mine")
    (shares,) = session.run(["probabilities"], {"images": images})
    assert (shares.argmax(1) == labels).mean() == mine["best_val_accuracy"]
    words = session.get_modelmeta().custom_metadata_map
    assert json.loads(words["classes"]) == list("0123456789")
    assert (words["run"], words["dataset"]) == ("mine", "digits")


@pytest.mark.peer
def test_pytorch_is_as_right_as_the_run(command: Run, mine: Any) -> None:
    torch = pytest.importorskip("torch", reason="the peer is PyTorch")
    lines = command("export", "mine", "--format", "pytorch", "--to", "out/my-net.safetensors").out
    assert lines.splitlines()[:2] == ["out/my-net.safetensors", "out/my_net.py"]
    images, labels = validation_images("mine")
    with torch.no_grad():
        found = imported(Path("out/my_net.py")).load()(torch.tensor(images)).argmax(1).numpy()
    assert (found == labels).mean() == mine["best_val_accuracy"]


@pytest.mark.peer
@pytest.mark.usefixtures("mine")
def test_the_example_in_the_program_runs_where_we_are_not(command: Run) -> None:
    pytest.importorskip("torch", reason="the peer is PyTorch")
    command("export", "mine", "--format", "pytorch")
    example = Path("mine.py").read_text().partition("::\n\n")[2].partition("\nThe network")[0]
    lines = "import sys\nsys.modules['cvtool'] = None\n" + example.replace("    ", "")
    ended = subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.strip() in "0123456789"


@pytest.mark.peer
@pytest.mark.parametrize("loss", ["softmax", "svm"])
def test_a_linear_classifier_of_bytes(command: Run, loss: str) -> None:
    pytest.importorskip("onnx", reason="the format is onnx's")
    runtime = pytest.importorskip("onnxruntime", reason="the peer is ONNX Runtime")
    said = command("linear", "--loss", loss, "--name", "matrix", *LINEAR).json
    assert command("export", "matrix", "--json").json["input_type"] == "uint8"
    images, labels = validation_images("matrix")
    session = runtime.InferenceSession("matrix.onnx")
    _, scores = session.run(None, {"images": images})
    assert (scores.argmax(1) == labels).mean() == said["best_val_accuracy"]
    words = session.get_modelmeta().custom_metadata_map
    assert ("ranking" in words["probabilities"]) == (loss == "svm")


@pytest.mark.usefixtures("mine")
def test_safetensors_hold_our_own_arrays(command: Run) -> None:
    said = command("export", "mine", "--format", "safetensors", "--json").json
    assert said == {
        "path": "mine.safetensors",
        "files": ["mine.safetensors"],
        "format": "safetensors",
        "run": "runs/mine",
        "parameters": bring_back("mine").network.chain.parameter_count(),
        "bytes": Path("mine.safetensors").stat().st_size,
        "input_shape": [8, 8, 1],
        "input_type": "uint8",
        "classes": list("0123456789"),
    }
    with safe_open("mine.safetensors", framework="numpy") as file:
        words = file.metadata()
        arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    trained = bring_back("mine")
    for name, values in trained.network.arrays().items():
        np.testing.assert_array_equal(arrays.pop(name), values)
    assert set(arrays) == {"preprocessing/mean", "preprocessing/scale"}
    assert words["architecture"] == trained.network.formula
    assert (words["preprocess"], words["features"]) == ("standardize", "pixels")


@pytest.mark.parametrize("format", MODEL_FORMATS)
@pytest.mark.usefixtures("mine")
def test_the_same_run_gives_the_same_bytes(command: Run, format: str) -> None:
    if format == "onnx":
        pytest.importorskip("onnx", reason="the format is onnx's")
    written = []
    for folder in ("a", "b"):
        path = Path(folder, f"mine{FORMATS[format].suffix}")
        assert command("export", "mine", "--format", format, "--to", str(path)).code == 0
        written.append([each.read_bytes() for each in sorted(Path(folder).iterdir())])
    assert written[0] == written[1]
    assert len(written[0]) == (2 if format == "pytorch" else 1)


def test_features_go_along_as_arrays_alone(command: Run) -> None:
    command("linear", "--features", "hog:cell=4", "--name", "seen", *LINEAR)
    for format in ("onnx", "pytorch"):
        if format == "onnx":
            pytest.importorskip("onnx", reason="the format is onnx's")
        ending = command("export", "seen", "--format", format)
        assert (ending.code, ending.out) == (2, "")
        assert "choose --format safetensors" in ending.sentence
    said = command("export", "seen", "--format", "safetensors", "--json").json
    assert (said["input_shape"], said["input_type"]) == ([1, 1, 36], "float32")


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("--format", "keras"), 2, "--format does not know 'keras': choose one of onnx, saf"),
        (("--format", "pytorch", "--to", "x.pt"), 2, "ends in .safetensors for --format pytorch"),
        (("--format", "safetensors", "--to", "there.safetensors"), 2, "there is there.safetensors"),
        (("--format", "pytorch", "--to", "there2.safetensors"), 2, "there is there2.py already"),
    ],
)
@pytest.mark.usefixtures("mine")
def test_what_is_wrong_is_said_before_any_work(
    command: Run, monkeypatch: pytest.MonkeyPatch, words: Any, code: int, sentence: str
) -> None:
    monkeypatch.setattr(cvtool.experiments.export, "bring_back", None)
    Path("there.safetensors").write_text("theirs")
    Path("there2.py").write_text("theirs")
    ending = command("export", "mine", *words)
    assert (ending.code, ending.out) == (code, "")
    assert sentence in ending.sentence
    assert Path("there2.py").read_text() == Path("there.safetensors").read_text() == "theirs"


def test_a_missing_library_is_named(command: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    ending = command("export", "mine")
    assert ending.code == 2
    assert ending.sentence.endswith("install it by pip install 'cvtool[onnx]'")


def test_runs_without_a_network_are_refused(command: Run) -> None:
    command("knn", "--limit", "60", "--name", "near", "--json")
    ending = command("export", "near", "--format", "safetensors")
    assert ending.code == 3
    assert "not of a network" in ending.sentence
    assert command("export", "none", "--format", "safetensors").code == 3


@pytest.mark.usefixtures("mine")
def test_a_run_that_does_not_say_how_pixels_were_stored(command: Run) -> None:
    path = Path("runs/mine/environment.json")
    facts = json.loads(path.read_text())
    del facts["image_type"]
    path.write_text(json.dumps(facts))
    ending = command("export", "mine", "--format", "safetensors")
    assert (ending.code, ending.out) == (3, "")
    assert "does not say what the images were" in ending.sentence


def test_both_files_are_written_or_none(tmp_path: Path) -> None:
    taken = tmp_path / "taken.py"
    taken.mkdir()
    with pytest.raises(OSError, match=r"taken\.py"):
        write_together({tmp_path / "first": b"1", taken: b"2"})
    assert sorted(tmp_path.iterdir()) == [taken]
    write_together({tmp_path / "first": b"1", tmp_path / "second": b"2"})
    assert (tmp_path / "second").read_bytes() == b"2"


def test_safetensors_keep_words_in_their_order_and_any_array(tmp_path: Path) -> None:
    arrays = {"turned": np.arange(6.0).reshape(2, 3).T, "none": np.float32(3), "b": np.arange(3)}
    words = {"z": 'ü"\n', "a": ""}
    content = safetensors_file(arrays, words)
    assert content == safetensors_file(arrays, words)
    path = tmp_path / "some.safetensors"
    path.write_bytes(content)
    with safe_open(path, framework="numpy") as file:
        assert file.metadata() == words
        for name, array in arrays.items():
            np.testing.assert_array_equal(file.get_tensor(name), array)


def test_every_format_is_offered() -> None:
    assert tuple(FORMATS) == MODEL_FORMATS
