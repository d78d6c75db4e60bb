"""Settings as people write them: learning rate 0.000342, filters 32."""

from collections.abc import Mapping
from typing import Any


def setting_name(name: str) -> str:
    """Write the name of a setting: ``learning rate``."""
    return name.replace("_", " ")


def setting_value(value: Any) -> str:
    """Write the value of a setting, numbers in three digits: ``0.000342``."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def setting_words(params: Mapping[str, Any]) -> str:
    """Write settings in one line: ``learning rate 0.000342, filters 32``."""
    return ", ".join(f"{setting_name(each)} {setting_value(params[each])}" for each in params)
