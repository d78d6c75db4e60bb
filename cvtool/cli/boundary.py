"""The one error boundary: whatever happens ends in words on stderr and an exit code.

======  ==================================================
0       done
1       a bug of ours, with its traceback
2       wrong usage
3       data or a file that cannot be read or written
4       a check did its work and found something wrong
5       training diverged
130     interrupted, after saving
======  ==================================================
"""

import errno
import os
import sys
import traceback
from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

import typer

from cvtool.errors import CvtoolError
from cvtool.files import ON_WINDOWS

WRONG_WORDS = typer.BadParameter.__mro__[2]
"""What all of Typer's complaints about the command line have in common."""

SPACE = "free some space or work in another folder"
PERMISSION = "change its permissions or work in another folder"
SPELLING = "check the spelling and the folder you are in"
REMEDIES = {
    errno.ENOSPC: SPACE,
    errno.EDQUOT: SPACE,
    errno.EFBIG: SPACE,
    errno.EACCES: PERMISSION,
    errno.EPERM: PERMISSION,
    errno.EROFS: PERMISSION,
    errno.ENOENT: SPELLING,
    errno.ENOTDIR: SPELLING,
    errno.EISDIR: "name a file in it",
    errno.EEXIST: "move it away or work in another folder",
    errno.ENAMETOOLONG: "choose a shorter name",
}
"""What users can do about the system's errors that they can cause; others are our bugs."""


def exit_code(work: Callable[[], int], help_command: str) -> int:
    """Do the work and turn its ending into an exit code.

    Parameters
    ----------
    work
        What was asked for; returns the exit code of an ending without error.
    help_command
        Where a user whose words were not understood can read on.
    """
    try:
        code = work()
        if sys.stdout is not None:  # as it is where it was closed from the start
            sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if _nobody_reads(error):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        return _explain(error, help_command)


def _nobody_reads(error: Exception) -> bool:
    """Whether the reader has left, as in ``cvtool … | head``; Windows has no word of its own."""
    if isinstance(error, BrokenPipeError):
        return True
    if not (ON_WINDOWS and isinstance(error, OSError)):
        return False
    return error.errno == errno.EINVAL and error.filename is None


def _explain(error: Exception, help_command: str) -> int:
    if isinstance(error, CvtoolError):
        return _say(str(error), error.exit_code)
    if isinstance(error, WRONG_WORDS):
        return _say(_usage_sentence(error, help_command), 2)
    if isinstance(error, OSError) and error.errno in REMEDIES:
        name = f"{error.filename}: " if error.filename else ""
        return _say(f"{name}{error.strerror}; {REMEDIES[error.errno]}", 3)
    if isinstance(error, MemoryError):
        return _say("not enough memory: take fewer or smaller images, or smaller batches", 2)
    traceback.print_exception(error)
    return _say("this is a bug of ours, please report it with the lines above", 1)


def _say(sentence: str, code: int) -> int:
    print(f"cvtool: {sentence}", file=sys.stderr)
    return code


def _usage_sentence(error: Any, help_command: str) -> str:
    """Make one sentence of Typer's complaint, with what was nearly said or where to read on."""
    if hasattr(error, "option_name") and hasattr(error, "possibilities"):
        words = f"there is no option {error.option_name}"
        near = get_close_matches(error.option_name, error.possibilities or [], n=1)
        return f"{words}: did you mean {near[0]}?" if near else f"{words}: see {help_command}"
    words, suggests, _ = error.format_message().partition("?")
    words = words.removesuffix(".").replace(". Did you", ": did you")
    sentence = words[:1].lower() + words[1:]
    return f"{sentence}?" if suggests else f"{sentence}: see {help_command}"
