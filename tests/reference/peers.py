"""Chains as PyTorch modules with the same parameters, and arrays in PyTorch's order of axes.

PyTorch's images are ``(n, channels, height, width)``, its filters ``(out, in, height, width)``, its
weights of fully-connected layers ``(out, in)``. Importing this module imports PyTorch.
"""

import numpy as np
import torch
from torch import nn

from cvtool.layers.activations import ReLU
from cvtool.layers.batch_norm import BatchNorm
from cvtool.layers.convolution import Convolution
from cvtool.layers.flatten import Flatten
from cvtool.layers.fully_connected import FullyConnected
from cvtool.layers.pooling import AveragePool, GlobalAveragePool, MaxPool
from cvtool.layers.residual import Residual


def batch_to_torch(batch):
    """Bring images, or rows of numbers, into PyTorch's order."""
    return torch.tensor(batch.transpose(0, 3, 1, 2).copy() if batch.ndim == 4 else batch)


def batch_from_torch(tensor):
    batch = tensor.detach().numpy()
    return batch.transpose(0, 2, 3, 1) if batch.ndim == 4 else batch


def parameter_to_torch(values):
    """Bring filters, weights or one number a channel into PyTorch's order."""
    return torch.tensor((values.transpose(3, 2, 0, 1) if values.ndim == 4 else values.T).copy())


def parameter_from_torch(tensor):
    values = tensor.detach().numpy()
    return values.transpose(2, 3, 1, 0) if values.ndim == 4 else values.T


def module_for(chain, dtype):
    """Build the module of a chain, with copies of its parameters."""
    module = _sequence(chain).to(torch.float32 if dtype == "f4" else torch.float64)
    with torch.no_grad():
        for theirs, ours in zip(module.parameters(), chain.parameters, strict=True):
            theirs.copy_(parameter_to_torch(ours.values))
    return module


def _sequence(chain):
    return nn.Sequential(*map(_module, chain.layers))


def _module(layer):
    channels, window = layer.input_shape[-1], layer.window
    match layer:
        case Convolution():
            return nn.Conv2d(
                channels, layer.filters, window.size, stride=window.stride, padding=window.padding
            )
        case FullyConnected():
            return nn.Linear(channels, layer.neurons)
        case BatchNorm():
            return (nn.BatchNorm2d if len(layer.input_shape) == 3 else nn.BatchNorm1d)(channels)
        case MaxPool():
            return nn.MaxPool2d(window.size, window.stride)
        case GlobalAveragePool():
            return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
        case AveragePool():
            return nn.AvgPool2d(window.size, window.stride)
        case ReLU():
            return nn.ReLU()
        case Flatten():
            return _ChannelsLastFlatten() if len(layer.input_shape) == 3 else nn.Identity()
        case Residual():
            return _Sum(layer)
    raise NotImplementedError(layer.formula)


class _ChannelsLastFlatten(nn.Module):
    def forward(self, images):
        return images.permute(0, 2, 3, 1).flatten(1)


class _Sum(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.branch, self.shortcut = _sequence(block.branch), _sequence(block.shortcut)

    def forward(self, images):
        return self.branch(images) + self.shortcut(images)


def train(module, images, labels, optimizer, steps):
    """Take some steps on one batch; return the loss before each."""
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(module(images), torch.tensor(labels))
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return np.array(losses)
