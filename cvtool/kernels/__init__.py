"""Arrays in, arrays out: the compute core. It knows no layer, and nothing above knows a processor.

A kernel, marked ``@kernel``, fills what it is given and explains nothing; the public function
beside it checks shapes and types, allocates, and calls. Work is cut into pieces by the size of the
problem, never by the number of threads, and pieces are added in a fixed order: every thread count
gives the same bits. Each kernel has a slow twin in ``tests/reference``.
"""
