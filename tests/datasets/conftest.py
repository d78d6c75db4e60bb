"""Pixels that tests decode are kept in a folder of the test, not in the user's cache."""

import pytest

import cvtool.kernels.jit  # noqa: F401  (chooses the kernels' cache before the change below)


@pytest.fixture(autouse=True)
def cache_folder(tmp_path_factory, monkeypatch):
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda _: str(folder))
    return folder
