"""Each kind of layer as nodes of an ONNX graph, channels first."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from cvtool.layers.activations import ELU, LeakyReLU, PReLU, ReLU, Sigmoid, Tanh
from cvtool.layers.base import Array, Layer
from cvtool.layers.batch_norm import BatchNorm
from cvtool.layers.convolution import Convolution
from cvtool.layers.dropout import Dropout
from cvtool.layers.flatten import Flatten
from cvtool.layers.fully_connected import FullyConnected
from cvtool.layers.maxout import Maxout
from cvtool.layers.pooling import AveragePool, GlobalAveragePool, MaxPool
from cvtool.layers.residual import Residual
from cvtool.layers.scaled_pixels import ScaledPixels
from cvtool.models.exchange.channels_first import Step


class GraphBuilder:
    """Collects the nodes and arrays of a graph; a node's output has the node's name."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.initializers: list[Any] = []

    def node(self, operator: str, inputs: Sequence[str], name: str, **attributes: Any) -> str:
        """Add a node and return the name of its output."""
        from onnx import helper

        self.nodes.append(helper.make_node(operator, inputs, [name], name, **attributes))
        return name

    def array(self, name: str, values: Array) -> str:
        """Add an array and return its name; what is not whole becomes float32."""
        from onnx import numpy_helper

        dtype = np.int64 if values.dtype.kind == "i" else np.float32
        # As contiguous arrays, but those without axes keep having none.
        whole = values.astype(dtype, order="C")
        self.initializers.append(numpy_helper.from_array(whole, name))
        return name

    def arrays(self, step: Step) -> tuple[str, ...]:
        """Add all arrays of a step, as ``conv1.weight``."""
        return tuple(
            self.array(f"{step.name}.{name}", values) for name, values in step.arrays.items()
        )


def write_steps(graph: GraphBuilder, steps: Iterable[Step], source: str) -> str:
    """Add the nodes of steps behind the output called ``source``; return the name of the last."""
    for step in steps:
        source = NODES[type(step.layer)](graph, step, source)
    return source


def _convolution(graph: GraphBuilder, step: Step, source: str) -> str:
    window = step.layer.window
    return graph.node(
        "Conv",
        [source, *graph.arrays(step)],
        step.name,
        kernel_shape=window.size,
        strides=[window.stride] * 2,
        pads=[window.padding] * 4,
    )


def _fully_connected(graph: GraphBuilder, step: Step, source: str) -> str:
    return graph.node("Gemm", [source, *graph.arrays(step)], step.name, transB=1)


def _batch_norm(graph: GraphBuilder, step: Step, source: str) -> str:
    layer: Any = step.layer
    inputs = [source, *graph.arrays(step)]
    return graph.node("BatchNormalization", inputs, step.name, epsilon=layer.epsilon)


def _pool(operator: str) -> "Write":
    def write(graph: GraphBuilder, step: Step, source: str) -> str:
        window = step.layer.window
        strides = [window.stride] * 2
        return graph.node(operator, [source], step.name, kernel_shape=window.size, strides=strides)

    return write


def _global_average(graph: GraphBuilder, step: Step, source: str) -> str:
    means = graph.node("GlobalAveragePool", [source], f"{step.name}/means")
    return graph.node("Flatten", [means], step.name, axis=1)


def _flatten(graph: GraphBuilder, step: Step, source: str) -> str:
    if step.channels_last:
        source = graph.node("Transpose", [source], f"{step.name}/last", perm=[0, 2, 3, 1])
    return graph.node("Flatten", [source], step.name, axis=1)


def _maxout(graph: GraphBuilder, step: Step, source: str) -> str:
    pieces: int = step.layer.pieces  # type: ignore[attr-defined]
    *sides, channels = step.layer.output_shape
    # A 0 keeps the length that is there: so many images as come.
    shape = graph.array(f"{step.name}.shape", np.array([0, channels, pieces, *sides]))
    grouped = graph.node("Reshape", [source, shape], f"{step.name}/pieces")
    return graph.node("ReduceMax", [grouped], step.name, axes=[2], keepdims=0)


def _plain(operator: str) -> "Write":
    return lambda graph, step, source: graph.node(operator, [source], step.name)


def _scaled(operator: str, attribute: str) -> "Write":
    def write(graph: GraphBuilder, step: Step, source: str) -> str:
        return graph.node(
            operator, [source], step.name, alpha=float(getattr(step.layer, attribute))
        )

    return write


def _learned_slopes(graph: GraphBuilder, step: Step, source: str) -> str:
    slopes = step.arrays["weight"].reshape(-1, *[1] * (len(step.layer.input_shape) - 1))
    return graph.node("PRelu", [source, graph.array(f"{step.name}.weight", slopes)], step.name)


def _nothing(_graph: GraphBuilder, _step: Step, source: str) -> str:
    """Add no node for what does nothing at inference."""
    return source


def _residual(graph: GraphBuilder, step: Step, source: str) -> str:
    survival: float = step.layer.survival  # type: ignore[attr-defined]
    branch = write_steps(graph, step.branch, source)
    if survival != 1:
        share = graph.array(f"{step.name}.survival", np.array(survival))
        branch = graph.node("Mul", [branch, share], f"{step.name}/share")
    shortcut = write_steps(graph, step.shortcut, source)
    return graph.node("Add", [branch, shortcut], step.name)


Write = Callable[[GraphBuilder, Step, str], str]
"""Adds a step behind the named output, and names its own."""

NODES: Mapping[type[Layer], Write] = {
    Convolution: _convolution,
    FullyConnected: _fully_connected,
    ScaledPixels: _fully_connected,
    BatchNorm: _batch_norm,
    MaxPool: _pool("MaxPool"),
    AveragePool: _pool("AveragePool"),
    GlobalAveragePool: _global_average,
    Flatten: _flatten,
    Maxout: _maxout,
    ReLU: _plain("Relu"),
    LeakyReLU: _scaled("LeakyRelu", "slope"),
    PReLU: _learned_slopes,
    ELU: _scaled("Elu", "alpha"),
    Sigmoid: _plain("Sigmoid"),
    Tanh: _plain("Tanh"),
    Dropout: _nothing,
    Residual: _residual,
}
