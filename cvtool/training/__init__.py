"""The loop and all that it needs: optimizers, schedules, checkpoints, measures of health.

A run is a function of its configuration and its position: random numbers are streams of the seed
and the step, so a checkpoint holds arrays and a position and nothing else. Arrays and position are
one file, replaced as a whole, because two could be torn apart by a kill between their renames.
"""
