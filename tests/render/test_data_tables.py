"""Data sets, checks and pictures of them, as people read them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from rich.console import Console

from cvtool.records import (
    Cleared,
    Conflict,
    Damage,
    DataCheck,
    DatasetEntry,
    DataShown,
    Duplicate,
    Gallery,
    Imported,
    Picture,
    Points,
    Unlabeled,
    Verdict,
)
from cvtool.render.check_table import check_table
from cvtool.render.data_tables import cleared_table, entries_table, imported_table, shown_table
from cvtool.render.plots import draw_pictures
from cvtool.render.terminal_pictures import terminal_picture


def text(table: Any, width: int = 100) -> str:
    console = Console(width=width, file=None, record=True, color_system=None)
    with console.capture() as captured:
        console.print(table)
    return captured.get()


def entry(name: str, kind: Any, state: str, **facts: Any) -> DatasetEntry:
    known: dict[str, Any] = {
        "images": 50_000,
        "test_images": 10_000,
        "classes": 10,
        "shape": (32, 32, 3),
        "bytes": 0,
        "summary": "photographs",
    }
    return DatasetEntry(name=name, kind=kind, state=state, **known | facts)


ENTRIES = [
    entry("digits", "embedded", "ready"),
    entry("mine", "imported", "ready", bytes=1_500_000),
    entry("broken", "imported", "damaged: no json", images=None, shape=None, classes=None),
    entry("mnist", "fetchable", "not fetched"),
    entry("cifar-10", "fetchable", "ready"),
]


def test_the_list_says_what_can_be_used() -> None:
    lines = {line.split()[0]: line for line in text(entries_table(ENTRIES, 100)).splitlines()[3:-1]}
    assert "embedded" in lines["digits"]
    assert "1.5 MB" in lines["mine"]
    assert "damaged" in lines["broken"]
    assert "–" in lines["broken"]
    assert "not fetched" in lines["mnist"]
    assert "fetched" in lines["cifar-10"]
    assert "photographs" not in text(entries_table(ENTRIES, 100))
    assert "photographs" in text(entries_table(ENTRIES, 140), 140)


def test_an_import_says_how_to_use_it() -> None:
    imported = Imported("mine", "data/mine", "x", 90, 10, 2, (8, 8, 3), 12_345, "abc")
    assert "to use it: --dataset mine" in text(imported_table(imported))


def test_what_was_removed_or_would_be() -> None:
    assert "nothing to remove" in text(cleared_table([]))
    gone = [Cleared("old kernels", "a", 1_000_000, True), Cleared("download", "b", 500_000, True)]
    assert "1.5 MB are free again" in text(cleared_table(gone))
    assert "would be free" in text(cleared_table([Cleared("download", "b", 5, False)]))


def test_counts_stand_by_class_and_part() -> None:
    counts = {"train": {"cat": 1_200, "dog": 300}, "test": {"cat": 7, "dog": 8}}
    shown = DataShown("runs/x", "pets", 1_515, 2, (32, 32, 3), counts, ("runs/x/plots/means.png",))
    lines = text(shown_table(shown)).splitlines()
    assert any(line.split() == ["cat", "1,200", "7"] for line in lines)
    assert any(line.split() == ["all", "1,500", "15"] for line in lines)
    assert "runs/x/plots/means.png" in lines[-1]


def check(ok: bool, **finds: Any) -> DataCheck:
    known: dict[str, Any] = dict.fromkeys(("damaged", "unlabeled", "duplicates", "conflicts"), ())
    return DataCheck(
        ok=ok,
        dataset="pets",
        images=20,
        classes=2,
        class_counts={"train": {"cat": 10, "dog": 10}},
        sizes={"32×32": 19, "40×40": 1},
        modes={"RGB": 20},
        mean=(0.5, 0.4, 0.3),
        std=(0.2, 0.2, 0.2),
        verdicts=(Verdict("no damage", ok, 0, "all files can be read"),),
        run="runs/data-check-pets-001",
        seconds=1.0,
        **known | {"exclude": None} | finds,
    )


def test_a_clean_check_says_so_and_asks_for_nothing() -> None:
    words = text(check_table(check(True)))
    assert "can be trusted" in words
    assert "32×32 (19), 40×40 (1)" in words
    assert "0.5000  0.4000  0.3000" in words
    assert "--fix" not in words


def test_finds_are_listed_worst_first_and_counted() -> None:
    many = tuple(Damage(f"cat/{number}.png", "cut off") for number in range(12))
    found = check(
        False,
        damaged=many,
        unlabeled=(Unlabeled("x.png", "missing"),),
        duplicates=(
            Duplicate("near", ("train/a", "train/b"), False, 3.21),
            Duplicate("near", ("train/c", "test/d"), True, 2.5, mirrored=True),
            Duplicate("exact", ("train/e", "test/f"), True),
        ),
        conflicts=(Conflict(("a.png", "b.png"), ("cat", "dog")),),
    )
    words = text(check_table(found))
    assert "must be fixed" in words
    assert "damaged: 12" in words
    assert "… and 2 more" in words
    assert "a.png (cat)  =  b.png (dog)" in words
    assert "train/c  ≈  test/d  (2.5 gray levels, mirrored)" in words
    order = [words.index(name) for name in ("train/e", "train/c", "train/a")]
    assert order == sorted(order)
    assert "cvtool data check pets --fix" in words


def test_a_list_that_was_written_is_named() -> None:
    words = text(check_table(check(False, exclude="runs/data-check-pets-001/exclude.txt")))
    assert "--exclude runs/data-check-pets-001/exclude.txt" in words


def picture(level: int, size: tuple[int, int] = (6, 6), channels: int = 3) -> Picture:
    return Picture(np.full((*size, channels), level, np.uint8), "above", "below")


GALLERY = Gallery(
    "pets",
    "Pets",
    (("cat", (picture(0), picture(255))), ("a long name", (picture(9, channels=1),))),
)


def test_galleries_and_points_become_pictures(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    points = Points(
        "plane", "Points", random.normal(size=(50, 2)), random.integers(0, 2, 50), ("a", "b")
    )
    empty = Gallery("empty", "Nothing", (("cat", ()),))
    drawn = draw_pictures([GALLERY, points, empty], tmp_path)
    assert [path.name for path in drawn] == ["pets.png", "plane.png"]
    for path in drawn:
        with Image.open(path) as image:
            assert min(image.size) > 100
            assert np.asarray(image.convert("L")).std() > 5


def styles(shown: Any, width: int) -> list[tuple[str, Any]]:
    console = Console(width=width, color_system="truecolor", force_terminal=True)
    return [
        (segment.text, segment.style)
        for line in console.render_lines(shown, pad=False)
        for segment in line
        if segment.text in ("▀", "▄")
    ]


@pytest.mark.parametrize("channels", [1, 3])
def test_a_character_is_two_pixels(channels: int) -> None:
    image = np.zeros((3, 1, channels), np.uint8)
    image[0], image[1], image[2] = 10, 20, 30
    gallery = Gallery("x", "", (("", (Picture(image),)),))
    (first, upper), (second, lower) = styles(terminal_picture(gallery, 40), 40)
    assert (first, second) == ("▀", "▀")
    assert tuple(upper.color.triplet) == (10, 10, 10)
    assert tuple(upper.bgcolor.triplet) == (20, 20, 20)
    assert tuple(lower.color.triplet) == (30, 30, 30)
    assert lower.bgcolor is None


def test_large_images_are_averaged_down_and_rows_are_cut_to_the_width() -> None:
    image = np.zeros((64, 64, 3), np.uint8)
    image[:, 32:] = 200
    row = tuple(Picture(image) for _ in range(9))
    blocks = styles(terminal_picture(Gallery("x", "", (("", row),)), 40), 40)
    assert len(blocks) == 2 * 16 * 8
    levels = {tuple(style.color.triplet) for _, style in blocks}
    assert levels == {(0, 0, 0), (200, 200, 200)}


def test_points_lie_where_they_are() -> None:
    plane = Points("p", "", np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([0, 1]), ("a", "b"))
    lines = text(terminal_picture(plane, 80)).splitlines()
    assert lines[-1].startswith("▄")
    assert lines[-24].rstrip().endswith("▀")
