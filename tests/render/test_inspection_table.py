"""The table of a look inside: the folder first, dead filters by number, what was left out."""

from render.writing import written

from cvtool.records import InspectedImage, InspectedLayer, Inspection, Verdict
from cvtool.render.inspection_table import inspection_table

INSPECTION = Inspection(
    run="runs/mine",
    folder="runs/mine/inspect",
    dataset="digits",
    images_looked_at=1234,
    layers=(
        InspectedLayer("conv1", 32, 16, 3, ()),
        InspectedLayer("res1/conv1", 64, 16, 20, tuple(range(20))),
    ),
    images=(
        InspectedImage("a/[cat].png", None, None, "cat", 0.5),
        InspectedImage(None, 17, "dog", "cat", 0.25),
    ),
    pictures=("runs/mine/inspect/decisions.png",),
    left_out=("there is no more",),
    verdicts=(Verdict("filters live", False, 0.6, "many are dead"),),
)


def test_all_that_was_found_is_there_and_the_folder_first() -> None:
    lines = written(inspection_table(INSPECTION)).splitlines()
    assert lines[0].rstrip() == "runs/mine/inspect"
    text = "\n".join(lines)
    for words in ("1,234 validation images", "20 px", "none", "20: 0, 1, 2,", "11, …"):
        assert words in text
    for words in ("a/[cat].png", "validation 17", "dog", "25.0 %", "left out: there is no more"):
        assert words in text
    assert "✗  filters live" in text
    assert "all on one page:     cvtool report mine --open" in text
    assert " 12" not in text


def test_it_stands_in_narrow_terminals() -> None:
    lines = written(inspection_table(INSPECTION), width=30).splitlines()
    assert max(map(len, lines)) <= 30
    assert "res1/conv1" in "\n".join(lines)
