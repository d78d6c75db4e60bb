"""From the settings of a study to those of one of its trials."""

from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeVar

from cvtool.config import DataConfig
from cvtool.config.choosing import kind
from cvtool.datasets.opening import located

Settings = TypeVar("Settings", bound=DataConfig)


def with_params(config: Settings, params: Mapping[str, Any]) -> Settings:
    """Return a configuration with values by the names of settings.

    Numbers where a configuration takes text, as filters or neighbors, are written out.

    Raises
    ------
    UsageError
        If a name is unknown, a value is out of bounds, or settings contradict each other.
    """
    texts = {each.name for each in fields(config) if kind(each) is str}
    values = {name: str(value) if name in texts else value for name, value in params.items()}
    return type(config).from_dict({**config.to_dict(), **values}, source="the search")


def found_from_anywhere(config: Settings) -> Settings:
    """Write paths out in full: whoever does a trial may have been started in another folder.

    Raises
    ------
    UsageError, DataError
        If there is no such data set.
    """
    excluded = None if config.exclude is None else str(Path(config.exclude).absolute())
    return replace(config, dataset=located(config.dataset), exclude=excluded)
