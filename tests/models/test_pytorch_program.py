"""The generated program is PyTorch, well laid out, and computes what we compute."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from reference.exchange import (
    CLASSES,
    classifier_of,
    imported,
    our_answer,
    stored_images,
    write_pytorch,
)
from reference.exchanged_formulas import ALONE, IMAGE, formulas

from cvtool.config import PREPROCESSINGS
from cvtool.models.architectures import ARCHITECTURES
from cvtool.models.exchange.channels_first import channels_first
from cvtool.models.exchange.pytorch_program import program_path, pytorch_program

peer = pytest.mark.peer
CLOSE = {"rtol": 0, "atol": 1e-5}
HOSTILE = ('"""', 'it\'s "so"', "\\", "a\nb", "\u202etac", "{}%s", "ü", "')); print(1); ((('")


@pytest.fixture(scope="module")
def torch():
    return pytest.importorskip("torch", reason="the peer is PyTorch")


def check(torch, classifier, folder, counts=(7, 1)):
    """Hold the program's answers to batches of several sizes against ours."""
    program = imported(write_pytorch(classifier, folder / "model.safetensors"))
    assert classifier.classes == program.CLASSES
    model = program.load()
    images = stored_images(classifier.input_shape, max(counts), np.dtype(classifier.stored))
    for count in counts:
        with torch.no_grad():
            shares = model(torch.tensor(images[:count])).softmax(1).numpy()
        expected = our_answer(classifier, images[:count])
        np.testing.assert_allclose(shares, expected, **CLOSE)
        np.testing.assert_array_equal(shares.argmax(1), expected.argmax(1))
    return model


@peer
@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_named_architecture(torch, name, tmp_path):
    check(torch, classifier_of(ARCHITECTURES[name], (16, 15, 3)), tmp_path)


@peer
@pytest.mark.parametrize("text", ALONE)
def test_every_kind_of_layer(torch, text, tmp_path):
    check(torch, classifier_of(text, IMAGE), tmp_path)


@peer
@settings(max_examples=25)
@given(formulas())
def test_formulas_of_chance(torch, tmp_path_factory, text):
    check(torch, classifier_of(text, IMAGE), tmp_path_factory.mktemp("chance"), counts=(3,))


@peer
@pytest.mark.parametrize("words", [*PREPROCESSINGS, "mean-image,standardize", "channel-mean,zca"])
@pytest.mark.parametrize("stored", [np.uint8, np.float32, np.float64])
def test_preprocessing_is_inside(torch, words, stored, tmp_path):
    text = "conv3-4 + relu + flatten"
    check(torch, classifier_of(text, (6, 5, 3), preprocess=words, stored=stored), tmp_path)


@peer
def test_double_precision_stays(torch, tmp_path):
    classifier = classifier_of(ARCHITECTURES["resnet8"], IMAGE, dtype="float64")
    model = check(torch, classifier, tmp_path)
    assert {each.dtype for each in model.parameters()} == {torch.float64}
    images = stored_images(IMAGE, 5)
    with torch.no_grad():
        shares = model(torch.tensor(images)).softmax(1).numpy()
    np.testing.assert_allclose(shares, our_answer(classifier, images), atol=1e-7)


@peer
def test_it_can_go_on_learning(torch, tmp_path):
    model = check(torch, classifier_of(ARCHITECTURES["resnet8"], IMAGE), tmp_path).train()
    loss = model(torch.tensor(stored_images(IMAGE, 8))).logsumexp(1).sum()
    loss.backward()
    assert all(each.grad is not None for each in model.parameters())


@peer
@pytest.mark.usefixtures("torch")
def test_names_of_classes_are_texts_and_nothing_else(tmp_path, capsys):
    classifier = replace(classifier_of("flatten", IMAGE), classes=HOSTILE)
    program = imported(write_pytorch(classifier, tmp_path / 'it\'s """ \\.safetensors'))
    assert program.CLASSES == HOSTILE
    assert (program.WEIGHTS.exists(), capsys.readouterr().out) == (True, "")


def test_programs_are_laid_out_as_a_formatter_would(tmp_path):
    pytest.importorskip("ruff", reason="the formatter is Ruff")
    for number, text in enumerate((*ALONE, *ARCHITECTURES.values())):
        classifier = replace(classifier_of(text, IMAGE), classes=HOSTILE + CLASSES)
        write_pytorch(classifier, tmp_path / f"model{number}.safetensors")
    for words in (("format", "--diff"), ("check", "--select", "E,F,I,N,UP,B,SIM")):
        ruff = [sys.executable, "-m", "ruff", *words, "--isolated", str(tmp_path)]
        ended = subprocess.run(ruff, capture_output=True, text=True)
        assert ended.returncode == 0, ended.stdout


def test_it_says_where_softmax_is_no_probability():
    def said(text):
        classifier = classifier_of(text, IMAGE)
        steps = channels_first(classifier.network.chain.layers)
        return pytorch_program(classifier, steps, Path("model.safetensors"))

    assert "only a ranking" in said("flatten + svm")
    assert "only a ranking" not in said("flatten")


@pytest.mark.parametrize(
    ("weights", "program"),
    [
        ("first", "first"),
        ("train-cnn-digits-001", "train_cnn_digits_001"),
        ("1st", "model_1st"),
        ("class", "model_class"),
        ("torch", "model_torch"),
        ("numpy", "model_numpy"),
        ("json", "model_json"),
        ("ﬁrst.v2", "_rst_v2"),
    ],
)
def test_the_program_can_be_imported_and_hides_no_library(weights, program):
    assert program_path(Path("models", f"{weights}.safetensors")) == Path("models", f"{program}.py")
