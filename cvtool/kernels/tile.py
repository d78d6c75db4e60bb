"""The register tile that all products and convolutions are made of, emitted as vector code.

Numba keeps no small array in registers, so the innermost loops are written here in LLVM's language;
everything around them is ordinary Python. A tile computes, for its few rows ``m`` and a panel of
neighboring columns at once,

    out[m] = start + Σ_o Σ_i a[m, o, i] · b[o, i]

with the sum in two levels, so that a convolution runs over the rows of its window (``outer``) and
over the contiguous run of ``window width × channels`` numbers in each (``inner``). The im2col
matrix is never written down: ``a`` points straight into the zero-bordered images.

A narrow tile is one vector wide, for the last columns of a product or for one with few.

Addresses are plain integers; strides and offsets count numbers, not bytes; ``inner`` and ``outer``
are at least 1. Every tile is full: a caller with fewer rows repeats the last one, a caller with
fewer columns pads ``b`` and copies what is real.
"""

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from cvtool.kernels.processor import TILE

_I64 = ir.IntType(64)
_I32 = ir.IntType(32)
_FLOATS = {32: ir.FloatType(), 64: ir.DoubleType()}

Grid = list[list[Any]]
"""One value for every register of the tile, by row and vector."""


class Code:
    """The few phrases a tile is written in, for numbers of one precision and a width in vectors."""

    def __init__(self, builder: Any, bits: int, vectors: int) -> None:
        self.builder = builder
        self.vectors = vectors
        self.bytes = bits // 8
        self.number = _FLOATS[bits]
        self.lanes = TILE.vector_bytes // self.bytes
        self.vector = ir.VectorType(self.number, self.lanes)
        self.zero = ir.Constant(self.vector, [0.0] * self.lanes)
        # fmuladd is one instruction where the processor has it and two where it has not;
        # llvm.fma would become a slow library call there.
        signature = ir.FunctionType(self.vector, [self.vector] * 3)
        name = f"llvm.fmuladd.v{self.lanes}f{bits}"
        self._multiply_add = cgutils.get_or_insert_function(builder.module, signature, name)

    def pointer(self, address: Any) -> Any:
        return self.builder.inttoptr(address, self.number.as_pointer())

    def step(self, pointer: Any, distance: Any) -> Any:
        return self.builder.gep(pointer, [distance])

    def offsets(self, address: Any) -> list[Any]:
        table = self.builder.inttoptr(address, _I64.as_pointer())
        places = (self.builder.gep(table, [ir.Constant(_I64, m)]) for m in range(TILE.rows))
        return [self.builder.load(place) for place in places]

    def load(self, pointer: Any) -> list[Any]:
        values = [self.builder.load(place) for place in self._vectors_at(pointer)]
        for value in values:
            value.align = self.bytes
        return values

    def store(self, values: list[Any], pointer: Any) -> None:
        for value, place in zip(values, self._vectors_at(pointer), strict=True):
            self.builder.store(value, place).align = self.bytes

    def _vectors_at(self, pointer: Any) -> list[Any]:
        firsts = (ir.Constant(_I64, v * self.lanes) for v in range(self.vectors))
        places = (self.builder.gep(pointer, [first]) for first in firsts)
        return [self.builder.bitcast(place, self.vector.as_pointer()) for place in places]

    def broadcast(self, number: Any) -> Any:
        undefined = ir.Constant(self.vector, ir.Undefined)
        first = self.builder.insert_element(undefined, number, ir.Constant(_I32, 0))
        everywhere = ir.Constant(ir.VectorType(_I32, self.lanes), [0] * self.lanes)
        return self.builder.shuffle_vector(first, undefined, everywhere)

    def multiply_add(self, a: Any, b: Any, c: Any) -> Any:
        return self.builder.call(self._multiply_add, [a, b, c])

    def larger(self, value: Any, low: Any) -> Any:
        """Rectify; a comparison with NaN is false, so NaN stays."""
        below = self.builder.fcmp_ordered("<", value, low)
        return self.builder.select(below, low, value)

    def where_positive(self, mask: Any, value: Any) -> Any:
        positive = self.builder.fcmp_ordered(">", mask, self.zero)
        return self.builder.select(positive, value, self.zero)

    def grid_of_phis(self) -> Grid:
        return [[self.builder.phi(self.vector) for _ in range(self.vectors)] for _ in _rows()]


