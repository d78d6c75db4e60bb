"""Checks of a whole set-up before it is trained in earnest (notes §6.5, §6.6)."""
