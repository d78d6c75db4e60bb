"""A short Python file that builds a trained network in PyTorch, without any need of ours."""

import keyword
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from textwrap import wrap

from cvtool import __version__
from cvtool.models.exchange.channels_first import Step
from cvtool.models.exchange.exchanged_model import ExchangedModel
from cvtool.models.exchange.python_text import Call, laid_out, literal
from cvtool.models.exchange.pytorch_layers import chain, own_classes
from cvtool.models.exchange.pytorch_weights import preprocessing_buffers

IMPORTED = {"torch", "numpy", "safetensors", *sys.stdlib_module_names}
"""What the program needs, and what that needs in turn."""


def program_path(weights: Path) -> Path:
    """Name the program beside its weights so that it can be imported, and hides no library."""
    name = re.sub(r"[^0-9A-Za-z_]", "_", weights.stem)
    if not name.isidentifier() or keyword.iskeyword(name) or name in IMPORTED:
        name = f"model_{name}"
    return weights.with_name(f"{name}.py")


def pytorch_program(exchanged: ExchangedModel, steps: Sequence[Step], weights: Path) -> str:
    """Write the program that loads ``weights`` from beside it."""
    needed = set(own_classes(steps))
    texts = [
        _docstring(exchanged, program_path(weights).stem),
        IMPORTS,
        f"WEIGHTS = Path(__file__).with_name({literal(weights.name)})",
        "\n".join(_classes(exchanged.classes)),
        "\n" + _preprocessing(exchanged),
        *("\n" + source for name, source in OWN_CLASSES.items() if name in needed),
        "\n" + CHAIN,
        "\n" + _build(exchanged, steps),
        "\n" + LOAD,
    ]
    return "\n\n".join(texts) + "\n"


def _docstring(exchanged: ExchangedModel, module: str) -> str:
    height, width, channels = exchanged.input_shape
    shape = f"1, {height}, {width}, {channels}"
    dtype = ", dtype=torch.uint8" if exchanged.input_type == "uint8" else ""
    ranking = "  # of an SVM: only a ranking" if exchanged.network.only_ranks else ""
    formula = "\n".join(f"    {line}" for line in wrap(exchanged.network.formula, 80))
    return f'''"""An image classifier that cvtool {__version__} has trained, as a PyTorch module.

It takes images as they are stored, (batch, height, width, channels), and gives scores::

    import torch
    from {module} import CLASSES, load

    model = load()
    images = torch.zeros({shape}{dtype})
    probabilities = model(images).softmax(1){ranking}
    print(CLASSES[probabilities[0].argmax()])

The network::

{formula}
"""'''


def _classes(names: Sequence[str]) -> Sequence[str]:
    return ["CLASSES = (", *(f"    {literal(name)}," for name in names), ")"]


def _preprocessing(exchanged: ExchangedModel) -> str:
    buffers = preprocessing_buffers(exchanged)
    makes = {"mean": "torch.zeros", "scale": "torch.ones", "matrix": "torch.zeros"}
    lines = [
        f'        self.register_buffer("{name}", {makes[name]}({values.shape}))'
        for name, values in buffers.items()
    ]
    whiten = ["        pixels = (pixels.flatten(1) @ self.matrix).reshape(pixels.shape)"]
    return "\n".join(
        [
            BEGINNING_OF_PREPROCESSING,
            *lines,
            FORWARD_OF_PREPROCESSING,
            *(whiten if "matrix" in buffers else []),
            "        return pixels.permute(0, 3, 1, 2)",
        ]
    )


def _build(exchanged: ExchangedModel, steps: Sequence[Step]) -> str:
    modules = chain(steps, first=[("preprocessing", Call("Preprocessing"))])
    precise = ".double()" if exchanged.network.dtype == "float64" else ""
    return "\n".join([BEGINNING_OF_BUILD, *laid_out("return ", modules, precise, indent=4)])


IMPORTS = """\
from collections import OrderedDict
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn"""

BEGINNING_OF_PREPROCESSING = '''\
class Preprocessing(nn.Module):
    """From stored images to what the network has learned from, channels first."""

    def __init__(self) -> None:
        super().__init__()'''

FORWARD_OF_PREPROCESSING = """\

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        pixels = images.to(self.mean.dtype)
        if images.dtype == torch.uint8:
            pixels = pixels / 255
        pixels = (pixels - self.mean) / self.scale"""

CHAIN = '''\
def chain(**modules: nn.Module) -> nn.Sequential:
    """Put modules one behind the other, by name."""
    return nn.Sequential(OrderedDict(modules))'''

BEGINNING_OF_BUILD = '''\
def build() -> nn.Sequential:
    """Build the network, not yet trained."""'''

LOAD = '''\
def load(path: str | Path = WEIGHTS) -> nn.Sequential:
    """Build the network with its trained weights, ready to classify."""
    model = build()
    model.load_state_dict(load_file(path))
    return model.eval()'''

OWN_CLASSES = {
    "ChannelsLastFlatten": '''\
class ChannelsLastFlatten(nn.Module):
    """Lay images out in rows in which the channels of a pixel stay together."""

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return images.permute(0, 2, 3, 1).flatten(1)''',
    "Maxout": '''\
class Maxout(nn.Module):
    """The largest of each ``pieces`` neighboring channels."""

    def __init__(self, pieces: int) -> None:
        super().__init__()
        self.pieces = pieces

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        return inputs.unflatten(1, (-1, self.pieces)).amax(2)''',
    "Residual": '''\
class Residual(nn.Module):
    """The branch, times the share of training steps it survived, and the shortcut."""

    def __init__(
        self, branch: nn.Module, shortcut: nn.Module, survival: float = 1.0
    ) -> None:
        super().__init__()
        self.branch = branch
        self.shortcut = shortcut
        self.survival = survival

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        return self.survival * self.branch(inputs) + self.shortcut(inputs)''',
}
"""What PyTorch has no module for."""
