"""A comparison says what many of them do to p, and keeps a column a run."""

from dataclasses import replace

import pytest
from render.reports import comparison, several
from render.writing import written

from cvtool.records import Compared
from cvtool.render.comparison_table import comparison_table
from cvtool.render.report.page import page

RAISED = "ach p is raised for there being 2 comparisons (Holm); intervals are not"


def test_that_p_is_raised_for_many_is_said_where_there_are_many() -> None:
    first, other = comparison().pairs
    assert "Holm" not in written(comparison_table(comparison()))
    twice = replace(comparison(), pairs=(first, first, other))
    assert RAISED in written(comparison_table(twice))
    report = several()
    assert "Holm" not in page(report)
    assert RAISED in page(replace(report, comparison=twice))


@pytest.mark.parametrize("checksum", ["0123456789abcdef0123456789abcdef", "9f86d081"])
def test_a_checksum_leaves_room_for_the_columns_of_four_runs(checksum: str) -> None:
    runs = tuple(f"runs/r{number}" for number in range(4))
    results = (
        Compared("weights_checksum", (checksum,) * 4),
        Compared("train_images", (40_000,) * 4),
    )
    four = replace(comparison(), runs=runs, results=results, settings=(), curves=())
    lines = written(comparison_table(four)).splitlines()
    (found,) = [line for line in lines if "weights checksum" in line]
    assert found.split()[2:] == [checksum[:12]] * 4
    assert any(line.split()[2:] == ["40,000"] * 4 for line in lines)
