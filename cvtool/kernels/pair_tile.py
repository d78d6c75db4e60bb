"""The tile that distances are made of: a few queries beside a few rows, emitted as vector code.

Both matrices are read along their contiguous dimension, a whole vector at a time, so that training
sets are used as they lie. Every pair has one vector of sums in a register,

    sums[query, row] += operation(queries[query, i : i + lanes], rows[row, i : i + lanes])

which is added up at the end. Two kinds of tiles use it. The large ones are fast: they compare a few
queries with a few rows, each vector that is loaded serves several pairs, and floats are summed in
their own precision. The precise ones compare a single pair, floats in double precision.

Addresses are plain integers and steps between rows count bytes. A large tile is always full: beyond
the last query or row it repeats that one, and ``out`` has room for what comes of it.
"""

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from cvtool.kernels import byte_operations as of_bytes
from cvtool.kernels import pair_operations as of_floats
from cvtool.kernels.pair_operations import Operation
from cvtool.kernels.processor import PAIRS

_I64 = ir.IntType(64)
_F64 = ir.DoubleType()

Choice = Callable[[Any, Any], Operation]
"""Gives the operation for numbers of a type."""


def _whole(number: int) -> Any:
    return ir.Constant(_I64, number)


def _places(builder: Any, place: Any, step: Any, last: Any, count: int) -> list[Any]:
    """Emit the addresses of ``count`` rows, the last one again where there are not so many."""
    places = []
    for index in map(_whole, range(count)):
        least = builder.select(builder.icmp_signed("<", index, last), index, last)
        places.append(builder.add(place, builder.mul(least, step)))
    return places


def _sums(operation: Operation, queries: list[Any], rows: list[Any], count: Any) -> list[list[Any]]:
    """Emit the loop over ``count`` numbers, of which there is at least one vector."""
    builder = operation.builder
    before = builder.block
    loop, done = builder.append_basic_block("loop"), builder.append_basic_block("done")
    builder.branch(loop)
    builder.position_at_end(loop)
    i = builder.phi(_I64)
    sums = [[builder.phi(operation.sums) for _ in rows] for _ in queries]
    distance = builder.mul(i, _whole(operation.bytes))
    prepared = [operation.row(operation.load(builder.add(row, distance))) for row in rows]
    new = []
    for query, line in zip(queries, sums, strict=True):
        vector = operation.query(operation.load(builder.add(query, distance)))
        new.append(
            [operation.add(total, vector, row) for total, row in zip(line, prepared, strict=True)]
        )
    following = builder.add(i, _whole(operation.lanes))
    builder.cbranch(builder.icmp_signed("<", following, count), loop, done)
    i.add_incoming(_whole(0), before)
    i.add_incoming(following, loop)
    for line, new_line in zip(sums, new, strict=True):
        for phi, value in zip(line, new_line, strict=True):
            phi.add_incoming(ir.Constant(operation.sums, None), before)
            phi.add_incoming(value, loop)
    builder.position_at_end(done)
    return new


def shape_of(like: Any) -> tuple[int, int]:
    """Return how many queries and rows a large tile has, for numbers of one of numba's types."""
    return PAIRS.bytes if like == types.uint8 else PAIRS.floats


def _make_shape() -> Any:
    @intrinsic
    def shape(typingctx, like):
        """Return how many queries and rows a large tile has, for numbers of a type."""

        def generate(context, builder, signature, args):
            return context.make_tuple(builder, signature.return_type, map(_whole, shape_of(like)))

        return types.UniTuple(types.intp, 2)(like), generate

    return shape


def _make_tile(choose: Choice) -> Any:
    @intrinsic
    def tile(
        typingctx, like, queries, query_step, last_query, rows, row_step, last_row, count, out,
        out_step,
    ):  # fmt: skip
        """Add to float64 ``out[query, row]`` what ``count`` numbers, of the type of ``like``, give.

        ``last_query`` and ``last_row`` say where the matrices end, counted from where they begin.
        """

        def generate(context, builder, signature, args):
            _, query, query_step, last_query, row, row_step, last_row, count, out, out_step = args
            height, width = shape_of(like)
            queries = _places(builder, query, query_step, last_query, height)
            rows = _places(builder, row, row_step, last_row, width)
            operation = choose(builder, like)
            for m, line in enumerate(_sums(operation, queries, rows, count)):
                first = builder.add(out, builder.mul(out_step, _whole(m)))
                for n, value in enumerate(line):
                    place = builder.inttoptr(builder.add(first, _whole(8 * n)), _F64.as_pointer())
                    builder.store(builder.fadd(builder.load(place), operation.total(value)), place)
            return context.get_dummy_value()

        return types.void(like, *[types.intp] * 9), generate

    return tile


def _make_precise(choose: Choice) -> Any:
    @intrinsic
    def precise(typingctx, like, query, row, count):
        """Return what ``count`` numbers, of the type of ``like``, of a single pair give."""

        def generate(context, builder, signature, args):
            operation = choose(builder, like)
            [[value]] = _sums(operation, [args[1]], [args[2]], args[3])
            return operation.total(value)

        return types.float64(like, *[types.intp] * 3), generate

    return precise


def _differences(builder: Any, like: Any) -> Operation:
    if like != types.uint8:
        return of_floats.Differences(builder, like.bitwidth)
    return of_bytes.differences(builder)


def _products(builder: Any, like: Any) -> Operation:
    if like != types.uint8:
        return of_floats.Products(builder, like.bitwidth)
    return of_bytes.products(builder)


def _precise_differences(builder: Any, like: Any) -> Operation:
    if like != types.uint8:
        return of_floats.PreciseDifferences(builder, like.bitwidth)
    return of_bytes.differences(builder)


def _precise_products(builder: Any, like: Any) -> Operation:
    if like != types.uint8:
        return of_floats.PreciseProducts(builder, like.bitwidth)
    return of_bytes.products(builder)


def _precise_squares(builder: Any, like: Any) -> Operation:
    if like != types.uint8:
        return of_floats.PreciseSquares(builder, like.bitwidth)
    return of_bytes.squares(builder)


tile_shape = _make_shape()
differences_tile = _make_tile(_differences)
products_tile = _make_tile(_products)
precise_differences = _make_precise(_precise_differences)
precise_products = _make_precise(_precise_products)
precise_squares = _make_precise(_precise_squares)
