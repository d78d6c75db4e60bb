"""Numbers read as people write them."""

from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvtool.render import quantities


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (quantities.count(0), "0"),
        (quantities.count(9_738), "9,738"),
        (quantities.count(99_999), "99,999"),
        (quantities.count(100_000), "100 k"),
        (quantities.count(999_999), "1.00 M"),
        (quantities.count(1_250_000), "1.25 M"),
        (quantities.count(38_500_000_000), "38.5 G"),
        (quantities.size(640), "640 B"),
        (quantities.size(3_400_000), "3.4 MB"),
        (quantities.size(999_999), "1.0 MB"),
        (quantities.size(17_000), "17 kB"),
        (quantities.share(0.983), "98.3 %"),
        (quantities.share(1.0), "100.0 %"),
        (quantities.share(nan), "–"),
        (quantities.loss(0.01234), "0.0123"),
        (quantities.loss(2.3), "2.3000"),
        (quantities.loss(12345.6), "12345.60"),
        (quantities.loss(1.23e6), "1.2e+06"),
        (quantities.loss(nan), "nan"),
        (quantities.loss(inf), "inf"),
        (quantities.rate(1950.4), "1,950"),
        (quantities.rate(nan), "–"),
        (quantities.duration(0.42), "0.4 s"),
        (quantities.duration(59.97), "1 min 00 s"),
        (quantities.duration(125), "2 min 05 s"),
        (quantities.duration(3900), "1 h 05 min"),
        (quantities.clock(32.4), "0:32"),
        (quantities.clock(3905), "1:05:05"),
        (quantities.shape((32, 32, 3)), "32×32×3"),
    ],
)
def test_quantities_are_written_as_people_do(written: str, expected: str) -> None:
    assert written == expected


@given(number=st.integers(0, 10**15))
def test_counts_stay_short_and_true(number: int) -> None:
    written = quantities.count(number)
    value, _, prefix = written.partition(" ")
    factor = {"": 1, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}[prefix]
    assert len(written) <= 7
    assert float(value.replace(",", "")) * factor == pytest.approx(number, rel=0.006)


@given(value=st.floats(0))
def test_losses_fit_their_column(value: float) -> None:
    assert len(quantities.loss(value)) <= 8
