"""Ways to damage a file, as values: drawn by hypothesis to be shrunk, or at random to be many."""

import re
from random import Random
from typing import NamedTuple

from hypothesis import strategies as st

from .packings import packing_of
from .seeds import SEEDS, Files, Seed

NUMBERS = [
    number.to_bytes(size, order)
    for size in (1, 2, 4, 8)
    for order in ("little", "big")
    for number in (0, 1, 2 ** (8 * size - 1) - 1, 2 ** (8 * size - 1), 2 ** (8 * size) - 1)
]
DIGITS = [b"0", b"-1", b"99999", b"4294967296", b"9" * 30, b"9" * 6000, b"1e9"]
WORDS = [
    *(b"\x93NUMPY\x01\x00", b"'|O'", b"'<U0'", b"'<M8[s]'", b"(", b")", b"-", b",", b"'"),
    *(b"cos\nsystem\n", b"c__builtin__\neval\n", b"R", b"b", b"(", b"]", b"}", b"a", b"u", b"."),
    *(b"r\xff\xff\xff\xff", b"\x8e\xff\xff\xff\xff\x00\x00\x00\x00", b"\x85", b"q\x00h\x00"),
    *(b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x06", b"\x1f\x8b\x08", b"BZh9", b"\xfd7zXZ\x00"),
    *(b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\0", b"\n", b"\r", b'"', b",", b";", b"\t"),
    *(b"/dev/zero", b"../", b"..", b"/", b"label", b"file", b"#", b"\xe9", b"\xf0\x9f\x99\x82"),
    *(b"IHDR", b"acTL", b"iTXt", b"Exif\0\0", b"GIF89a", b"II*\0", b"MM\0*", b"RIFF", b"BM"),
    *(b"%!PS-Adobe-3.0 EPSF-3.0\n", b"P6 9999999 9999999 255\n", b"8BPS", b"SIMPLE  ="),
]
TOKENS = [*NUMBERS, *DIGITS, *WORDS]
KINDS = (
    *("flip", "set", "overwrite", "insert", "delete", "repeat", "swap", "cut", "digits", "fill"),
    *("splice", "empty", "drop file", "exchange files"),
)
_MOST_REPEATS = 300


class Change(NamedTuple):
    """One piece of damage.

    ``file`` and ``piece`` count round the files and pieces there are; ``depth`` is how many
    packings are opened first; ``where`` and ``there`` are shares of the length.
    """

    kind: str
    file: int
    depth: int
    piece: int
    where: float
    there: float
    count: int
    token: bytes
    other: str


shares = st.floats(0, 1, exclude_max=True)
changes = st.builds(
    Change,
    kind=st.sampled_from(KINDS),
    file=st.integers(0, 9),
    depth=st.integers(0, 3),
    piece=st.integers(0, 9),
    # Headers come first, and decide most.
    where=st.builds(lambda share, power: share**power, shares, st.sampled_from([1, 4])),
    there=shares,
    count=st.integers(1, 64),
    token=st.sampled_from(TOKENS) | st.binary(max_size=8),
    other=st.sampled_from(sorted(SEEDS)),
)


def random_change(random: Random) -> Change:
    """Draw what ``changes`` describes, faster."""
    return Change(
        kind=random.choice(KINDS),
        file=random.randrange(10),
        depth=random.randrange(4),
        piece=random.randrange(10),
        where=random.random() ** random.choice([1, 4]),
        there=random.random(),
        count=random.randint(1, 64),
        token=random.choice(TOKENS) if random.random() < 0.7 else random.randbytes(4),
        other=random.choice(sorted(SEEDS)),
    )


def damaged(seed: Seed, changes: list[Change]) -> Files:
    """Damage the files of a data set by one change after another."""
    files = dict(seed.files)
    for change in changes:
        if not files:
            break
        name = sorted(files)[change.file % len(files)]
        other = sorted(files)[(change.file + change.piece) % len(files)]
        if change.kind == "drop file":
            del files[name]
        elif change.kind == "exchange files":
            files[name], files[other] = files[other], files[name]
        else:
            files[name] = _damage(files[name], change, change.depth)
    return files


def _damage(content: bytes, change: Change, depth: int) -> bytes:
    """Damage a file, or a piece of it as deep inside as it can be taken apart."""
    packing = packing_of(content) if depth else None
    if packing is not None:
        try:
            pieces = packing.split(content)
            at = change.piece % len(pieces)
            pieces[at] = _damage(pieces[at], change, depth - 1)
            return packing.join(content, pieces)
        except Exception:  # an earlier change has damaged the packing itself
            pass
    return _apply(content, change)


def _apply(content: bytes, change: Change) -> bytes:
    at, there = int(change.where * len(content)), int(change.there * len(content))
    end = at + change.count
    before, inside, after = content[:at], content[at:end], content[end:]
    match change.kind:
        case "flip":
            bit = 1 << (change.count % 8)
            return before + bytes(each ^ bit for each in content[at : at + 1]) + content[at + 1 :]
        case "set":
            return before + change.token[:1] + content[at + 1 :]
        case "overwrite":
            return before + change.token + content[at + len(change.token) :]
        case "insert":
            return before + change.token + content[at:]
        case "delete":
            return before + after
        case "repeat":
            return before + inside * (change.count * 5 % _MOST_REPEATS) + after
        case "swap":
            first, second = sorted((at, there))
            return (
                content[:first]
                + content[second : second + change.count]
                + content[first + change.count : second]
                + content[first : first + change.count]
                + content[second + change.count :]
            )
        case "cut":
            return before
        case "digits":
            return before + re.sub(rb"[0-9]+", lambda _: change.token, content[at:], count=1)
        case "fill":
            return before + change.token[:1] * len(inside) + after
        case "splice":
            files = SEEDS[change.other].files
            foreign = files[sorted(files)[change.piece % len(files)]]
            return before + foreign[int(change.there * len(foreign)) :]
        case _:
            return b""
