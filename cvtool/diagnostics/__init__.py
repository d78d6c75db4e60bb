"""What can be said in words: verdicts with the value seen and what to try next.

Of learning, from its curves and the health of layers; of data sets, in ``data``.
"""
