"""Makes the folder of tests importable: slow twins are ``from reference.… import …``."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the README's commands, the longest of all, so that the others run beside them."""
    items.sort(key=lambda item: item.path.name != "test_readme.py")
