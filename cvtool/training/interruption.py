"""Ctrl-C between two steps instead of in the middle of one."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

_NAMES = ("SIGINT", "SIGTERM", "SIGBREAK")  # the last is Ctrl-Break, and known to Windows alone


def _signals() -> list[signal.Signals]:
    return [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]


class Interruption:
    """Whether someone wants the run to stop."""

    def __init__(self) -> None:
        self.requested = False


@contextmanager
def interruption() -> Iterator[Interruption]:
    """Take the first Ctrl-C, or SIGTERM, as a wish to be granted when the weights are in order.

    The second one is carried out at once. Only the main thread receives signals; elsewhere the wish
    never comes.
    """
    wish = Interruption()
    if threading.current_thread() is not threading.main_thread():
        yield wish
        return
    before: dict[signal.Signals, Any] = {each: signal.getsignal(each) for each in _signals()}

    def note(number: int, frame: FrameType | None) -> None:
        del number, frame
        wish.requested = True
        _restore(before)

    for each in before:
        signal.signal(each, note)
    try:
        yield wish
    finally:
        _restore(before)


@contextmanager
def terminated_as_by_a_key() -> Iterator[None]:
    """Take SIGTERM as Ctrl-C, a KeyboardInterrupt: for work that may be left at any moment."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _restore(handlers: dict[signal.Signals, Any]) -> None:
    for number, handler in handlers.items():
        signal.signal(number, handler)
