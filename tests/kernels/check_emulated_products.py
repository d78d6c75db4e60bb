"""A program: do as ``check_distances.py`` with the instruction for products of fours emulated.

Few processors have it; plain vector code in its place leaves all around it to be tested. Where the
environment says ``SATURATES`` it errs as a similar instruction does, and must not be used.
"""

import os
from pathlib import Path
from runpy import run_path

from llvmlite import ir

from cvtool.kernels import byte_operations, processor

_I32 = ir.IntType(32)


class EmulatedProducts(byte_operations.FourByteProducts):
    def add(self, sums, query, row):
        build, lanes = self.builder, self.lanes
        products = build.mul(
            build.zext(query, ir.VectorType(_I32, lanes)),
            build.sext(row, ir.VectorType(_I32, lanes)),
        )
        if "SATURATES" in os.environ:
            most = ir.Constant(products.type, [2**14] * lanes)
            products = build.select(build.icmp_signed(">", products, most), most, products)
        for first in range(4):
            fourth = ir.Constant(self.sums, list(range(first, lanes, 4)))
            sums = build.add(sums, build.shuffle_vector(products, products, fourth))
        return sums


if __name__ == "__main__":
    # Before the tiles are made, which is when they are imported.
    processor.multiplies_bytes = byte_operations.multiplies_bytes = lambda: True
    byte_operations.FourByteProducts = EmulatedProducts
    run_path(str(Path(__file__).with_name("check_distances.py")), run_name="__main__")
