"""The peak is measured on work that is really done."""

import numpy as np

from cvtool.kernels.peak import peak, spin
from cvtool.kernels.processor import TILE


def test_every_thread_computes_the_product() -> None:
    random = np.random.default_rng(0)
    a = random.normal(size=(TILE.rows, 5)).astype(np.float32)
    b = random.normal(size=(5, TILE.columns(np.float32))).astype(np.float32)
    out = spin(a, b, threads=2, rounds=3)
    assert out.shape == (2, TILE.rows, TILE.columns(np.float32))
    assert np.allclose(out, a @ b, atol=1e-5)


def test_a_peak_is_faster_than_an_interpreter_and_slower_than_light() -> None:
    assert 1e8 < peak() < 1e14
