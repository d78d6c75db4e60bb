"""Ctrl-C: a wish first, an order after; nothing is left behind."""

import signal
import threading

import pytest

from cvtool.training.interruption import interruption, terminated_as_by_a_key

SIGNALS = [signal.SIGINT, signal.SIGTERM]


@pytest.fixture(autouse=True)
def received():
    """Note signals that reach the handlers of whoever runs the training."""
    noted = []
    before = {each: signal.signal(each, lambda number, _: noted.append(number)) for each in SIGNALS}
    yield noted
    for each, handler in before.items():
        signal.signal(each, handler)


@pytest.mark.parametrize("number", SIGNALS)
def test_the_first_signal_is_a_wish_and_the_second_goes_through(number, received):
    with interruption() as wish:
        assert not wish.requested
        signal.raise_signal(number)
        assert wish.requested
        assert received == []
        signal.raise_signal(number)
    assert received == [number]


def test_the_second_ctrl_c_interrupts_at_once():
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with interruption() as wish:
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        assert wish.requested


def test_another_signal_may_be_the_second(received):
    with interruption():
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGTERM)
    assert received == [signal.SIGTERM]


@pytest.mark.parametrize("error", [None, ValueError, KeyboardInterrupt])
@pytest.mark.parametrize("interrupted", [False, True])
def test_handlers_are_as_before_however_it_ends(error, interrupted):
    before = [signal.getsignal(each) for each in SIGNALS]

    def train():
        with interruption():
            if interrupted:
                signal.raise_signal(signal.SIGINT)
            if error:
                raise error

    if error:
        with pytest.raises(error):
            train()
    else:
        train()
    assert [signal.getsignal(each) for each in SIGNALS] == before


def test_in_another_thread_the_wish_never_comes(received):
    before = [signal.getsignal(each) for each in SIGNALS]
    seen = []

    def train():
        with interruption() as wish:
            seen.append((wish.requested, [signal.getsignal(each) for each in SIGNALS]))

    thread = threading.Thread(target=train)
    thread.start()
    thread.join()
    assert seen == [(False, before)]
    assert received == []


def test_termination_is_an_interrupt_for_what_may_be_left_at_any_moment(received):
    with pytest.raises(KeyboardInterrupt), terminated_as_by_a_key():
        signal.raise_signal(signal.SIGTERM)
    signal.raise_signal(signal.SIGTERM)  # which is whoever's it was before
    assert received == [signal.SIGTERM]


def test_ctrl_c_stays_what_it_is_beside_termination(received):
    with terminated_as_by_a_key():
        signal.raise_signal(signal.SIGINT)
    assert received == [signal.SIGINT]


@pytest.mark.parametrize("error", [None, ValueError])
def test_termination_is_as_before_however_it_ends(error):
    before = [signal.getsignal(each) for each in SIGNALS]

    def work():
        with terminated_as_by_a_key():
            if error:
                raise error

    if error:
        with pytest.raises(error):
            work()
    else:
        work()
    assert [signal.getsignal(each) for each in SIGNALS] == before


def test_in_another_thread_termination_is_left_alone():
    before = [signal.getsignal(each) for each in SIGNALS]
    seen = []

    def work():
        with terminated_as_by_a_key():
            seen.append([signal.getsignal(each) for each in SIGNALS])

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [before]
