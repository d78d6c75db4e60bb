"""What is wrong with an installation, or with what the machine grants it, and what to do."""

from collections.abc import Iterator

from cvtool.records import (
    Doctor,
    FolderFacts,
    MemoryFacts,
    ProcessorFacts,
    Speed,
    TerminalFacts,
    ThreadFacts,
    Verdict,
)

LITTLE_DISK = 1_000_000_000
"""Bytes: a data set such as CIFAR-10 takes a fifth of that, and as much to unpack."""

LITTLE_MEMORY = 500_000_000
"""Bytes: what training on small images takes."""

STEADY = 0.8
"""Share of the best speed that the median reaches on a machine that is quiet."""

FAST = 0.4
"""Share of the peak that real work reaches, and more, unless something is wrong."""

PORTABLE = "generic"
"""Name of the tile for processors of which nothing is known."""

NARROW = 60
"""Characters a line below which tables are hard to read."""


def judge(found: Doctor) -> tuple[Verdict, ...]:
    """Say of everything that is known whether it is well."""
    return tuple(_judge(found))


def _judge(found: Doctor) -> Iterator[Verdict]:
    problem = found.problem
    words = f"the core does not start: {problem}" if problem else "the core starts"
    advice = "; install cvtool anew in an environment of its own"
    yield Verdict("core", not problem, None, words + (advice if problem else ""))
    if found.processor:
        yield from _processor(found.processor)
    if found.threads:
        yield _threads(found.threads)
    yield from _speeds(found.speeds, found.threads)
    yield from _memory(found.memory)
    for folder in found.folders:
        yield from _folder(folder)
    yield _terminal(found.terminal)


def _processor(processor: ProcessorFacts) -> Iterator[Verdict]:
    told = " and ".join(processor.told)
    if told:
        message = f"numba is told of another processor: unset {told} to have the tile for yours"
        yield Verdict("processor settings", False, None, message)
    if processor.tile == PORTABLE:
        message = (
            "no AVX2 with FMA and no NEON: the portable tile is used, which is several times slower"
        )
        message += "" if told else "; a newer processor is worth its price"
        yield Verdict("register tile", False, None, message)
    else:
        message = f"{processor.why}: the tile for it is used"
        yield Verdict("register tile", True, None, message)


def _threads(threads: ThreadFacts) -> Verdict:
    check, count = "threads", threads.threads
    if threads.granted is not None and threads.granted < count:
        message = (
            f"{count} threads share the time of {threads.granted:g} processors, as much as the "
            f"container is granted: try --threads {max(1, int(threads.granted))}, or grant more"
        )
        return Verdict(check, False, threads.granted, message)
    if threads.allowed is not None and threads.allowed < count:
        message = (
            f"{count} threads share {threads.allowed} processors: try --threads {threads.allowed}"
        )
        return Verdict(check, False, count, message)
    if threads.processors is not None and count < threads.processors:
        limit = "the process is held to them"
        if threads.allowed is None or threads.allowed > count:
            limit = "NUMBA_NUM_THREADS says so"
        message = f"{count} of {threads.processors} processors are used: {limit}"
        return Verdict(check, False, count, message + "; lift that to be faster")
    return Verdict(check, True, count, f"{count} threads, one for each processor")


def _speeds(speeds: tuple[Speed, ...], threads: ThreadFacts | None) -> Iterator[Verdict]:
    if not speeds:
        return
    steadiness = min(each.median / each.best for each in speeds)
    busy = threads.busy if threads else None
    waiting = "" if busy is None else f", {busy:.1f} processes run or wait"
    if steadiness < STEADY:
        message = (
            f"the same work often takes {1 / steadiness:.1f} times as long as at best{waiting}: "
            f"others use the processors; end them, or share with --threads"
        )
        yield Verdict("quiet machine", False, steadiness, message)
    else:
        message = f"speed is steady: the median is {100 * steadiness:.0f} % of the best"
        yield Verdict("quiet machine", True, steadiness, message)
    slowest = min(speeds, key=lambda each: each.share_of_peak)
    message = f"{slowest.work} reaches {100 * slowest.share_of_peak:.0f} % of the peak"
    if slowest.share_of_peak < FAST:
        message += ": less than it should; measure again when nothing else runs, then report it"
    yield Verdict("speed", slowest.share_of_peak >= FAST, slowest.share_of_peak, message)


def _memory(memory: MemoryFacts) -> Iterator[Verdict]:
    known = [each for each in (memory.available, memory.granted) if each is not None]
    if known:
        left = min(known)
        words = f"{left / 1e9:.1f} GB can be had"
        if left < LITTLE_MEMORY:
            words += ": end other programs, or take smaller batches with --batch-size"
        yield Verdict("memory", left >= LITTLE_MEMORY, left, words)


def _folder(folder: FolderFacts) -> Iterator[Verdict]:
    check = "folder"
    if folder.writable is False:
        yield Verdict(check, False, None, f"{folder.path} cannot be written: {_remedy(folder)}")
    elif folder.free is not None:
        words = f"{folder.free / 1e9:.1f} GB are free at {folder.path}"
        if folder.free < LITTLE_DISK:
            words += ": make room, 'cvtool data clean' removes what can be made again"
        yield Verdict(check, folder.free >= LITTLE_DISK, folder.free, words)


def _remedy(folder: FolderFacts) -> str:
    remedies = {
        "kernels": "every start compiles anew; change its permissions, or set XDG_CACHE_HOME",
        "data sets": "change its permissions, or set CVTOOL_DATA to another folder",
    }
    return remedies.get(folder.what, "change its permissions, or work in another folder")


def _terminal(terminal: TerminalFacts) -> Verdict:
    check, encoding = "terminal", terminal.encoding
    if encoding and not encoding.lower().startswith("utf"):
        message = f"{encoding} has no signs such as × and ✓: set PYTHONUTF8=1 to see them"
        return Verdict(check, False, None, message)
    if terminal.terminal and terminal.width < NARROW:
        message = f"{terminal.width} characters are few for tables: widen the window"
        return Verdict(check, False, terminal.width, message)
    return Verdict(check, True, terminal.width, f"{terminal.width} characters, {encoding}")
