"""The register tile follows what numba compiles for, and fits into the registers there are."""

import numba
import pytest
from numba.core import codegen

from cvtool.kernels.processor import AVX2, AVX512, GENERIC, NEON, features, tile_shape

REGISTERS = {AVX512: 32, AVX2: 16, NEON: 32, GENERIC: 16}


@pytest.mark.parametrize(("tile", "registers"), REGISTERS.items(), ids=lambda each: str(each))
def test_sums_panel_and_factor_stay_in_registers(tile, registers):
    assert tile.rows * tile.vectors + tile.vectors + 1 <= registers
    assert tile.columns("f4") == 2 * tile.columns("f8") == tile.vectors * tile.lanes("f4")


@pytest.mark.parametrize(
    ("told", "tile"),
    [
        ("", GENERIC),
        ("+sse2,+sse4.2", GENERIC),
        ("+avx2", GENERIC),  # without multiply-add, of no use
        ("+avx,+avx2,+fma", AVX2),
        ("+avx2,+fma,-avx512f", AVX2),
        ("+avx2,+fma,+avx512f", AVX512),
        ("+neon,+fp-armv8", NEON),
    ],
)
def test_the_tile_follows_the_features_numba_was_told(monkeypatch, told, tile):
    monkeypatch.setattr(numba.config, "CPU_FEATURES", told)
    assert tile_shape() == tile


@pytest.mark.parametrize(("allowed", "tile"), [(1, AVX512), (0, GENERIC)])
def test_the_tile_uses_avx_only_where_numba_does(monkeypatch, allowed, tile):
    present = {"sse2": True, "avx": True, "avx2": True, "fma": True, "avx512f": True, "sgx": False}
    monkeypatch.setattr(numba.config, "CPU_FEATURES", None)
    monkeypatch.setattr(numba.config, "ENABLE_AVX", allowed)
    monkeypatch.setattr(codegen.ll, "get_host_cpu_features", lambda: FeatureMap(present))
    assert tile_shape() == tile
    assert "sgx" not in features()


class FeatureMap(dict):
    """What LLVM says of a processor, as llvmlite hands it over."""

    def flatten(self):
        return ",".join(("+" if on else "-") + name for name, on in self.items())
