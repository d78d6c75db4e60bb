"""The tile that distances are made of: a few queries beside a few rows, emitted as vector code.

Both matrices are read along their contiguous dimension, a whole vector at a time, so that training
sets are used as they lie. Every pair has one vector of sums in a register,

    sums[query, row] += operation(queries[query, i : i + lanes], rows[row, i : i + lanes])

which is added up at the end. Two kinds of tiles use it. The large one is fast: it compares a few
queries with a few rows, each vector that is loaded serves several pairs, and floats are summed in
their own precision. The precise one compares a single pair, floats in double precision.

Which operation it is, on which kind of numbers, is chosen when the tile runs. Numba then compiles
the loops around it once, not once for every kind, which takes much longer than the tiles do.

Addresses are plain integers and steps between rows count bytes. A large tile is always full: beyond
the last query or row it repeats that one, and ``out`` has room for what comes of it.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from cvtool.kernels import byte_operations as of_bytes
from cvtool.kernels import pair_operations as of_floats
from cvtool.kernels.pair_operations import Operation
from cvtool.kernels.processor import PAIRS

BYTES, SINGLES, DOUBLES = range(3)
"""The kinds of numbers."""

KINDS = 3

FAST_PRODUCTS = 2 * KINDS
"""What a large tile is told for products of bytes by an instruction that few processors have."""

SHAPES = (PAIRS.bytes, PAIRS.floats, PAIRS.floats)
"""How many queries and rows a large tile of each kind has."""

_I64 = ir.IntType(64)
_F64 = ir.DoubleType()

Grid = list[list[Any]]
"""One value for every pair of a tile, by query and row."""

Choice = Callable[[Any], Operation]
"""Gives the operation that writes its code with a builder."""


def _whole(number: int) -> Any:
    return ir.Constant(_I64, number)


def _places(builder: Any, place: Any, step: Any, last: Any, count: int) -> list[Any]:
    """Emit the addresses of ``count`` rows, the last one again where there are not so many."""
    places = []
    for index in map(_whole, range(count)):
        least = builder.select(builder.icmp_signed("<", index, last), index, last)
        places.append(builder.add(place, builder.mul(least, step)))
    return places


def _sums(
    operation: Operation, queries: list[Any], rows: list[Any], count: Any, start: Grid | None = None
) -> Grid:
    """Emit the loop over ``count`` numbers, which may be none, and return the sums."""
    builder = operation.builder
    before = builder.block
    loop, body, done = (builder.append_basic_block(name) for name in ("loop", "body", "done"))
    builder.branch(loop)
    builder.position_at_end(loop)
    i = builder.phi(_I64)
    sums = [[builder.phi(operation.sums) for _ in rows] for _ in queries]
    builder.cbranch(builder.icmp_signed("<", i, count), body, done)
    builder.position_at_end(body)
    distance = builder.mul(i, _whole(operation.bytes))
    prepared = [operation.row(operation.load(builder.add(row, distance))) for row in rows]
    new = []
    for query, line in zip(queries, sums, strict=True):
        vector = operation.query(operation.load(builder.add(query, distance)))
        pairs = zip(line, prepared, strict=True)
        new.append([operation.add(total, vector, row) for total, row in pairs])
    i.add_incoming(_whole(0), before)
    i.add_incoming(builder.add(i, _whole(operation.lanes)), body)
    builder.branch(loop)
    zeros = [[ir.Constant(operation.sums, None) for _ in rows] for _ in queries]
    for source, grid in ((before, start or zeros), (body, new)):
        for line, values in zip(sums, grid, strict=True):
            for phi, value in zip(line, values, strict=True):
                phi.add_incoming(value, source)
    builder.position_at_end(done)
    return sums


def _cases(builder: Any, choices: Sequence[Choice], chosen: Any) -> Iterator[tuple[int, Operation]]:
    """Emit a branch for every operation, to be filled one after the other, and join them."""
    joined = builder.append_basic_block("joined")
    switch = builder.switch(chosen, joined)
    for index, choice in enumerate(choices):
        block = builder.append_basic_block("case")
        switch.add_case(_whole(index), block)
        builder.position_at_end(block)
        yield index, choice(builder)
        builder.branch(joined)
    builder.position_at_end(joined)


def _make_large(choices: Sequence[Choice]) -> Any:
    @intrinsic
    def large_tile(
        typingctx, chosen, queries, query_step, last_query, rows, row_step, last_row, count,
        query_rests, row_rests, rest_step, rest_count, out, out_step,
    ):  # fmt: skip
        """Add to float64 ``out[query, row]`` what ``count`` numbers of each pair and rests give.

        ``last_query`` and ``last_row`` say where the matrices end, counted from where they begin;
        ``chosen`` is the kind of the numbers + ``KINDS`` · 0 for Σ|q − x|, 1 for Σqx, or
        ``FAST_PRODUCTS``.
        """

        def generate(context, builder, signature, args):
            chosen, query, query_step, last_query, row, row_step, last_row, count = args[:8]
            query_rest, row_rest, rest_step, rest_count, *out = args[8:]
            for index, operation in _cases(builder, choices, chosen):
                height, width = SHAPES[index % KINDS]
                queries = _places(builder, query, query_step, last_query, height)
                rows = _places(builder, row, row_step, last_row, width)
                sums = _sums(operation, queries, rows, count)
                queries = _places(builder, query_rest, rest_step, last_query, height)
                rows = _places(builder, row_rest, rest_step, last_row, width)
                _add_to(operation, _sums(operation, queries, rows, rest_count, sums), *out)
            return context.get_dummy_value()

        return types.void(*[types.intp] * 14), generate

    return large_tile


def _add_to(operation: Operation, sums: Grid, out: Any, out_step: Any) -> None:
    builder = operation.builder
    for m, line in enumerate(sums):
        place = builder.add(out, builder.mul(out_step, _whole(m)))
        for totals in operation.totals(line):
            pointer = builder.inttoptr(place, totals.type.as_pointer())
            before = builder.load(pointer)
            stored = builder.store(builder.fadd(before, totals), pointer)
            before.align = stored.align = 8
            place = builder.add(place, _whole(8 * totals.type.count))


def _make_precise(choices: Sequence[Choice]) -> Any:
    @intrinsic
    def precise_tile(typingctx, chosen, query, row, count):
        """Return what ``count`` numbers of a single pair give.

        ``chosen`` is the kind of the numbers + ``KINDS`` · 0 for Σ|q − x|, 1 for Σ(q − x)², 2 for
        Σqx.
        """

        def generate(context, builder, signature, args):
            chosen, query, row, count = args
            totals = [(ir.Constant(_F64, 0.0), builder.block)]
            for _, operation in _cases(builder, choices, chosen):
                [[value]] = _sums(operation, [query], [row], count)
                totals.append((operation.total(value), builder.block))
            total = builder.phi(_F64)
            for value, block in totals:
                total.add_incoming(value, block)
            return total

        return types.float64(*[types.intp] * 4), generate

    return precise_tile


def _kinds(of_bytes: Choice, of_floats: Callable[..., Operation]) -> list[Choice]:
    return [of_bytes, partial(of_floats, bits=32), partial(of_floats, bits=64)]


large_tile = _make_large(
    [
        *_kinds(of_bytes.differences, of_floats.Differences),
        *_kinds(of_bytes.products, of_floats.Products),
        *of_bytes.fast_products(),
    ]
)
precise_tile = _make_precise(
    [
        *_kinds(of_bytes.differences, of_floats.PreciseDifferences),
        *_kinds(of_bytes.squares, of_floats.PreciseSquares),
        *_kinds(of_bytes.products, of_floats.PreciseProducts),
    ]
)
