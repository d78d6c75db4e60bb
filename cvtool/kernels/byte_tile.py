"""Register tiles that read pixels as the bytes they are stored as.

A byte becomes a float in the register it was loaded into, and serves several multiplications there;
floats are nowhere written down. Bytes are the wide side of both products of a linear classifier, so
lanes go along pixels, the classes are few and stand beside each other: a tile of ``IMAGES`` or
vectors of pixels × ``CLASSES``. Five classes share a vector of pixels, and ten, the most usual
number, are two groups without a rest.

As in ``tile``: addresses are plain integers, strides and offsets count numbers, and every tile is
full; a caller with fewer images or classes repeats the last one and drops what it gets for it.
"""

from collections.abc import Callable, Iterator
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from cvtool.kernels.processor import AVX512, NEON, TILE
from cvtool.kernels.tile import Code

CLASSES = 5
IMAGES = 4 if TILE in (AVX512, NEON) else 2
"""Images of one tile, and vectors of pixels of the other: 10 or 20 of 16 or 32 registers sum."""

_I64 = ir.IntType(64)
_I32 = ir.IntType(32)
_BYTE = ir.IntType(8)

Grid = list[list[Any]]
Factors = Callable[[Any], tuple[list[Any], Iterator[Any]]]


def _count(number: int) -> Any:
    return ir.Constant(_I64, number)


def _load_bytes(code: Code, pointer: Any) -> Any:
    """Load a vector of bytes and make floats of them."""
    place = code.builder.bitcast(pointer, ir.VectorType(_BYTE, code.lanes).as_pointer())
    loaded = code.builder.load(place)
    loaded.align = 1
    return code.builder.uitofp(loaded, code.vector)


def _bytes_at(code: Code, address: Any) -> Any:
    return code.builder.inttoptr(address, _BYTE.as_pointer())


def _table(code: Code, address: Any, length: int) -> list[Any]:
    table = code.builder.inttoptr(address, _I64.as_pointer())
    return [code.builder.load(code.step(table, _count(at))) for at in range(length)]


def _lane_sum(code: Code, value: Any) -> Any:
    """Add the upper half of a vector to the lower until one number is left."""
    builder, size = code.builder, code.lanes
    while size > 1:
        half = size // 2
        halves = (range(half), range(half, size))
        masks = (ir.Constant(ir.VectorType(_I32, half), list(each)) for each in halves)
        value = builder.fadd(*(builder.shuffle_vector(value, value, mask) for mask in masks))
        size = half
    return builder.extract_element(value, ir.Constant(_I32, 0))


def _sum_grid(code: Code, count: Any, stride: int, factors: Factors) -> Grid:
    """Emit ``for i in range(0, count, stride)``; return Σ class × pixels, ``CLASSES`` × ``IMAGES``.

    ``factors(i)`` emits the vectors of pixels of one turn, and those of the classes one by one, so
    that none of them occupies a register before it is needed.
    """
    builder, before = code.builder, code.builder.block
    loop, done = builder.append_basic_block("loop"), builder.append_basic_block("done")
    builder.branch(loop)
    builder.position_at_end(loop)
    i = builder.phi(_I64)
    sums = [[builder.phi(code.vector) for _ in range(IMAGES)] for _ in range(CLASSES)]
    pixels, classes = factors(i)
    new = [
        [code.multiply_add(factor, x, total) for x, total in zip(pixels, row, strict=True)]
        for factor, row in zip(classes, sums, strict=True)
    ]
    following = builder.add(i, _count(stride))
    builder.cbranch(builder.icmp_signed("<", following, count), loop, done)
    i.add_incoming(_count(0), before)
    i.add_incoming(following, loop)
    for phis, values in zip(sums, new, strict=True):
        for phi, value in zip(phis, values, strict=True):
            phi.add_incoming(code.zero, before)
            phi.add_incoming(value, loop)
    builder.position_at_end(done)
    return new


@intrinsic
def byte_rows_tile(typingctx, zero, images, image_offsets, weights, weight_offsets, pixels, out):
    """Multiply ``CLASSES`` rows of weights with ``IMAGES`` rows of bytes, ``(CLASSES, IMAGES)``.

    ``pixels``, at least one vector, are summed up in whole vectors. ``zero`` says the precision.
    """

    def generate(context, builder, signature, args):
        code = Code(builder, zero.bitwidth, 1)
        _, image_base, image_table, weight_base, weight_table, count, target = args
        base, weight = _bytes_at(code, image_base), code.pointer(weight_base)
        rows = [code.step(base, each) for each in _table(code, image_table, IMAGES)]
        columns = [code.step(weight, each) for each in _table(code, weight_table, CLASSES)]

        def factors(i):
            floats = [_load_bytes(code, code.step(row, i)) for row in rows]
            return floats, (code.load(code.step(column, i))[0] for column in columns)

        sums = _sum_grid(code, count, code.lanes, factors)
        place = code.pointer(target)
        for at, value in enumerate(value for row in sums for value in row):
            builder.store(_lane_sum(code, value), code.step(place, _count(at)))
        return context.get_dummy_value()

    return types.void(zero, *[types.intp] * 6), generate


@intrinsic
def byte_columns_tile(typingctx, zero, grads, grad_step, pixels, pixel_step, images, out):
    """Sum gradient × byte over images, for ``CLASSES`` × ``IMAGES`` vectors of pixels.

    ``grads``, side by side, and ``pixels`` are those of the first image, one or more; the steps
    lead to the next.
    """

    def generate(context, builder, signature, args):
        code = Code(builder, zero.bitwidth, IMAGES)
        _, grad_base, grad_step, byte_base, byte_step, count, target = args
        base, grad = _bytes_at(code, byte_base), code.pointer(grad_base)

        def factors(i):
            row = code.step(base, builder.mul(i, byte_step))
            lefts = (_count(vector * code.lanes) for vector in range(IMAGES))
            floats = [_load_bytes(code, code.step(row, left)) for left in lefts]
            first = code.step(grad, builder.mul(i, grad_step))
            places = (code.step(first, _count(at)) for at in range(CLASSES))
            numbers = map(builder.load, places)
            return floats, map(code.broadcast, numbers)

        sums = _sum_grid(code, count, 1, factors)
        place = code.pointer(target)
        for number, row in enumerate(sums):
            code.store(row, code.step(place, _count(number * IMAGES * code.lanes)))
        return context.get_dummy_value()

    return types.void(zero, *[types.intp] * 6), generate
