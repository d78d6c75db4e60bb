"""Products, transposes and sums do what their slow twins do."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from reference import products as reference
from reference.batches import inside_border, random_batch, whole_numbers
from reference.threads import assert_same_bits

from cvtool.kernels.addition import add
from cvtool.kernels.products import multiply, multiply_by_transposed, transpose

TYPES = ["f4", "f8"]
SIZES = st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(1, 70))


def wide(shape, dtype):
    """Make rows that lie apart, among sevens."""
    return np.full((shape[0], shape[1] + 3), 7, dtype)[:, 1:-2]


def with_nan(array):
    array = array.copy()
    if array.size:
        array.flat[array.size // 2] = np.nan
    return array


@settings(max_examples=60)
@example(sizes=(300, 3, 5), dtype="f4")  # more rows than are taken together
@example(sizes=(12, 4, 32), dtype="f4")  # whole tiles
@given(sizes=SIZES, dtype=st.sampled_from(TYPES))
def test_products_equal_their_slow_twin(sizes, dtype):
    rows, inner, columns = sizes
    left, right = whole_numbers((rows, inner), dtype), whole_numbers((inner, columns), dtype, 1)
    bias, mask = whole_numbers(columns, dtype, 2), whole_numbers((rows, columns), dtype, 3)
    for each in (left, with_nan(left)):
        expected = reference.multiply(each, right, bias)
        np.testing.assert_array_equal(multiply(each, right, bias), expected)
        out = wide(expected.shape, dtype)
        assert multiply(each, right, bias, rectify=True, out=out) is out
        np.testing.assert_array_equal(out, reference.rectify(expected))
        multiply(each, right, out=out, mask=with_nan(mask))
        expected = reference.masked(reference.multiply(each, right), with_nan(mask))
        np.testing.assert_array_equal(out, expected)
        out[...] = 7
        assert (out.base == 7).all()


@settings(max_examples=30)
@given(sizes=SIZES, dtype=st.sampled_from(TYPES))
def test_products_are_linear_and_turn_with_their_factors(sizes, dtype):
    rows, inner, columns = sizes
    left, right = whole_numbers((rows, inner), dtype), whole_numbers((inner, columns), dtype, 1)
    other = whole_numbers((rows, inner), dtype, 2)
    both = multiply(3 * left - other, right)
    np.testing.assert_array_equal(both, 3 * multiply(left, right) - multiply(other, right))
    turned = multiply(transpose(right), transpose(left))
    np.testing.assert_array_equal(turned, transpose(multiply(left, right)))


@settings(max_examples=30)
@given(sizes=SIZES, dtype=st.sampled_from(TYPES), seed=st.integers(0, 99))
def test_a_row_is_treated_alike_alone_and_among_others_to_the_last_bit(sizes, dtype, seed):
    _, inner, columns = sizes
    left, right = random_batch((40, inner), dtype), random_batch((inner, columns), dtype)
    outputs = multiply(left, right, right.sum(axis=0))
    order = np.random.default_rng(seed).permutation(40)[:7]
    for some in (order, order[:1]):
        found = multiply(left[some], right, right.sum(axis=0))
        assert found.tobytes() == outputs[some].tobytes()


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("shape", [(1, 1), (3, 70), (33, 65), (0, 5), (5, 0)], ids=str)
def test_transpose_equals_its_slow_twin(shape, dtype):
    matrix = whole_numbers(shape, dtype)
    turned = transpose(matrix)
    assert turned.flags.c_contiguous
    assert turned.shape == shape[::-1]
    np.testing.assert_array_equal(turned, reference.transpose(matrix).reshape(shape[::-1]))
    np.testing.assert_array_equal(transpose(turned), matrix)


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("shape", [(3, 4, 5, 6), (1, 1, 1, 1), (0, 2, 2, 3), (7, 5)], ids=str)
@pytest.mark.parametrize("share", [1.0, 0.5, 0.0])
def test_sums_equal_their_slow_twin(shape, share, dtype):
    one, other = whole_numbers(shape, dtype), with_nan(whole_numbers(shape, dtype, 1))
    expected = reference.add(one, other, share)
    around = inside_border if len(shape) == 4 else np.array
    out = around(np.zeros_like(one))
    assert add(around(one), around(other), share=share, out=out) is out
    np.testing.assert_array_equal(out, expected)
    add(one, other, share=share, rectify=True, out=other)
    np.testing.assert_array_equal(other, reference.rectify(expected))
    out[...] = 7
    assert len(shape) != 4 or (out.base == 7).all()


def test_threads_change_no_bit():
    left, right = random_batch((301, 37), "f4"), random_batch((37, 41), "f4")

    def compute():
        outputs = multiply(left, right, rectify=True)
        yield outputs
        yield transpose(outputs)
        yield multiply(transpose(left), outputs)
        yield add(outputs, outputs, share=0.3, out=np.empty_like(outputs))

    assert_same_bits(compute)


@pytest.mark.parametrize(
    ("left", "right", "error", "words"),
    [
        (np.ones((3, 4)), np.ones((5, 2)), ValueError, "windows of 1×4 do not fit 5 rows"),
        (np.ones((4, 3)).T, np.ones((4, 2)), ValueError, "side by side"),
        (np.ones((3, 4), "f4"), np.ones((4, 2)), TypeError, "not float32 and float64"),
    ],
)
def test_what_would_be_misread_is_refused(left, right, error, words):
    with pytest.raises(error, match=words):
        multiply(left, right)


def test_what_would_be_written_elsewhere_is_refused():
    with pytest.raises(ValueError, match="side by side"):
        multiply(np.ones((3, 4)), np.ones((4, 2)), out=np.ones((2, 3)).T)
    with pytest.raises(ValueError, match="side by side"):
        multiply(np.ones((3, 4)), np.ones((4, 2)), out=np.ones((3, 2)), mask=np.ones((2, 3)).T)


@given(rows=st.integers(0, 40), inner=st.integers(1, 40), columns=st.integers(1, 40))
@settings(max_examples=40)
def test_either_way_of_transposing_gives_the_same_bits(rows, inner, columns):
    left, right = random_batch((rows, inner), "f4", 1), random_batch((columns, inner), "f4", 2)
    mask = random_batch((rows, columns), "f4", 3)
    product = multiply(left, transpose(right))
    assert np.array_equal(multiply_by_transposed(left, right), product)
    masked = multiply_by_transposed(left, right, mask=mask)
    assert np.array_equal(masked, np.where(mask > 0, product, 0))
