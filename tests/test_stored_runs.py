"""Run folders are read as they were written, whatever the shortest way is."""

import tomllib
from pathlib import Path

import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cvtool.errors import DataError
from cvtool.runs import StoredRun

SETTINGS = st.dictionaries(
    st.from_regex(r"[a-z][a-z_]{0,5}", fullmatch=True),
    st.text(max_size=6) | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(),
)
TEXTS = st.sampled_from(
    [
        *("a = 1\na = 2\n", "a = 01\n", "a = null\n", 'a = "x', "a = 1", "a = [1]\n", "a = .5\n"),
        *("a = 'x'\n", "a = 1_000\n", "[t]\na = 1\n", "a = NaN\n", "# a\n", "a = 1 # b\n"),
        *('a = "\x01"\n', 'a = "\\u00e9"\n', "a = 1.e5\n", 'a = "é = 1"\n', "a = 1\n\nb = 2\n", ""),
        *('a = "x = y, {}"\n', "a = -0\n", "a = -\n", 'a = "\x85"\n', 'a = "\u2028"\nb = 1\n'),
    ]
)


def write(folder: Path, text: str) -> StoredRun:
    (folder / "config.toml").write_bytes(text.encode())
    return StoredRun(folder)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(SETTINGS.map(tomli_w.dumps) | TEXTS)
def test_settings_are_what_toml_says(tmp_path: Path, text: str) -> None:
    run = write(tmp_path, text)
    try:
        expected = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        with pytest.raises(DataError, match="is not valid TOML"):
            _ = run.config
        return
    assert repr(run.config) == repr(expected)
    assert list(map(type, run.config.values())) == list(map(type, expected.values()))


@pytest.mark.parametrize("content", [b'a = "\xff"\n', b"\xff\xfe", b'a = "\x00"\n'])
def test_bytes_that_are_no_text_are_damage(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "config.toml").write_bytes(content)
    with pytest.raises(DataError, match="is not valid TOML"):
        _ = StoredRun(tmp_path).config
