"""Every tile of pairs that this processor can run computes the same distances.

Those it cannot run are only compiled, and looked at: the right instruction is in the code.
"""

import platform

import llvmlite.binding as llvm
import pytest
from reference.processes import run_program

from cvtool.kernels import processor
from cvtool.kernels.processor import AVX2_PAIRS, AVX512_PAIRS, PLAIN_PAIRS, SSE2_PAIRS, pair_shape

ON_X86 = platform.machine().lower() in ("x86_64", "amd64")
only_x86 = pytest.mark.skipif(not ON_X86, reason="numba is told to compile for other x86 ones")

AVX2 = ("haswell", "+sse2,+sse4.2,+avx,+avx2,+fma", {"avx2", "fma"})
SSE2 = ("x86-64", "", set())


def told(name, features, needed):
    present = {feature for feature, on in llvm.get_host_cpu_features().items() if on}
    if not needed <= present:
        pytest.skip(f"this processor has no {' and '.join(sorted(needed - present))}")
    return {"NUMBA_CPU_NAME": name, "NUMBA_CPU_FEATURES": features}


@only_x86
@pytest.mark.slow  # each compiles anew
@pytest.mark.parametrize(
    ("kind", "program", "environment", "printed"),
    [
        (AVX2, "check_distances", {}, "AVX2 bytes "),
        (SSE2, "check_distances", {}, "SSE2 bytes "),
        (SSE2, "check_plain_bytes", {}, "plain bytes "),
        (AVX2, "check_emulated_products", {}, "AVX2 bytes and products of fours"),
        (AVX2, "check_emulated_products", {"SATURATES": "1"}, "AVX2 bytes "),
    ],
    ids=["AVX2", "SSE2", "plain", "products of fours", "products that err"],
)
def test_other_tiles_find_the_same(kind, program, environment, printed, tmp_path):
    found = run_program(f"kernels/{program}.py", tmp_path, **told(*kind), **environment)
    assert found == [printed]


@only_x86
@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "features", "instructions"),
    [
        ("cascadelake", "+avx512f,+avx512bw,+avx512vnni", ["vpdpbusd zmm", "vpsadbw zmm"]),
        ("skylake-avx512", "+avx512f,+avx512bw", ["vpmaddwd zmm", "vpsadbw zmm"]),
        ("alderlake", "+avx2,+fma,+avxvnni", ["vpdpbusd ymm", "vpsadbw ymm"]),
        ("x86-64", "", ["psadbw xmm", "pmaddwd xmm"]),
    ],
)
def test_the_right_instructions_are_compiled(name, features, instructions, tmp_path):
    told = {"NUMBA_CPU_NAME": name, "NUMBA_CPU_FEATURES": features}
    assert set(instructions) <= set(run_program("kernels/print_instructions.py", tmp_path, **told))


REGISTERS = {AVX512_PAIRS: 32, AVX2_PAIRS: 16, SSE2_PAIRS: 16, PLAIN_PAIRS: 16}


@pytest.mark.parametrize(("shape", "registers"), REGISTERS.items(), ids=lambda each: str(each))
def test_sums_rows_and_a_query_stay_in_registers(shape, registers):
    for queries, rows in (shape.bytes, shape.floats):
        assert queries * rows + rows + 1 <= registers
        assert queries <= 8 >= rows  # what scratch memory has room for


@pytest.mark.parametrize(
    ("told", "machine", "shape", "multiplies"),
    [
        ("+avx2,+fma,+avx512f,+avx512bw,+avx512vnni", "x86_64", AVX512_PAIRS, True),
        ("+avx2,+fma,+avx512f,+avx512bw", "x86_64", AVX512_PAIRS, False),
        ("+avx2,+fma,+avx512f,+avx512vnni", "x86_64", AVX2_PAIRS, False),
        ("+avx2,+fma,+avxvnni", "AMD64", AVX2_PAIRS, True),
        ("+avx2", "x86_64", SSE2_PAIRS, False),
        ("+neon", "arm64", PLAIN_PAIRS, False),
    ],
)
def test_the_tile_follows_processor_and_features(monkeypatch, told, machine, shape, multiplies):
    monkeypatch.setattr(processor.numba.config, "CPU_FEATURES", told)
    monkeypatch.setattr(processor.platform, "machine", lambda: machine)
    assert pair_shape() == shape
    assert processor.multiplies_bytes() == multiplies
