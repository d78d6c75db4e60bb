"""Every tile that this processor can run computes the same convolutions and products of bytes."""

import platform

import llvmlite.binding as llvm
import pytest
from reference.processes import run_program

pytestmark = pytest.mark.skipif(
    platform.machine().lower() not in ("x86_64", "amd64"),
    reason="numba is told to compile for other x86 processors",
)

TILES = {
    "AVX2": ("haswell", "+sse2,+sse4.2,+avx,+avx2,+fma", {"avx2", "fma"}),
    "generic": ("x86-64", "", set()),
}


@pytest.mark.slow  # each compiles anew: five to ten seconds
@pytest.mark.parametrize("tile", TILES)
@pytest.mark.parametrize("program", ["check_convolution", "check_byte_products"])
def test_other_tiles_compute_alike(program, tile, tmp_path):
    processor, features, needed = TILES[tile]
    present = {name for name, on in llvm.get_host_cpu_features().items() if on}
    if not needed <= present:
        pytest.skip(f"this processor has no {' and '.join(sorted(needed - present))}")
    told = {"NUMBA_CPU_NAME": processor, "NUMBA_CPU_FEATURES": features}
    assert run_program(f"kernels/{program}.py", tmp_path, **told) == [tile]
