"""The search for hyperparameters, which knows nothing of what they are of (notes §6.6).

::

    space → stages → trials → whoever carries them out → ranking → narrowed space → … → winner

A trial is a function of the seed, its number, and the finished stages before its own: neither the
number of workers nor an interruption changes it.
"""
