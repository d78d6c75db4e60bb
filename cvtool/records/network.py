"""A network laid out layer by layer."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LayerRow:
    """One line of the layer table; shapes are of one image, memory is in bytes."""

    name: str
    layer: str
    output_shape: tuple[int, ...]
    arithmetic: str
    unseen_rows: int
    unseen_columns: int
    parameters: int
    receptive_field: int
    multiply_adds: int
    activation_bytes: int
    im2col_bytes: int


@dataclass(frozen=True)
class NetworkTable:
    """A network laid out layer by layer for one image size and batch size."""

    formula: str
    input_shape: tuple[int, ...]
    batch_size: int
    loss: str
    rows: tuple[LayerRow, ...]
    parameters: int
    multiply_adds: int
    activation_bytes: int
    im2col_bytes: int
