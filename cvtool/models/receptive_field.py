"""How far a number inside a network sees: the rows and columns of the image it depends on."""

from collections.abc import Iterable
from dataclasses import dataclass

from cvtool.layers.base import Layer, Shape, Window
from cvtool.layers.fully_connected import FullyConnected
from cvtool.layers.residual import Residual


@dataclass(frozen=True)
class ReceptiveField:
    """Rows and columns of the image that one number depends on.

    ``jump`` is how many pixels lie between the fields of two neighbors, and ``before`` how many
    rows and columns the field of the first number begins before the image, in its padding (Araujo
    et al., "Computing receptive fields of convolutional neural networks", 2019).
    """

    rows: int = 1
    columns: int = 1
    jump: int = 1
    before: int = 0

    def through(self, window: Window) -> "ReceptiveField":
        """Widen by a window over numbers that have this field."""
        rows, columns = window.size
        return ReceptiveField(
            self.rows + (rows - 1) * self.jump,
            self.columns + (columns - 1) * self.jump,
            self.jump * window.stride,
            self.before + window.padding * self.jump,
        )

    def joined(self, other: "ReceptiveField") -> "ReceptiveField":
        """Cover both fields of numbers that are added."""
        before = max(self.before, other.before)
        rows = before + max(self.rows - self.before, other.rows - other.before)
        columns = before + max(self.columns - self.before, other.columns - other.before)
        return ReceptiveField(rows, columns, self.jump, before)

    def within(self, image_shape: Shape) -> int:
        """Return the longer side, in pixels that an image of this shape has."""
        return max(min(self.rows, image_shape[0]), min(self.columns, image_shape[1]))

    def at(self, row: int, column: int) -> tuple[slice, slice]:
        """Return the rows and columns of a number's field; those of padding are out of range."""
        top, left = row * self.jump - self.before, column * self.jump - self.before
        return slice(top, top + self.rows), slice(left, left + self.columns)


def receptive_fields(
    layers: Iterable[Layer], image_shape: Shape, field: ReceptiveField | None = None
) -> dict[Layer, ReceptiveField]:
    """Follow the receptive field through all layers, and those inside blocks.

    Parameters
    ----------
    layers
        Bound layers, first to last.
    image_shape
        ``(height, width, channels)``.
    field
        That of the numbers which the first layer reads; one pixel unless said.

    Returns
    -------
    dict
        The field of one output of each layer; a sum sees what its ways see together.
    """
    fields: dict[Layer, ReceptiveField] = {}
    field = field or ReceptiveField()
    for layer in layers:
        if isinstance(layer, Residual):
            ways = [
                receptive_fields(way.layers, image_shape, field)
                for way in (layer.branch, layer.shortcut)
            ]
            ends = [[field, *way.values()][-1] for way in ways]
            fields |= ways[0] | ways[1]
            field = ends[0].joined(ends[1])
        elif isinstance(layer, FullyConnected):
            field = ReceptiveField(*image_shape[:2])
        else:
            field = field.through(layer.window)
        fields[layer] = field
    return fields
