"""What pictures are drawn from comes back from its file as it was, or one sentence does."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of
from numpy.typing import NDArray
from reference.sameness import is_same
from safetensors.numpy import load_file, save_file

from cvtool.errors import DataError
from cvtool.records import Findings, Gallery, HeatMap, Panel, Picture, Regions
from cvtool.runs.pictures import KINDS, keep_pictures, kept_pictures

TEXTS = st.text(st.characters(exclude_categories=()), max_size=5)
PLAIN = {
    str: TEXTS,
    int: st.integers(-(2**63), 2**63),
    float: st.floats(),
    bool: st.booleans(),
}
TYPES = {np.floating: (np.float16, np.float32, np.float64)}


@st.composite
def some_array(draw: Any, declared: Any) -> NDArray[Any]:
    """Draw an array of a declared type: empty, of no axis, not contiguous, of either byte order."""
    (number,) = get_args(get_args(declared)[1])
    kinds = TYPES.get(get_origin(number) or number, (number,))
    dtype = np.dtype(draw(st.sampled_from(kinds)))
    if draw(st.booleans()):
        dtype = dtype.newbyteorder(">")
    shapes = arrays_of.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)
    found = draw(arrays_of.arrays(dtype, draw(shapes)))
    if found.ndim and draw(st.booleans()):
        found = found[::-2]
    return found.T if draw(st.booleans()) else found


@cache
def of(declared: Any) -> st.SearchStrategy[Any]:
    """Draw whatever a field may hold that is declared so."""
    if declared in PLAIN:
        return PLAIN[declared]
    if declared is NoneType:
        return st.none()
    inner = get_args(declared)
    if get_origin(declared) is Literal:
        return st.sampled_from(inner)
    if isinstance(declared, UnionType):
        return st.one_of(*map(of, inner))
    if get_origin(declared) is np.ndarray:
        return some_array(declared)
    if get_origin(declared) is tuple:
        if inner[1:] == (...,):
            return st.lists(of(inner[0]), max_size=3).map(tuple)
        return st.tuples(*map(of, inner))
    hints = get_type_hints(declared, localns={"np": np, "NDArray": NDArray})
    return st.builds(declared, **{name: of(hints[name]) for name in hints})


def kept(tmp_path: Path, *seen: Any) -> tuple[Any, ...]:
    keep_pictures(tmp_path / "pictures.safetensors", seen)
    return kept_pictures(tmp_path / "pictures.safetensors")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("run")


@pytest.mark.parametrize("name", KINDS)
@settings(max_examples=20)
@given(data=st.data())
def test_what_is_kept_comes_back_equal(folder: Path, name: str, data: st.DataObject) -> None:
    seen = tuple(data.draw(st.lists(of(KINDS[name]), max_size=2)))
    assert is_same(kept(folder, *seen), seen)


@settings(max_examples=20)
@given(data=st.data())
def test_all_kinds_are_kept_together_and_in_their_order(folder: Path, data: st.DataObject) -> None:
    one_of_each = tuple(data.draw(of(kind)) for kind in KINDS.values())
    assert is_same(kept(folder, *one_of_each), one_of_each)


def a_gallery(count: int = 3, shade: int = 0) -> Gallery:
    pictures = tuple(
        Picture(np.full((4, 5, 3), shade + number % 200, np.uint8), f"№ {number}")
        for number in range(count)
    )
    return Gallery("some", "Some", (("all", pictures),))


def test_nothing_is_kept_where_nothing_was_seen(tmp_path: Path) -> None:
    assert kept_pictures(tmp_path / "pictures.safetensors") == ()
    assert kept(tmp_path) == ()


def test_what_was_kept_before_is_replaced_as_a_whole(tmp_path: Path) -> None:
    kept(tmp_path, a_gallery(9))
    (again,) = kept(tmp_path, a_gallery(1, shade=7))
    assert is_same(again, a_gallery(1, shade=7))
    assert [path.name for path in tmp_path.iterdir()] == ["pictures.safetensors"]


def test_pictures_of_one_shape_are_one_tensor(tmp_path: Path) -> None:
    kept(tmp_path, a_gallery(500), a_gallery(200))
    tensors = load_file(tmp_path / "pictures.safetensors")
    assert [tensor.shape for tensor in tensors.values()] == [(700, 4, 5, 3)]


def test_numbers_of_numpy_are_kept_as_numbers(tmp_path: Path) -> None:
    lines = ((np.float32(0.5), np.float64(1.0), np.int64(-2)),)
    points = np.zeros((1, 2)), np.zeros(1, np.int64)
    seen = Regions("r", "t", (), (np.float32(0), 1.0), (0.0, 1.0), *points, ("a",), lines)
    (again,) = kept(tmp_path, seen)
    assert again.lines == ((0.5, 1.0, -2),)
    assert [type(each) for each in again.lines[0]] == [float, float, int]


def test_a_file_that_was_cut_short_is_told(tmp_path: Path) -> None:
    path = tmp_path / "pictures.safetensors"
    kept(tmp_path, a_gallery())
    whole = path.read_bytes()
    for length in range(0, len(whole), 3):
        path.write_bytes(whole[:length])
        with pytest.raises(DataError, match=r"pictures\.safetensors cannot be read as pictures"):
            kept_pictures(path)


def test_a_changed_byte_is_told_or_changes_what_is_drawn(tmp_path: Path) -> None:
    path = tmp_path / "pictures.safetensors"
    kept(tmp_path, a_gallery(1), HeatMap("h", "t", "x", "y", (1.0,), (2.0,), np.eye(1), (0, 0)))
    whole = path.read_bytes()
    told = 0
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([(whole[at] + 61 * at + 1) % 256]) + whole[at + 1 :])
        try:
            found = kept_pictures(path)
        except DataError:
            told += 1
        else:
            assert all(isinstance(each, Gallery | HeatMap) for each in found)
    assert told > len(whole) / 2


def header(**changed: str) -> dict[str, str]:
    return {"pictures": "1", "records": "[]", "arrays": "[]"} | changed


@pytest.mark.parametrize(
    ("words", "metadata"),
    [
        ("'pictures'", {}),
        ("'pictures'", {"progress": "{}"}),
        ("kept as version 2", header(pictures="2")),
        ("'Hologram'", header(records='[["Hologram", {}]]')),
        ("cannot be read as pictures", header(records='[["Gallery"]]')),
        ("cannot be read as pictures", header(records="3")),
        ("cannot be read as pictures", header(records="[" * 100_000)),
        ("cannot be read as pictures", header(records='{"Gallery": 1}')),
        ("it lacks arrays", header(arrays="[0, 0, 0]")),
        ("cannot be read as pictures", header(arrays="[7]")),
        ("cannot be read as pictures", header(arrays="[[]]")),
        ("does not hold what", header(records='[["Gallery", {"name": "x", "title": "y"}]]')),
        ("does not hold what", header(records='[["Gallery", {"name": 1}]]')),
        ("does not hold what", header(records='[["Bars", 1]]')),
    ],
)
def test_what_is_strange_or_of_another_version_is_told(
    tmp_path: Path, words: str, metadata: Mapping[str, str]
) -> None:
    path = tmp_path / "pictures.safetensors"
    save_file({"0": np.zeros((2, 3))}, path, metadata=dict(metadata) or None)
    with pytest.raises(DataError) as told:
        kept_pictures(path)
    assert words in str(told.value)
    assert str(path) in str(told.value)


@pytest.mark.parametrize("place", [-1, 1, 0.0, True, "0", [], None, {"array": 0}])
def test_an_array_that_is_not_there_is_told(tmp_path: Path, place: Any) -> None:
    panel = {"title": "", "winners": place}
    check_told(tmp_path, panel, np.zeros((2, 2), np.int64))


@pytest.mark.parametrize("dtype", [np.uint8, np.int32, np.float64, bool])
def test_an_array_of_other_numbers_is_told(tmp_path: Path, dtype: Any) -> None:
    panel = {"title": "", "winners": 0}
    check_told(tmp_path, panel, np.zeros((2, 2), dtype))


def check_told(tmp_path: Path, panel: Mapping[str, Any], winners: NDArray[Any]) -> None:
    points = np.zeros((1, 2)), np.zeros(1, np.int64)
    whole = Regions("r", "t", (Panel("", winners),), (0.0, 1.0), (0.0, 1.0), *points, ("a",))
    path = tmp_path / "pictures.safetensors"
    keep_pictures(path, [whole])
    tensors = load_file(path)
    values = {"name": "r", "title": "t", "x": [0.0, 1.0], "y": [0.0, 1.0], "classes": ["a"]}
    values |= {"points": 0, "labels": 0, "panels": [panel], "lines": []}
    records = json.dumps([["Regions", values]])
    save_file({"0": tensors["0"]}, path, metadata=header(records=records, arrays="[0]"))
    with pytest.raises(DataError, match="does not hold what its command reports"):
        kept_pictures(path)


def test_what_an_earlier_version_did_not_know_has_its_default(tmp_path: Path) -> None:
    path = tmp_path / "pictures.safetensors"
    values = {"history": [], "classes": [], "filters": None, "confusion": 0, "mistakes": []}
    records = json.dumps([["Findings", values]])
    matrix = np.zeros((1, 0, 0), np.int64)
    save_file({"0": matrix}, path, metadata=header(records=records, arrays="[0]"))
    (again,) = kept_pictures(path)
    assert isinstance(again, Findings)
    assert again.examples == ()
