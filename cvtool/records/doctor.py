"""What this installation stands on and how fast it is; None is what could not be found out."""

from collections.abc import Mapping
from dataclasses import dataclass

from cvtool.records.verdict import Verdict


@dataclass(frozen=True)
class ProcessorFacts:
    """The processor as the compiler of kernels sees it, and the register tile that follows.

    ``told`` are the settings by which numba was told of another processor.
    """

    name: str
    architecture: str
    told: Mapping[str, str]
    features: Mapping[str, bool]
    tile: str
    tile_rows: int
    tile_columns: int
    why: str
    multiplies_bytes: bool


@dataclass(frozen=True)
class ThreadFacts:
    """Threads of the kernels, and what they can run on.

    ``granted`` is how many processors' time a control group allows, ``busy`` how many processes ran
    or waited over the last minute, ``blas`` the threads of each library of NumPy's.
    """

    threads: int
    layer: str | None
    processors: int | None
    allowed: int | None
    granted: float | None
    busy: float | None
    blas: Mapping[str, int] | None


@dataclass(frozen=True)
class Speed:
    """Floating-point operations a second: of the best round, and of the median one."""

    work: str
    best: float
    median: float
    share_of_peak: float


@dataclass(frozen=True)
class FolderFacts:
    """A folder: how many of ``what`` it holds, in how many bytes, and bytes free on its disk."""

    what: str
    path: str
    exists: bool
    holds: int | None
    bytes: int | None
    free: int | None
    writable: bool | None


@dataclass(frozen=True)
class MemoryFacts:
    """Bytes there are, are available, and are allowed."""

    total: int | None
    available: int | None
    granted: int | None


@dataclass(frozen=True)
class TerminalFacts:
    """Where results are written: what it can show, and what it was told by the environment."""

    terminal: bool
    width: int
    colors: str | None
    encoding: str | None
    settings: Mapping[str, str]


@dataclass(frozen=True)
class Doctor:
    """All of it, with what is wrong in words.

    ``speeds`` are empty where nothing was measured, ``problem`` says what kept the core from
    starting. Libraries that are not installed have no version.
    """

    ok: bool
    versions: Mapping[str, str | None]
    system: str
    processor: ProcessorFacts | None
    threads: ThreadFacts | None
    speeds: tuple[Speed, ...]
    memory: MemoryFacts
    folders: tuple[FolderFacts, ...]
    terminal: TerminalFacts
    problem: str | None
    verdicts: tuple[Verdict, ...]
    seconds: float
