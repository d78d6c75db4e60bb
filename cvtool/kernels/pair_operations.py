"""What a pair of rows is compared by: sums of differences, of products, of squared differences.

An operation loads vectors, prepares those of either side, adds what a pair of them gives to a
vector of sums, and adds that up. Here are those of floats. They are rounded; the precise ones sum
in double precision, and in the same order on every processor.
"""

from abc import ABC, abstractmethod
from typing import Any

from llvmlite import ir
from numba.core import cgutils

from cvtool.kernels.processor import TILE

_I32 = ir.IntType(32)
_FLOATS = {32: ir.FloatType(), 64: ir.DoubleType()}
_F64 = ir.DoubleType()

PRECISE_LANES = 16
"""Sums in double precision that are made beside each other."""


class Operation(ABC):
    """The code for one kind of numbers, of which ``lanes`` make a vector.

    ``vector`` is the type of what is loaded, ``sums`` that of a vector of sums, and ``bytes`` the
    size of a number.
    """

    sums: Any

    def __init__(self, builder: Any, number: Any, lanes: int, size: int) -> None:
        self.builder = builder
        self.lanes = lanes
        self.bytes = size
        self.vector = ir.VectorType(number, lanes)

    def load(self, place: Any) -> Any:
        """Emit a load of a vector from an address that need not be aligned."""
        value = self.builder.load(self.builder.inttoptr(place, self.vector.as_pointer()))
        value.align = self.bytes
        return value

    def query(self, vector: Any) -> Any:
        """Prepare a vector of the queries."""
        return vector

    def row(self, vector: Any) -> Any:
        """Prepare a vector of the rows, once for all queries."""
        return vector

    @abstractmethod
    def add(self, sums: Any, query: Any, row: Any) -> Any:
        """Add what a pair of prepared vectors gives."""

    @abstractmethod
    def plus(self, a: Any, b: Any) -> Any:
        """Add two vectors, or numbers, of sums."""

    @abstractmethod
    def double(self, total: Any) -> Any:
        """Convert sums to double precision."""

    def totals(self, line: list[Any]) -> list[Any]:
        """Add up each of some vectors of sums, into vectors of double precision.

        Side by side these hold one total for each, and zeros that make their number a power of two:
        several vectors at once are added up in half as many steps as one after the other.
        """
        count = 1 << (len(line) - 1).bit_length()
        lanes = line[0].type.count
        together = min(count, lanes)
        halved = [self._halved(sums, together) for sums in line]
        halved += [ir.Constant(halved[0].type, None)] * (count - len(line))
        groups = (halved[first : first + together] for first in range(0, count, together))
        return [self.double(self._interleaved(group)) for group in groups]

    def total(self, sums: Any) -> Any:
        """Add up one vector of sums."""
        (total,) = self.totals([sums])
        return self.builder.extract_element(total, ir.Constant(_I32, 0))

    def _halved(self, sums: Any, lanes: int) -> Any:
        """Add the upper half of a vector to the lower until so many lanes are left."""
        while (half := sums.type.count // 2) >= lanes:
            low = self._lanes(sums, sums, range(half))
            sums = self.plus(low, self._lanes(sums, sums, range(half, 2 * half)))
        return sums

    def _interleaved(self, vectors: list[Any]) -> Any:
        """Add neighboring lanes of as many vectors as they have lanes until one vector is left."""
        while len(vectors) > 1:
            vectors = [
                self.plus(
                    *(
                        self._lanes(*pair, range(first, 2 * pair[0].type.count, 2))
                        for first in (0, 1)
                    )
                )
                for pair in zip(vectors[::2], vectors[1::2], strict=True)
            ]
        return vectors[0]

    def _lanes(self, a: Any, b: Any, places: range) -> Any:
        chosen = ir.Constant(ir.VectorType(_I32, len(places)), list(places))
        return self.builder.shuffle_vector(a, b, chosen)

    def call(self, name: str, returns: Any, *values: Any) -> Any:
        """Emit a call of one of LLVM's own functions."""
        signature = ir.FunctionType(returns, [value.type for value in values])
        function = cgutils.get_or_insert_function(self.builder.module, signature, name)
        return self.builder.call(function, values)


class _Floats(Operation):
    """Sums in the precision of the numbers."""

    def __init__(self, builder: Any, bits: int) -> None:
        super().__init__(builder, _FLOATS[bits], 8 * TILE.vector_bytes // bits, bits // 8)
        self.sums = self.vector
        self.suffix = f"v{self.lanes}f{bits}"

    def size_of(self, vector: Any) -> Any:
        return self.call(f"llvm.fabs.{self.suffix}", self.sums, vector)

    def multiply_add(self, a: Any, b: Any, sums: Any) -> Any:
        # One instruction where the processor has it and two where it has not.
        return self.call(f"llvm.fmuladd.{self.suffix}", self.sums, a, b, sums)

    def plus(self, a: Any, b: Any) -> Any:
        return self.builder.fadd(a, b)

    def double(self, total: Any) -> Any:
        wide = ir.VectorType(_F64, total.type.count)
        return total if total.type == wide else self.builder.fpext(total, wide)


class _PreciseFloats(_Floats):
    """Sums in double precision whatever the numbers are."""

    def __init__(self, builder: Any, bits: int) -> None:
        Operation.__init__(self, builder, _FLOATS[bits], PRECISE_LANES, bits // 8)
        self.sums = ir.VectorType(_F64, PRECISE_LANES)
        self.suffix = f"v{PRECISE_LANES}f64"

    def query(self, vector: Any) -> Any:
        return vector if vector.type == self.sums else self.builder.fpext(vector, self.sums)

    row = query


class Differences(_Floats):
    def add(self, sums: Any, query: Any, row: Any) -> Any:
        return self.builder.fadd(sums, self.size_of(self.builder.fsub(query, row)))


class Products(_Floats):
    def add(self, sums: Any, query: Any, row: Any) -> Any:
        return self.multiply_add(query, row, sums)


class _Squares(_Floats):
    def add(self, sums: Any, query: Any, row: Any) -> Any:
        difference = self.builder.fsub(query, row)
        return self.multiply_add(difference, difference, sums)


class PreciseDifferences(_PreciseFloats, Differences):
    pass


class PreciseProducts(_PreciseFloats, Products):
    pass


class PreciseSquares(_PreciseFloats, _Squares):
    pass
