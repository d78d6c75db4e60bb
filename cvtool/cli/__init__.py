"""Words in, exit code out: one file a command, no logic, nothing heavy imported before it runs.

Options are generated from the frozen configurations of ``config``, which alone know names, defaults
and bounds. ``boundary`` is the one place where errors become sentences and exit codes.
"""