def _rows() -> range:
    return range(TILE.rows)


def _pairs(phis: Grid, values: Grid) -> list[tuple[Any, Any]]:
    return [pair for m in _rows() for pair in zip(phis[m], values[m], strict=True)]


def _accumulate(
    code: Code,
    start: Grid,
    counts: tuple[Any, Any],
    a_row: Callable[[Any, Any, int], Any],
    b_row: Callable[[Any, Any], Any],
) -> Grid:
    """Emit the two loops and return the sums.

    ``counts`` are the lengths of the outer and the inner loop; ``a_row(o, i, m)`` emits the pointer
    to one number of A, ``b_row(o, i)`` that to one row of the panel of B.
    """
    builder, one = code.builder, ir.Constant(_I64, 1)
    before = builder.block
    names = ("outer", "inner", "after_inner", "done")
    outer, inner, after_inner, done = (builder.append_basic_block(name) for name in names)
    builder.branch(outer)

    builder.position_at_end(outer)
    o = builder.phi(_I64)
    carried = code.grid_of_phis()
    builder.branch(inner)

    builder.position_at_end(inner)
    i = builder.phi(_I64)
    sums = code.grid_of_phis()
    b = code.load(b_row(o, i))
    new: Grid = []
    for m in _rows():
        a = code.broadcast(builder.load(a_row(o, i, m)))
        new.append([code.multiply_add(a, b[v], sums[m][v]) for v in range(code.vectors)])
    i_next = builder.add(i, one)
    builder.cbranch(builder.icmp_signed("<", i_next, counts[1]), inner, after_inner)

    builder.position_at_end(after_inner)
    o_next = builder.add(o, one)
    builder.cbranch(builder.icmp_signed("<", o_next, counts[0]), outer, done)

    for counter, following, origin, source in (
        (o, o_next, before, after_inner),
        (i, i_next, outer, inner),
    ):
        counter.add_incoming(ir.Constant(_I64, 0), origin)
        counter.add_incoming(following, source)
    for phis, first, origin, source in (
        (carried, start, before, after_inner),
        (sums, carried, outer, inner),
    ):
        for phi, value in _pairs(phis, first):
            phi.add_incoming(value, origin)
        for phi, value in _pairs(phis, new):
            phi.add_incoming(value, source)
    builder.position_at_end(done)
    return new


def _rows_sums(code: Code, args: Any, start: Grid) -> Grid:
    """Sum where each row of A is contiguous and starts at an offset of its own."""
    a, a_offsets, a_outer, b, b_inner, b_outer, inner, outer = args
    builder = code.builder
    rows = [code.step(code.pointer(a), offset) for offset in code.offsets(a_offsets)]
    panel = code.pointer(b)

    def a_row(o: Any, i: Any, m: int) -> Any:
        return code.step(rows[m], builder.add(builder.mul(o, a_outer), i))

    def b_row(o: Any, i: Any) -> Any:
        return code.step(code.step(panel, builder.mul(o, b_outer)), builder.mul(i, b_inner))

    return _accumulate(code, start, (outer, inner), a_row, b_row)


def _store_rows(code: Code, sums: Grid, out: Any, out_offsets: Any) -> None:
    base = code.pointer(out)
    for row, offset in zip(sums, code.offsets(out_offsets), strict=True):
        code.store(row, code.step(base, offset))


def _make_rows_tile(vectors: int) -> Any:
    @intrinsic
    def rows_tile(
        typingctx, low, start, a, a_offsets, a_outer, b, b_inner, b_outer, inner, outer, out,
        out_offsets,
    ):  # fmt: skip
        """Compute ``max(low, start + A·B)``; rows of A are contiguous, each at its own offset.

        ``low`` also says the precision; minus infinity keeps all sums. ``start`` points to one row
        of numbers, a bias, that every row begins with.
        """

        def generate(context, builder, signature, args):
            code = Code(builder, low.bitwidth, vectors)
            first = code.load(code.pointer(args[1]))
            sums = _rows_sums(code, args[2:10], [first] * TILE.rows)
            floor = code.broadcast(args[0])
            rectified = [[code.larger(value, floor) for value in row] for row in sums]
            _store_rows(code, rectified, args[10], args[11])
            return context.get_dummy_value()

        return types.void(low, *[types.intp] * 11), generate

    return rows_tile


