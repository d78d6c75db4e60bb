"""What the processor offers, and the shape of the register tile that suits it.

A tile of ``rows × vectors`` accumulators stays in registers for the whole inner product, beside the
``vectors`` of B being read and one broadcast number of A. More accumulators hide the latency of
multiply-add and save loads; more than there are registers spill to memory and cost half the speed.
"""

import platform
from dataclasses import dataclass

import numba
import numpy as np
from numba.core.codegen import get_host_cpu_features
from numpy.typing import DTypeLike


@dataclass(frozen=True)
class TileShape:
    """``rows`` × ``vectors`` registers, each of ``vector_bytes`` bytes."""

    name: str
    rows: int
    vectors: int
    vector_bytes: int

    def lanes(self, dtype: DTypeLike) -> int:
        """Count the numbers one register holds."""
        return self.vector_bytes // np.dtype(dtype).itemsize

    def columns(self, dtype: DTypeLike) -> int:
        """Count the columns of the product that one tile computes."""
        return self.vectors * self.lanes(dtype)


AVX512 = TileShape("AVX-512", rows=12, vectors=2, vector_bytes=64)
AVX2 = TileShape("AVX2", rows=6, vectors=2, vector_bytes=32)
NEON = TileShape("NEON", rows=8, vectors=2, vector_bytes=16)
GENERIC = TileShape("generic", rows=4, vectors=2, vector_bytes=16)


def features() -> frozenset[str]:
    """Name the features that numba compiles for: the processor's, unless it was told others."""
    told = numba.config.CPU_FEATURES
    words = get_host_cpu_features() if told is None else told
    return frozenset(word[1:] for word in words.split(",") if word.startswith("+"))


def tile_shape() -> TileShape:
    """Choose the tile for this processor."""
    available = features()
    if "avx512f" in available:
        return AVX512
    if {"avx2", "fma"} <= available:
        return AVX2
    if "neon" in available:
        return NEON
    return GENERIC


TILE = tile_shape()


@dataclass(frozen=True)
class PairShape:
    """How many queries × rows a tile of distances has, of bytes and of floats.

    Their sums stay in registers, beside one vector of a query and those of the rows;
    ``vector_bytes`` is the size of the registers that bytes are compared in, 0 where no instruction
    is known for it.
    """

    name: str
    bytes: tuple[int, int]
    floats: tuple[int, int]
    vector_bytes: int


AVX512_PAIRS = PairShape("AVX-512 bytes", bytes=(6, 4), floats=(4, 4), vector_bytes=64)
AVX2_PAIRS = PairShape("AVX2 bytes", bytes=(4, 2), floats=(4, 3), vector_bytes=32)
SSE2_PAIRS = PairShape("SSE2 bytes", bytes=(4, 2), floats=(4, 2), vector_bytes=16)
PLAIN_PAIRS = PairShape("plain bytes", bytes=(2, 2), floats=(4, 2), vector_bytes=0)


def pair_shape() -> PairShape:
    """Choose the tile of distances for this processor."""
    available = features()
    if "avx512bw" in available:
        return AVX512_PAIRS
    if {"avx2", "fma"} <= available:
        return AVX2_PAIRS
    if platform.machine().lower() in ("x86_64", "amd64"):
        return SSE2_PAIRS
    return PLAIN_PAIRS


PAIRS = pair_shape()


def multiplies_bytes() -> bool:
    """Whether one instruction sums four products of bytes, in the registers of the tile's size."""
    needed = {AVX512_PAIRS: "avx512vnni", AVX2_PAIRS: "avxvnni"}
    return needed.get(pair_shape()) in features()
