"""Classifiers as if they had been trained, their answers, and what others make of their files."""

import importlib.util
import itertools

import numpy as np
import safetensors.numpy

from cvtool.datasets.batches import Batcher
from cvtool.datasets.dataset import Examples
from cvtool.datasets.preprocessing import Preprocessing
from cvtool.datasets.split import whole
from cvtool.datasets.stored_batches import StoredBatcher
from cvtool.losses.softmax import probabilities
from cvtool.models.architecture import complete, parse
from cvtool.models.exchange.channels_first import channels_first
from cvtool.models.exchange.exchanged_model import ExchangedModel
from cvtool.models.exchange.pytorch_program import program_path, pytorch_program
from cvtool.models.exchange.pytorch_weights import pytorch_arrays
from cvtool.models.network import Network

CLASSES = ("cat", "it's", '"dog"')
_NUMBERS = itertools.count()


def stored_images(shape, count=40, dtype=np.uint8):
    """Draw images whose pixels vary each in its own way, and together."""
    random = np.random.default_rng(5)
    levels = random.integers(40, 200, shape) + random.normal(size=(count, 1, 1, 1)) * 25
    pixels = (levels + random.normal(size=(count, *shape)) * 15).clip(0, 255).astype(np.uint8)
    return pixels if dtype == np.uint8 else (pixels / 255).astype(dtype)


def classifier_of(
    text, shape, *, dtype="float32", preprocess="standardize", stored=np.uint8, network=None
):
    """Make a network of a formula, none of whose numbers is left at the 0 or 1 it starts at."""
    images = stored_images(shape, dtype=stored)
    if network is None:
        formula = complete(parse(text), len(CLASSES))
        network = Network(formula, shape, seed=0, init="auto", dtype=dtype)
    random = np.random.default_rng(1)
    for name, values in network.arrays().items():
        noise = random.normal(size=values.shape) * 0.1
        values += abs(noise) if name.endswith("variance") else noise
    preprocessing = Preprocessing.fit(preprocess, whole(_examples(images)))
    origin = {"run": "first", "dataset": "digits", "features": "pixels"}
    return ExchangedModel(network, preprocessing, stored, CLASSES, origin)


def our_answer(classifier, images):
    """Return our probabilities for images as they are stored."""
    network, seen = classifier.network, whole(_examples(images))
    if network.reads_stored_pixels:
        batcher = StoredBatcher(seen)
    else:
        batcher = Batcher(seen, classifier.preprocessing, dtype=network.dtype)
    room = network.room(len(images))
    batcher.fill(np.arange(len(images)), room)
    return probabilities(network.scores(room))


def _examples(images):
    return Examples(images, np.zeros(len(images), np.int64))


def write_pytorch(classifier, weights):
    """Write both files of a classifier and return the path of the program."""
    steps = channels_first(classifier.network.chain.layers)
    weights.write_bytes(safetensors.numpy.save(pytorch_arrays(classifier, steps)))
    program = program_path(weights)
    program.write_text(pytorch_program(classifier, steps, weights), encoding="utf-8")
    return program


def imported(program):
    """Run a program as a module; it has no need of ours."""
    assert "cvtool." not in program.read_text(encoding="utf-8")
    spec = importlib.util.spec_from_file_location(f"program_{next(_NUMBERS)}", program)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