@intrinsic
def masked_rows_tile(
    typingctx, zero, mask, mask_offsets, a, a_offsets, a_outer, b, b_inner, b_outer, inner,
    outer, out, out_offsets,
):  # fmt: skip
    """Compute ``A·B`` where ``mask`` is positive, 0 elsewhere; ``zero`` says the precision."""

    def generate(context, builder, signature, args):
        code = Code(builder, zero.bitwidth, TILE.vectors)
        sums = _rows_sums(code, args[3:11], [[code.zero] * TILE.vectors] * TILE.rows)
        base = code.pointer(args[1])
        masks = [code.load(code.step(base, offset)) for offset in code.offsets(args[2])]
        kept = [list(map(code.where_positive, *pair)) for pair in zip(masks, sums, strict=True)]
        _store_rows(code, kept, args[11], args[12])
        return context.get_dummy_value()

    return types.void(zero, *[types.intp] * 12), generate


def _make_columns_tile(vectors: int) -> Any:
    @intrinsic
    def columns_tile(
        typingctx, zero, accumulate, a, a_inner, a_outer, b, b_inner, b_outer, inner, outer, out,
        out_row,
    ):  # fmt: skip
        """Compute ``Aᵀ·B``, added to what ``out`` holds if ``accumulate``.

        The rows of the tile are neighboring columns of A: ``a`` points to the first of them, and
        ``a_inner`` and ``a_outer`` lead to the next summands.
        """

        def generate(context, builder, signature, args):
            code = Code(builder, zero.bitwidth, vectors)
            out, out_row = args[10:]
            target = code.pointer(out)
            distances = (builder.mul(out_row, ir.Constant(_I64, m)) for m in _rows())
            places = [code.step(target, distance) for distance in distances]
            start = _loaded_or_zero(code, args[1], places)
            for row, place in zip(_columns_sums(code, args[2:10], start), places, strict=True):
                code.store(row, place)
            return context.get_dummy_value()

        return types.void(zero, types.boolean, *[types.intp] * 10), generate

    return columns_tile


def _columns_sums(code: Code, args: Any, start: Grid) -> Grid:
    """Sum where the rows of the tile are neighbors in A."""
    a, a_inner, a_outer, b, b_inner, b_outer, inner, outer = args
    builder, base, panel = code.builder, code.pointer(a), code.pointer(b)

    def a_row(o: Any, i: Any, m: int) -> Any:
        row = builder.add(builder.mul(o, a_outer), builder.mul(i, a_inner))
        return code.step(code.step(base, row), ir.Constant(_I64, m))

    def b_row(o: Any, i: Any) -> Any:
        return code.step(panel, builder.add(builder.mul(o, b_outer), builder.mul(i, b_inner)))

    return _accumulate(code, start, (outer, inner), a_row, b_row)


def _loaded_or_zero(code: Code, keep: Any, places: list[Any]) -> Grid:
    """Emit a branch: what the places hold if ``keep``, else zeros, which need no memory."""
    builder = code.builder
    origin = builder.block
    loading, ready = builder.append_basic_block("loading"), builder.append_basic_block("ready")
    flag = builder.icmp_unsigned("!=", keep, ir.Constant(keep.type, 0))
    builder.cbranch(flag, loading, ready)
    builder.position_at_end(loading)
    loaded = [code.load(place) for place in places]
    builder.branch(ready)
    builder.position_at_end(ready)
    start = code.grid_of_phis()
    for phi, value in _pairs(start, loaded):
        phi.add_incoming(value, loading)
        phi.add_incoming(code.zero, origin)
    return start


rows_tile = _make_rows_tile(TILE.vectors)
narrow_rows_tile = _make_rows_tile(1)
columns_tile = _make_columns_tile(TILE.vectors)
narrow_columns_tile = _make_columns_tile(1)
