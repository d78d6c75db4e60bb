"""Honest image-classification experiments on a laptop."""

__version__ = "0.1.0"
