"""Statements of the notes, each with the experiment that settles it; ``registry`` lists them."""
