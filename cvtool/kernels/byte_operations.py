"""What a pair of rows of bytes is compared by: exact sums, by the processor's byte instructions.

Of the most that is summed at once, ``CHUNK_BYTES`` products of bytes, the sum takes 29 bits.
"""

from functools import partial
from typing import Any

from llvmlite import ir

from cvtool.kernels.pair_operations import Operation
from cvtool.kernels.processor import PAIRS, multiplies_bytes

_I8, _I16, _I32 = map(ir.IntType, (8, 16, 32))
_F64 = ir.DoubleType()

CHUNK_BYTES = 4096
"""The longest pieces of rows that are summed at once; a few of them fit into the first cache."""

PLAIN_LANES = 16

SIGN = 128
"""What makes an unsigned byte signed when it is taken off."""

# By the number of bytes in a vector.
_SUM_OF_DIFFERENCES = {16: "sse2.psad.bw", 32: "avx2.psad.bw", 64: "avx512.psad.bw.512"}
_PRODUCTS_OF_PAIRS = {8: "sse2.pmadd.wd", 16: "avx2.pmadd.wd", 32: "avx512.pmaddw.d.512"}


class _Bytes(Operation):
    """Sums of whole numbers, in ``count`` lanes of ``bits`` bits."""

    def __init__(self, builder: Any, lanes: int, bits: int, count: int) -> None:
        super().__init__(builder, _I8, lanes, 1)
        self.sums = ir.VectorType(ir.IntType(bits), count)

    def plus(self, a: Any, b: Any) -> Any:
        return self.builder.add(a, b)

    def double(self, total: Any) -> Any:
        return self.builder.sitofp(total, ir.VectorType(_F64, total.type.count))


class ByteDifferences(_Bytes):
    """One instruction sums eight differences, in each of a vector's words of 64 bits."""

    def __init__(self, builder: Any, lanes: int) -> None:
        super().__init__(builder, lanes, 64, lanes // 8)

    def add(self, sums: Any, query: Any, row: Any) -> Any:
        name = f"llvm.x86.{_SUM_OF_DIFFERENCES[self.lanes]}"
        return self.builder.add(sums, self.call(name, self.sums, query, row))

    def totals(self, line: list[Any]) -> list[Any]:
        # As twice as many numbers of 32 bits, half of them zero, which convert faster.
        halves = ir.VectorType(_I32, 2 * self.sums.count)
        return super().totals([self.builder.bitcast(sums, halves) for sums in line])


class ByteProducts(_Bytes):
    """Half a vector of bytes is widened to 16 bits; one instruction multiplies and adds pairs."""

    def __init__(self, builder: Any, vector_bytes: int) -> None:
        super().__init__(builder, vector_bytes // 2, 32, vector_bytes // 4)

    def query(self, vector: Any) -> Any:
        return self.builder.zext(vector, ir.VectorType(_I16, self.lanes))

    row = query

    def multiply_add(self, a: Any, b: Any, sums: Any) -> Any:
        name = f"llvm.x86.{_PRODUCTS_OF_PAIRS[self.lanes]}"
        return self.builder.add(sums, self.call(name, self.sums, a, b))

    def add(self, sums: Any, query: Any, row: Any) -> Any:
        return self.multiply_add(query, row, sums)


class ByteSquares(ByteProducts):
    def add(self, sums: Any, query: Any, row: Any) -> Any:
        difference = self.builder.sub(query, row)
        return self.multiply_add(difference, difference, sums)


class FourByteProducts(_Bytes):
    """One instruction multiplies and adds four neighbors, unsigned queries by signed rows.

    Rows become signed when ``SIGN`` is taken off, and Σq · ``SIGN`` has to be added to the sums.
    """

    def __init__(self, builder: Any, vector_bytes: int) -> None:
        super().__init__(builder, vector_bytes, 32, vector_bytes // 4)

    def row(self, vector: Any) -> Any:
        return self.builder.xor(vector, ir.Constant(vector.type, [SIGN] * self.lanes))

    def add(self, sums: Any, query: Any, row: Any) -> Any:
        name = f"llvm.x86.avx512.vpdpbusd.{8 * self.lanes}"
        fours = (self.builder.bitcast(vector, self.sums) for vector in (query, row))
        return self.call(name, self.sums, sums, *fours)


class _PlainBytes(_Bytes):
    """Plain vector code for processors whose instructions are not known here."""

    def __init__(self, builder: Any, lanes: int) -> None:
        super().__init__(builder, lanes, 32, lanes)

    def query(self, vector: Any) -> Any:
        return self.builder.zext(vector, self.sums)

    row = query


class PlainByteDifferences(_PlainBytes):
    def add(self, sums: Any, query: Any, row: Any) -> Any:
        difference = self.builder.sub(query, row)
        negative = self.builder.icmp_signed("<", query, row)
        size = self.builder.select(negative, self.builder.neg(difference), difference)
        return self.builder.add(sums, size)


class PlainByteProducts(_PlainBytes):
    def add(self, sums: Any, query: Any, row: Any) -> Any:
        return self.builder.add(sums, self.builder.mul(query, row))


class PlainByteSquares(_PlainBytes):
    def add(self, sums: Any, query: Any, row: Any) -> Any:
        difference = self.builder.sub(query, row)
        return self.builder.add(sums, self.builder.mul(difference, difference))


def differences(builder: Any) -> Operation:
    """Return the operation for Σ|query − row| that suits the processor."""
    size = PAIRS.vector_bytes
    return ByteDifferences(builder, size) if size else PlainByteDifferences(builder, PLAIN_LANES)


def products(builder: Any) -> Operation:
    """Return the operation for Σ query · row that suits the processor."""
    size = PAIRS.vector_bytes
    return ByteProducts(builder, size) if size else PlainByteProducts(builder, PLAIN_LANES)


def squares(builder: Any) -> Operation:
    """Return the operation for Σ (query − row)² that suits the processor."""
    size = PAIRS.vector_bytes
    return ByteSquares(builder, size) if size else PlainByteSquares(builder, PLAIN_LANES)


def fast_products() -> list[Any]:
    """Return the operation for Σ query · row that few processors have, if this one has."""
    return [partial(FourByteProducts, vector_bytes=PAIRS.vector_bytes)] * multiplies_bytes()
