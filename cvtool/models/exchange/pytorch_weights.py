"""A network's arrays, those of its preprocessing too, under the names of PyTorch's modules."""

from collections.abc import Iterator, Sequence

import numpy as np

from cvtool.layers.base import Array
from cvtool.layers.batch_norm import BatchNorm
from cvtool.models.exchange.channels_first import Step
from cvtool.models.exchange.exchanged_model import ExchangedModel


def pytorch_arrays(exchanged: ExchangedModel, steps: Sequence[Step]) -> dict[str, Array]:
    """Name everything that ``load_state_dict`` asks for, preprocessing first."""
    dtype = exchanged.network.dtype
    buffers = preprocessing_buffers(exchanged).items()
    own = {f"preprocessing.{name}": values.astype(dtype) for name, values in buffers}
    return own | dict(_named(steps, ""))


def preprocessing_buffers(exchanged: ExchangedModel) -> dict[str, Array]:
    """Return what the first module keeps: a mean, a scale, and perhaps a matrix."""
    preprocessing = exchanged.preprocessing
    white = preprocessing.whitening
    matrix = {} if white is None else {"matrix": white.matrix}
    return {"mean": preprocessing.mean, "scale": preprocessing.scale, **matrix}


def _named(steps: Sequence[Step], prefix: str) -> Iterator[tuple[str, Array]]:
    for step in steps:
        name = prefix + step.attribute
        for part, values in step.arrays.items():
            yield f"{name}.{part}", np.ascontiguousarray(values)
        if isinstance(step.layer, BatchNorm):
            yield f"{name}.num_batches_tracked", np.array(0)
        yield from _named(step.branch, f"{name}.branch.")
        yield from _named(step.shortcut, f"{name}.shortcut.")
