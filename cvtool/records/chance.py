"""What is called more than chance, and how a p-value is written."""

from math import isnan

CHANCE = 0.05
"""What happens by chance less often than this is taken for more than chance."""


def chance_words(p_value: float) -> str:
    """Write a p-value: ``p = 0.012``; nothing where there is none."""
    if isnan(p_value):
        return ""
    return "p < 0.001" if p_value < 0.001 else f"p = {p_value:.2g}"
