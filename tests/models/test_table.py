"""The layer table against counting by hand, against actual layers, and against actual influence."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference.chains import make_chain

from cvtool.config import NetworkConfig
from cvtool.layers.base import Window
from cvtool.layers.chain import Chain
from cvtool.models.architecture import complete, parse
from cvtool.models.architectures import ARCHITECTURES, resolve
from cvtool.models.receptive_field import ReceptiveField, receptive_fields
from cvtool.models.table import network_table
from cvtool.models.window_arithmetic import arithmetic, unseen


def table_of(formula, image_shape, batch_size=2, itemsize=4):
    chain = Chain(formula.layers)
    chain.bind(image_shape)
    table = network_table(
        chain.layers,
        formula=formula.text,
        input_shape=image_shape,
        batch_size=batch_size,
        loss=formula.loss,
        itemsize=itemsize,
    )
    return table, chain


def test_a_small_network_counted_by_hand():
    formula = complete(parse("conv3-32 + relu + maxpool2"), 10)
    table, _ = table_of(formula, (32, 32, 3), batch_size=64)
    convolution, relu, pool, flatten, classifier = table.rows
    assert [row.name for row in table.rows] == ["conv1", "relu1", "maxpool1", "flatten1", "fc1"]
    assert convolution.layer == "conv3-32"
    assert convolution.output_shape == (32, 32, 32)
    assert convolution.arithmetic == "(32 + 2·1 − 3)/1 + 1 = 32"
    assert convolution.parameters == 3 * 3 * 3 * 32 + 32
    assert convolution.multiply_adds == 32 * 32 * 32 * 27
    assert convolution.activation_bytes == 64 * 32 * 32 * 32 * 4
    assert convolution.im2col_bytes == 64 * 32 * 32 * 27 * 4
    assert relu.activation_bytes == 0
    assert pool.arithmetic == "(32 − 2)/2 + 1 = 16"
    assert flatten.arithmetic == "16·16·32 = 8192"
    assert [row.receptive_field for row in table.rows] == [3, 3, 4, 4, 32]
    assert classifier.parameters == 8192 * 10 + 10


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_totals_are_those_of_the_network(name):
    formula = resolve(NetworkConfig(arch=name), (32, 32, 3), 10)
    table, chain = table_of(formula, (32, 32, 3))
    assert table.parameters == chain.parameter_count()
    assert table.multiply_adds == chain.multiply_adds()
    assert table.im2col_bytes == sum(row.im2col_bytes for row in table.rows)


def test_memory_grows_with_the_batch_and_the_precision():
    formula = "conv3-4 + relu + gap"
    small, _ = table_of(complete(parse(formula), 3), (8, 8, 1), batch_size=2, itemsize=4)
    large, _ = table_of(complete(parse(formula), 3), (8, 8, 1), batch_size=6, itemsize=8)
    assert large.activation_bytes == 6 * small.activation_bytes
    assert large.im2col_bytes == 6 * small.im2col_bytes


def test_residual_blocks_show_what_is_inside():
    formula = complete(parse("conv1-4 + res0.5(conv3-8/2 + bn + relu + conv3-8 + bn) + gap"), 2)
    table, _ = table_of(formula, (8, 8, 3))
    block = table.rows[1]
    inside = table.rows[2:9]
    assert (block.name, block.layer, block.parameters) == ("res1", "res0.5(…)", 0)
    assert all(row.name.startswith("  res1/") for row in inside)
    assert not table.rows[9].name.startswith(" ")
    assert block.receptive_field == max(row.receptive_field for row in inside) == 7
    assert inside[-2].layer == "conv1-8/2"
    assert inside[-2].receptive_field == 1


def test_global_average_pooling_sees_the_whole_image():
    table, _ = table_of(complete(parse("conv3-4 + maxpool2 + gap"), 2), (16, 16, 1))
    assert [row.receptive_field for row in table.rows] == [3, 4, 16, 16]


windows = st.builds(
    Window, st.tuples(st.integers(1, 5), st.integers(1, 5)), st.integers(1, 6), st.integers(0, 2)
)


@given(windows, st.integers(5, 20), st.integers(5, 20))
def test_unseen_rows_are_those_no_window_reads(window, height, width):
    def never_read(length, size):
        padded = np.zeros(length + 2 * window.padding, bool)
        for start in range(0, len(padded) - size + 1, window.stride):
            padded[start : start + size] = True
        return int((~padded[window.padding :][:length]).sum())

    expected = (never_read(height, window.size[0]), never_read(width, window.size[1]))
    assert unseen(window, (height, width, 1)) == expected


def test_rows_that_do_not_fit_evenly_are_told_but_padding_is_not():
    assert unseen(Window((2, 2), 2), (7, 8, 1)) == (1, 0)
    assert unseen(Window((3, 3), 2, 1), (32, 32, 1)) == (0, 0)
    assert unseen(Window((1, 1), 2), (8, 8, 1)) == (4, 4)


def test_arithmetic_is_written_once_if_rows_and_columns_agree():
    assert arithmetic(Window((3, 3), 1, 1), (32, 32, 3), (32, 32, 8)) == "(32 + 2·1 − 3)/1 + 1 = 32"
    assert arithmetic(Window((2, 2), 2), (7, 7, 3), (3, 3, 3)) == "⌊(7 − 2)/2⌋ + 1 = 3"
    unlike = "(8 − 3)/1 + 1 = 6, (8 − 5)/1 + 1 = 4"
    assert arithmetic(Window((3, 5)), (8, 8, 1), (6, 4, 1)) == unlike


@given(st.lists(windows, max_size=4))
@settings(max_examples=50)
def test_the_receptive_field_is_what_influences_one_number(chosen):
    """Walk back from one output of each axis to the pixels it was made from."""
    field = ReceptiveField()
    for window in chosen:
        field = field.through(window)
    for axis, side in ((0, field.rows), (1, field.columns)):
        pixels = {0}
        for window in reversed(chosen):
            pixels = {
                place * window.stride + step
                for place in pixels
                for step in range(window.size[axis])
            }
        assert side == max(pixels) - min(pixels) + 1


FORMULAS = [
    "conv3-2/2p0 + conv5-3 + avgpool2",
    "conv2x3-2p0 + res(conv3-4/2 + conv3-4) + conv3-2",
    "conv4-2p2 + res(conv1-2 + res(conv5-2)) + avgpool3/2",
]


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_number_sees_its_field_and_nothing_else(formula):
    """Go back from one number: pixels in its field have a gradient, all others have none."""
    chain = make_chain(formula, (19, 17, 1))
    images = np.ones((1, 19, 17, 1))
    fields = receptive_fields(chain.layers, chain.input_shape)
    for layer in chain.walk():
        height, width, _ = layer.output_shape
        for row, column in ((0, 0), (height // 2, width // 2), (height - 1, width - 1)):
            way = chain.up_to(layer)
            wanted = np.zeros_like(way.forward(images))
            wanted[0, row, column, 0] = 1
            meets = way.backward(wanted)[0, :, :, 0] != 0
            expected = np.zeros_like(meets)
            rows, columns = fields[layer].at(row, column)
            expected[max(0, rows.start) : rows.stop, max(0, columns.start) : columns.stop] = True
            np.testing.assert_array_equal(meets, expected)


def test_no_field_is_larger_than_the_image():
    assert ReceptiveField(50, 3).within((8, 9, 1)) == 8
