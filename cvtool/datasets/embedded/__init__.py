"""Data sets that need no file: they come with the program, or are drawn from a seed."""
