"""PyTorch comes first: it reads how its threads should wait before we say how ours do."""

from contextlib import suppress

with suppress(ImportError):
    import torch  # noqa: F401
