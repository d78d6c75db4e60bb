"""What a run stands on: versions, system, processor, and how much of the machine it may use."""

from cvtool.environment.description import describe, processor
from cvtool.environment.limits import memory_limit, memory_sizes, processors_allowed, time_limit
from cvtool.environment.versions import EXTRAS, LIBRARIES, found_versions

__all__ = [
    "EXTRAS",
    "LIBRARIES",
    "describe",
    "found_versions",
    "memory_limit",
    "memory_sizes",
    "processor",
    "processors_allowed",
    "time_limit",
]
