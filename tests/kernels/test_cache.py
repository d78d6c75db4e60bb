"""Compiled kernels: alike whichever came first, the same from the cache, new after any change."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numba
import pytest
from numba.core.compiler import Flags
from numba.core.cpu import CPUTargetOptions
from reference.processes import run_program

from cvtool.kernels import elementwise, jit, products


@pytest.mark.slow  # compiles anew, some twenty seconds
def test_code_from_the_cache_computes_the_same_bits(tmp_path):
    fresh, *compiled = run_program("kernels/print_bits.py", tmp_path)
    cached, *loaded = run_program("kernels/print_bits.py", tmp_path)
    assert (fresh, cached) == ("fresh", "cached")
    assert compiled == loaded


@pytest.mark.slow  # compiles anew
def test_processes_that_begin_together_compile_a_kernel_once(tmp_path):
    def run(dtype):
        return run_program("kernels/count_compiled.py", tmp_path, DTYPE=dtype)

    with ThreadPoolExecutor() as together:
        first, second, other = together.map(run, ["f4", "f4", "f8"])
    assert sorted(int(each) for [each] in (first, second)) == [0, 1]
    assert other == ["1"]
    assert run("f4") == run("f8") == ["0"]  # each has a file of its own


@pytest.fixture
def sources(tmp_path, monkeypatch):
    """Copy the kernels' sources, to be changed."""
    copies = tmp_path / "kernels"
    shutil.copytree(Path(jit.__file__).parent, copies, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(jit, "__file__", str(copies / "jit.py"))
    return copies


@pytest.mark.parametrize("name", ["tile.py", "memory.py", "convolution.py", "__init__.py"])
def test_the_cache_folder_changes_with_every_source(sources, name):
    assert jit._sources_hash() == jit.CACHE.name
    source = sources / name
    source.write_text(source.read_text() + "\n")
    assert jit._sources_hash() != jit.CACHE.name


def test_the_cache_folder_changes_with_new_sources_and_numba(sources, monkeypatch):
    (sources / "winograd.py").write_text("FAST = True\n")
    assert jit._sources_hash() != jit.CACHE.name
    (sources / "winograd.py").unlink()
    assert jit._sources_hash() == jit.CACHE.name
    monkeypatch.setattr(numba, "__version__", "0.0.1")
    assert jit._sources_hash() != jit.CACHE.name


def test_what_is_no_source_does_not_matter(sources):
    (sources / "notes.txt").write_text("hello")
    assert jit._sources_hash() == jit.CACHE.name


def test_compiling_one_kernel_leaves_the_options_of_the_next():
    for kernel in (elementwise._relu, products._transpose):
        flags = CPUTargetOptions.parse_as_flags(Flags(), kernel.targetoptions)
        assert flags.auto_parallel.prange
        assert not flags.auto_parallel.numpy
        assert not flags.auto_parallel.reduction
        assert not flags.fastmath
