"""What we write as ONNX is computed by ONNX Runtime as we compute it, from stored images on."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from reference.exchange import CLASSES, classifier_of, our_answer, stored_images
from reference.exchanged_formulas import ALONE, IMAGE, formulas

import cvtool.models.exchange.onnx_graph
from cvtool.config import PREPROCESSINGS
from cvtool.errors import UsageError
from cvtool.layers.scaled_pixels import ScaledPixels
from cvtool.models.architecture import complete, parse
from cvtool.models.architectures import ARCHITECTURES
from cvtool.models.exchange.onnx_graph import onnx_file
from cvtool.models.network import Network

pytestmark = pytest.mark.peer
CLOSE = {"rtol": 0, "atol": 1e-5}


@pytest.fixture(scope="module")
def runtime():
    pytest.importorskip("onnx", reason="the format is onnx's")
    return pytest.importorskip("onnxruntime", reason="the peer is ONNX Runtime")


def check(runtime, classifier, counts=(7, 1)):
    """Hold the answers to batches of several sizes against ours."""
    options = runtime.SessionOptions()
    options.intra_op_num_threads = 1
    session = runtime.InferenceSession(onnx_file(classifier), options)
    images = stored_images(classifier.input_shape, max(counts))
    if classifier.input_type != "uint8":
        images = (images / 255).astype(np.float32)
    for count in counts:
        shares, scores = session.run(None, {"images": images[:count]})
        expected = our_answer(classifier, images[:count])
        assert (shares.dtype, scores.shape) == (np.float32, shares.shape)
        np.testing.assert_allclose(shares, expected, **CLOSE)
        np.testing.assert_array_equal(scores.argmax(1), expected.argmax(1))


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_named_architecture(runtime, name):
    check(runtime, classifier_of(ARCHITECTURES[name], (16, 15, 3)))


@pytest.mark.parametrize("text", ALONE)
def test_every_kind_of_layer(runtime, text):
    check(runtime, classifier_of(text, IMAGE))


@settings(max_examples=25)
@given(formulas())
def test_formulas_of_chance(runtime, text):
    check(runtime, classifier_of(text, IMAGE), counts=(3,))


@pytest.mark.parametrize(
    "words", [*PREPROCESSINGS, "channel-mean,zca", "mean-image,standardize", "zca,standardize"]
)
@pytest.mark.parametrize("stored", [np.uint8, np.float32, np.float64])
def test_preprocessing_is_inside(runtime, words, stored):
    text = "conv3-4 + relu + flatten"
    check(runtime, classifier_of(text, (6, 5, 3), preprocess=words, stored=stored))


def test_points_in_the_plane_are_images_too(runtime):
    check(runtime, classifier_of("fc-8 + tanh", (1, 1, 2), stored=np.float64))


def test_what_was_trained_in_double_precision(runtime):
    check(runtime, classifier_of(ARCHITECTURES["resnet8"], IMAGE, dtype="float64"))


def linear_on_stored_pixels(loss):
    shape = (6, 5, 3)
    fitted = classifier_of("flatten", shape).preprocessing
    formula = complete(parse("flatten", loss=loss), len(CLASSES))
    on_bytes = replace(formula, layers=[ScaledPixels(len(CLASSES), fitted.mean, fitted.scale)])
    network = Network(on_bytes, shape, seed=0, init="xavier", dtype="float32")
    return classifier_of("", shape, network=network)


@pytest.mark.parametrize(("loss", "words"), [("softmax", "scores"), ("svm", "a ranking")])
def test_the_linear_classifier_that_reads_bytes(runtime, loss, words):
    classifier = linear_on_stored_pixels(loss)
    check(runtime, classifier)
    assert words in classifier.facts()["probabilities"]
    assert ("ranking" in classifier.facts()["probabilities"]) == (loss == "svm")


@pytest.mark.parametrize(
    "text", [ARCHITECTURES["resnet8"], "conv3-8 + maxout2 + prelu + flatten + maxout2 + bn + relu"]
)
def test_all_shapes_are_known_but_for_the_batch(text):
    onnx = pytest.importorskip("onnx", reason="the format is onnx's")
    model = onnx.load_from_string(onnx_file(classifier_of(text, (6, 5, 3), preprocess="zca")))
    inside = [*model.graph.input, *model.graph.value_info, *model.graph.output]
    assert len(inside) == len(model.graph.node) + 1
    for value in inside:
        first, *others = value.type.tensor_type.shape.dim
        assert first.dim_param == "batch", value.name
        assert all(each.dim_value for each in others), value.name


def test_images_are_turned_once_and_words_go_along():
    onnx = pytest.importorskip("onnx", reason="the format is onnx's")
    model = onnx.load_from_string(onnx_file(classifier_of(ARCHITECTURES["vgg-small"], (16, 15, 3))))
    assert [each.op_type for each in model.graph.node].count("Transpose") == 1
    words = {each.key: each.value for each in model.metadata_props}
    assert json.loads(words["classes"]) == list(CLASSES)
    assert (words["run"], words["input_type"]) == ("first", "uint8")
    assert (words["preprocess"], words["input_range"]) == ("standardize", "0 to 255")


def test_runtimes_of_years_ago_know_the_operators():
    onnx = pytest.importorskip("onnx", reason="the format is onnx's")
    model = onnx.load_from_string(onnx_file(classifier_of("flatten", IMAGE)))
    # ONNX Runtime 1.16 reads up to opset 19 in layout 9.
    assert [(each.domain, each.version <= 19) for each in model.opset_import] == [("", True)]
    assert model.ir_version <= 9


def test_the_same_network_gives_the_same_bytes():
    pytest.importorskip("onnx", reason="the format is onnx's")
    text = ARCHITECTURES["lenet-bn"]
    assert onnx_file(classifier_of(text, IMAGE)) == onnx_file(classifier_of(text, IMAGE))


def test_what_is_too_large_for_the_format_is_refused(monkeypatch):
    pytest.importorskip("onnx", reason="the format is onnx's")
    monkeypatch.setattr(cvtool.models.exchange.onnx_graph, "MOST_BYTES", 1000)
    with pytest.raises(UsageError, match="choose --format safetensors"):
        onnx_file(classifier_of("flatten", IMAGE))
