"""Two mirrored verbs each: ``forward`` keeps what ``backward`` needs; ``backward`` sets gradients.

A layer is also its own arithmetic: ``bind`` derives shapes before there is any memory, so a network
can be described without being built. Neighbors help each other in a ``chain``.
"""
