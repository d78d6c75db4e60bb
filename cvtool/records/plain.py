"""Records as what JSON can hold."""

from collections.abc import Mapping
from dataclasses import asdict
from math import isfinite
from typing import Any


def plain(record: Any) -> Any:
    """Turn a record into what JSON can hold; numbers that are not finite become None."""
    if hasattr(record, "__dataclass_fields__"):
        return plain(asdict(record))
    if isinstance(record, Mapping):
        return {str(name): plain(value) for name, value in record.items()}
    if isinstance(record, list | tuple):
        return [plain(value) for value in record]
    if isinstance(record, float) and not isfinite(record):
        return None
    return record
