"""An installation and its machine, to be read and to be pasted into a bug report."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from cvtool.records import Doctor, FolderFacts, ProcessorFacts, Speed, ThreadFacts
from cvtool.render.narrow import Table
from cvtool.render.quantities import count, duration, share, size
from cvtool.render.verdict_lines import verdict_lines

UNKNOWN = "unknown"


def doctor_table(found: Doctor) -> RenderableType:
    """Lay out all facts, a line each, then the verdicts."""
    facts = Table.grid(padding=(0, 2, 0, 0))
    facts.add_column(style="dim", no_wrap=True)
    facts.add_column(overflow="fold")
    for name, words in _facts(found):
        facts.add_row(name, Text(words))
    return Group(facts, Text(), verdict_lines(found.verdicts))


def _facts(found: Doctor) -> Iterator[tuple[str, str]]:
    yield "versions", _listed({name: each or "–" for name, each in found.versions.items()}, " ")
    yield "system", found.system
    yield from _processor(found.processor)
    yield from _threads(found.threads)
    yield from (("speed", _speed(each)) for each in found.speeds)
    yield "memory", _memory(found)
    yield from ((each.what, _folder(each)) for each in found.folders)
    yield "terminal", _terminal(found)
    yield "took", duration(found.seconds)


def _processor(processor: ProcessorFacts | None) -> Iterator[tuple[str, str]]:
    if processor is None:
        yield "processor", UNKNOWN
        return
    yield "processor", f"{processor.name}, {processor.architecture}"
    has = [name for name, there in processor.features.items() if there]
    lacks = [name for name, there in processor.features.items() if not there]
    yield "it has", ", ".join(has) or "none of these"
    yield "it has not", ", ".join(lacks) or "–"
    if processor.told:
        yield "as told by", _listed(processor.told, "=")
    multiplying = "multiplied" if processor.multiplies_bytes else "widened"
    yield (
        "tile",
        f"{processor.tile}, {processor.tile_rows}×{processor.tile_columns} numbers, because "
        f"{processor.why}; bytes are {multiplying}",
    )


def _threads(threads: ThreadFacts | None) -> Iterator[tuple[str, str]]:
    if threads is None:
        yield "threads", UNKNOWN
        return
    layer = threads.layer or "not started"
    yield "threads", f"{threads.threads}, numba's, layer {layer}"
    granted = "no limit" if threads.granted is None else f"time of {threads.granted:g}"
    busy = UNKNOWN if threads.busy is None else f"{threads.busy:.1f}"
    yield (
        "processors",
        f"{_known(threads.processors)}, allowed {_known(threads.allowed)}, granted {granted}; "
        f"processes that run or wait: {busy}",
    )
    blas = UNKNOWN if threads.blas is None else _listed(threads.blas, ": ") or "none is loaded"
    yield "BLAS threads", blas


def _speed(speed: Speed) -> str:
    return (
        f"{speed.work}: {speed.best / 1e9:.1f} GFLOP/s, {share(speed.share_of_peak)} of the peak, "
        f"median {speed.median / 1e9:.1f}"
    )


def _memory(found: Doctor) -> str:
    memory = found.memory
    granted = "no limit" if memory.granted is None else size(memory.granted)
    return f"{_size(memory.total)}, available {_size(memory.available)}, granted {granted}"


def _folder(folder: FolderFacts) -> str:
    if not folder.exists:
        return f"{folder.path}: not there yet, {_size(folder.free)} free"
    held = UNKNOWN if folder.holds is None else count(folder.holds)
    return f"{folder.path}: {held} in {_size(folder.bytes)}, {_size(folder.free)} free"


def _terminal(found: Doctor) -> str:
    terminal = found.terminal
    kind = "a terminal" if terminal.terminal else "no terminal"
    told = f"; {_listed(terminal.settings, '=')}" if terminal.settings else ""
    return (
        f"{kind}, {terminal.width} characters wide, colors: {terminal.colors or 'none'}, "
        f"{terminal.encoding or UNKNOWN}{told}"
    )


def _listed(values: Mapping[str, Any], sign: str) -> str:
    return ", ".join(f"{name}{sign}{value}" for name, value in values.items())


def _known(number: int | None) -> str:
    return UNKNOWN if number is None else str(number)


def _size(number: int | None) -> str:
    return UNKNOWN if number is None else size(number)
