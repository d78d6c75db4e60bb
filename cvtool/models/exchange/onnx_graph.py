"""One ONNX graph from images as they are stored to probabilities.

Preprocessing is inside. The operators are those of opset 17, which runtimes of years ago know.
"""

from typing import Any

import numpy as np

from cvtool import __version__
from cvtool.errors import UsageError
from cvtool.models.exchange.channels_first import channels_first
from cvtool.models.exchange.exchanged_model import ExchangedModel
from cvtool.models.exchange.onnx_layers import GraphBuilder, write_steps

OPSET = 17
INTERMEDIATE_REPRESENTATION = 8
"""The version of the file's layout that came with the opset."""

MOST_BYTES = 2**31 - 2**20
"""A file is one message of protocol buffers, which hold less than 2 GiB."""

DESCRIPTION = """\
Images (batch, height, width, channels) as they are stored, channels last; preprocessing is inside.
Outputs: probabilities and scores, (batch, classes). See metadata_props for the names of classes.
"""


def check_onnx() -> None:
    """Look for the library before any work.

    Raises
    ------
    UsageError
        If it is missing.
    """
    try:
        import onnx  # noqa: F401
    except ImportError:
        raise UsageError(
            "--format onnx needs the package onnx: install it by pip install 'cvtool[onnx]'"
        ) from None


def onnx_file(exchanged: ExchangedModel) -> bytes:
    """Write a network, and what goes along, as an ONNX model: checked, all shapes inside known.

    Raises
    ------
    UsageError
        If it is too large for the format.
    """
    from onnx import checker, helper, shape_inference

    arrays = [*exchanged.network.arrays().values(), *exchanged.preprocessing.to_arrays().values()]
    if 4 * sum(array.size for array in arrays) > MOST_BYTES:
        raise UsageError(
            "--format onnx holds less than 2 GiB, and this network has more: "
            "choose --format safetensors"
        )
    model = helper.make_model(
        _graph(exchanged),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=INTERMEDIATE_REPRESENTATION,
        producer_name="cvtool",
        producer_version=__version__,
        doc_string=DESCRIPTION,
    )
    helper.set_model_props(model, exchanged.facts())
    model = shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    checker.check_model(model, full_check=True)
    content: bytes = model.SerializeToString(deterministic=True)
    return content


def _graph(exchanged: ExchangedModel) -> Any:
    from onnx import TensorProto, helper

    builder = GraphBuilder()
    seen = _preprocessing(builder, exchanged)
    last = write_steps(builder, channels_first(exchanged.network.chain.layers), seen)
    scores = builder.node("Identity", [last], "scores")
    shares = builder.node("Softmax", [scores], "probabilities", axis=1)
    stored = TensorProto.UINT8 if exchanged.input_type == "uint8" else TensorProto.FLOAT
    images = helper.make_tensor_value_info("images", stored, ["batch", *exchanged.input_shape])
    outputs = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", len(exchanged.classes)])
        for name in (shares, scores)
    ]
    return helper.make_graph(builder.nodes, "classifier", [images], outputs, builder.initializers)


def _preprocessing(graph: GraphBuilder, exchanged: ExchangedModel) -> str:
    """Write ``(pixels / 255 − mean) / scale``, the matrix behind it, and channels to the front."""
    from onnx import TensorProto

    preprocessing = exchanged.preprocessing
    source = "images"
    if exchanged.input_type == "uint8":
        source = graph.node("Cast", [source], "preprocessing/floats", to=TensorProto.FLOAT)
        white = graph.array("preprocessing.white", np.array(255.0))
        source = graph.node("Div", [source, white], "preprocessing/range")
    for operator, name, values in (
        ("Sub", "mean", preprocessing.mean),
        ("Div", "scale", preprocessing.scale),
    ):
        array = graph.array(f"preprocessing.{name}", values)
        source = graph.node(operator, [source, array], f"preprocessing/{name}")
    if preprocessing.whitening is not None:
        matrix = graph.array("preprocessing.matrix", preprocessing.whitening.matrix)
        shape = graph.array("preprocessing.shape", np.array([0, *exchanged.input_shape]))
        rows = graph.node("Flatten", [source], "preprocessing/rows", axis=1)
        white_rows = graph.node("MatMul", [rows, matrix], "preprocessing/white")
        source = graph.node("Reshape", [white_rows, shape], "preprocessing/whitened")
    return graph.node("Transpose", [source], "preprocessing/channels", perm=[0, 3, 1, 2])
