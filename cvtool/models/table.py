"""The layer table: what each layer makes of one image, and what that costs."""

from collections.abc import Iterable, Iterator, Sequence
from math import prod

from cvtool.layers.activations import ReLU
from cvtool.layers.base import Layer, Shape
from cvtool.layers.convolution import Convolution
from cvtool.layers.flatten import Flatten
from cvtool.layers.pooling import AveragePool, MaxPool
from cvtool.layers.residual import Residual
from cvtool.models.receptive_field import receptive_fields
from cvtool.models.window_arithmetic import arithmetic, unseen
from cvtool.records import LayerRow, NetworkTable


def network_table(
    layers: Sequence[Layer],
    *,
    formula: str,
    input_shape: Shape,
    batch_size: int,
    loss: str,
    itemsize: int,
) -> NetworkTable:
    """Lay out bound layers row by row, those of a residual block indented below it.

    Parameters
    ----------
    layers
        The layers of a network, bound to ``input_shape``, first to last.
    formula
        The network's formula.
    input_shape
        ``(height, width, channels)`` of one image.
    batch_size
        Images a step; memory is given for so many.
    loss
        Name of the loss.
    itemsize
        Bytes of one number: 4 for float32, 8 for float64.

    Returns
    -------
    NetworkTable
        Its totals are the sums of its rows: the row of a residual block has only the sum at its
        end. Receptive fields are the longer side, and no longer than the image. Outputs that lie in
        the memory of the layer before, as those of most ReLUs, cost nothing.
    """
    fields = receptive_fields(layers, input_shape)
    rows = tuple(
        _row(layer, depth, fields[layer].within(input_shape), batch_size, itemsize)
        for layer, depth in _nested(layers)
    )
    return NetworkTable(
        formula=formula,
        input_shape=input_shape,
        batch_size=batch_size,
        loss=loss,
        rows=rows,
        parameters=sum(row.parameters for row in rows),
        multiply_adds=sum(row.multiply_adds for row in rows),
        activation_bytes=sum(row.activation_bytes for row in rows),
        im2col_bytes=sum(row.im2col_bytes for row in rows),
    )


def _nested(layers: Iterable[Layer], depth: int = 0) -> Iterator[tuple[Layer, int]]:
    """Yield all layers, each block before those inside it, with the number of blocks around."""
    for layer in layers:
        yield layer, depth
        if isinstance(layer, Residual):
            yield from _nested(layer.branch.layers + layer.shortcut.layers, depth + 1)


def _row(layer: Layer, depth: int, field: int, batch_size: int, itemsize: int) -> LayerRow:
    is_block = isinstance(layer, Residual)
    rows, columns = unseen(layer.window, layer.input_shape) if _slides(layer) else (0, 0)
    return LayerRow(
        name="  " * depth + layer.name,
        layer=f"{layer.formula.partition('(')[0]}(…)" if is_block else layer.formula,
        output_shape=layer.output_shape,
        arithmetic=_arithmetic(layer),
        unseen_rows=rows,
        unseen_columns=columns,
        parameters=0 if is_block else layer.parameter_count(),
        receptive_field=field,
        multiply_adds=0 if is_block else layer.multiply_adds(),
        activation_bytes=batch_size * _kept_numbers(layer) * itemsize,
        im2col_bytes=batch_size * _matrix_numbers(layer) * itemsize,
    )


def _slides(layer: Layer) -> bool:
    """Tell whether a window moves over images, and not only over one place as in ``gap``."""
    is_window = isinstance(layer, Convolution | MaxPool | AveragePool)
    return is_window and len(layer.output_shape) == 3


def _arithmetic(layer: Layer) -> str:
    if _slides(layer):
        return arithmetic(layer.window, layer.input_shape, layer.output_shape)
    if isinstance(layer, Flatten):
        return f"{'·'.join(map(str, layer.input_shape))} = {layer.output_shape[0]}"
    return ""


def _kept_numbers(layer: Layer) -> int:
    """Count the outputs of one image, unless they only are those of the layer before."""
    is_view = isinstance(layer, Flatten) or (isinstance(layer, ReLU) and layer.forward_absorbed)
    return 0 if is_view else prod(layer.output_shape)


def _matrix_numbers(layer: Layer) -> int:
    """Count the numbers of one image's im2col matrix: a row for each place, a window in each."""
    if not isinstance(layer, Convolution):
        return 0
    return prod(layer.output_shape[:2]) * prod(layer.window.size) * layer.input_shape[2]
