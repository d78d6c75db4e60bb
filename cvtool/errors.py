"""Errors a user can cause, each one sentence (rule, value, remedy) with the exit code it ends in.

Anything else that escapes is a bug of ours: it keeps its traceback and ends with exit code 1.
"""


class CvtoolError(Exception):
    """Something a user can mend; the message says how, on one line or on those that are given."""

    exit_code = 1

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(map(on_one_line, lines)))


class UsageError(CvtoolError):
    """Words on the command line, or in a configuration, that cannot be carried out."""

    exit_code = 2


class DataError(CvtoolError):
    """Data, or a run folder, that cannot be read as what it should be."""

    exit_code = 3


class CheckFailedError(CvtoolError):
    """A check did its work and found something wrong."""

    exit_code = 4


def on_one_line(text: str) -> str:
    """Spell signs that cannot be seen, as a name in a strange file may hold to move the cursor."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)
