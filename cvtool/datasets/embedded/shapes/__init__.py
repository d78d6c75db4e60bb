"""Ten classes of colored shapes, drawn from a seed, with a knob for each challenge (notes §2).

An outline is chosen by class and proportions, deformed, seen from a viewpoint, colored, set before
a cluttered ground and behind something that hides part of it, and lit. Every challenge draws from
a stream of its own, so that one knob leaves what the others do as it is; what a knob does grows
with it, from nothing at 0.
"""
