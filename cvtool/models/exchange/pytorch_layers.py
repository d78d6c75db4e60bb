"""Each kind of layer as the expression that makes its PyTorch module."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from cvtool.layers.activations import ELU, LeakyReLU, PReLU, ReLU, Sigmoid, Tanh
from cvtool.layers.base import Layer
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
from cvtool.models.exchange.python_text import Call


def chain(steps: Sequence[Step], first: Sequence[tuple[str, Call]] = ()) -> Call:
    """Write modules one behind the other, by their names."""
    named = ((step.attribute, _module(step)) for step in steps)
    return Call("chain", [(f"{name}=", module) for name, module in (*first, *named)], opened=True)


def own_classes(steps: Sequence[Step]) -> Iterator[str]:
    """Name the classes that PyTorch has not, as often as they are needed."""
    for step in steps:
        function = _module(step).function
        if not function.startswith("nn."):
            yield function
        yield from own_classes((*step.branch, *step.shortcut))


def _module(step: Step) -> Call:
    return MODULES[type(step.layer)](step)


def _call(function: str, *values: object, **named: object) -> Call:
    arguments = [("", value if isinstance(value, Call) else repr(value)) for value in values]
    return Call(function, [*arguments, *((f"{name}=", repr(each)) for name, each in named.items())])


def _convolution(step: Step) -> Call:
    layer = step.layer
    window, (height, width) = layer.window, layer.window.size
    unusual = {"stride": (window.stride, 1), "padding": (window.padding, 0)}
    return _call(
        "nn.Conv2d",
        layer.input_shape[-1],
        layer.output_shape[-1],
        height if height == width else (height, width),
        **{name: value for name, (value, usual) in unusual.items() if value != usual},
    )


def _fully_connected(step: Step) -> Call:
    neurons, inputs = step.arrays["weight"].shape
    return _call("nn.Linear", inputs, neurons)


def _batch_norm(step: Step) -> Call:
    layer = step.layer
    function = "nn.BatchNorm2d" if len(layer.input_shape) == 3 else "nn.BatchNorm1d"
    return _call(function, layer.input_shape[-1], eps=layer.epsilon)  # type: ignore[attr-defined]


def _pool(function: str) -> "Write":
    def write(step: Step) -> Call:
        window = step.layer.window
        size = window.size[0]
        return _call(function, size, *[window.stride] if window.stride != size else [])

    return write


def _global_average(_: Step) -> Call:
    return _call("nn.Sequential", _call("nn.AdaptiveAvgPool2d", 1), _call("nn.Flatten"))


def _flatten(step: Step) -> Call:
    return _call("ChannelsLastFlatten" if step.channels_last else "nn.Flatten")


def _with(function: str, *names: str) -> "Write":
    return lambda step: _call(function, *(getattr(step.layer, name) for name in names))


def _learned_slopes(step: Step) -> Call:
    return _call("nn.PReLU", step.layer.input_shape[-1])


def _residual(step: Step) -> Call:
    shortcut = chain(step.shortcut) if step.shortcut else _call("nn.Identity")
    survival: float = step.layer.survival  # type: ignore[attr-defined]
    share = [("survival=", repr(survival))] if survival != 1 else []
    return Call("Residual", [("", chain(step.branch)), ("", shortcut), *share])


Write = Callable[[Step], Call]

MODULES: Mapping[type[Layer], Write] = {
    Convolution: _convolution,
    FullyConnected: _fully_connected,
    ScaledPixels: _fully_connected,
    BatchNorm: _batch_norm,
    MaxPool: _pool("nn.MaxPool2d"),
    AveragePool: _pool("nn.AvgPool2d"),
    GlobalAveragePool: _global_average,
    Flatten: _flatten,
    Maxout: _with("Maxout", "pieces"),
    ReLU: _with("nn.ReLU"),
    LeakyReLU: _with("nn.LeakyReLU", "slope"),
    PReLU: _learned_slopes,
    ELU: _with("nn.ELU", "alpha"),
    Sigmoid: _with("nn.Sigmoid"),
    Tanh: _with("nn.Tanh"),
    Dropout: _with("nn.Dropout", "rate"),
    Residual: _residual,
}
