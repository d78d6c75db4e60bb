"""Numbers as people write them: 1.25 M, 3.4 MB, 98.3 %, 1,950 images/s, 2 min 05 s."""

from math import isfinite, isnan


def count(number: int) -> str:
    """Write a number of things: ``9,738``, ``1.25 M``."""
    return f"{number:,}" if number < 100_000 else _prefixed(number)


def size(memory: int) -> str:
    """Write bytes: ``640 B``, ``3.4 MB``."""
    return f"{memory} B" if memory < 1000 else f"{_prefixed(memory, digits=2)}B"


def _prefixed(number: float, digits: int = 3) -> str:
    """Keep so many digits, or all before the point, and a prefix: k, M, G, T."""
    prefixes = iter(" kMGT")
    prefix = next(prefixes)
    while float(f"{number:.3g}") >= 1000 and prefix != "T":
        number, prefix = number / 1000, next(prefixes)
    decimals = max(0, digits - len(str(int(number))))
    return f"{number:.{decimals}f} {prefix}"


def share(part: float) -> str:
    """Write a part of one: ``98.3 %``."""
    return "–" if isnan(part) else f"{100 * part:.1f} %"


def shares(low: float, high: float) -> str:
    """Write from where to where a part of one reaches: ``98.7 – 100.0 %``."""
    return f"{100 * low:.1f} – {100 * high:.1f} %"


def points(difference: float, low: float, high: float) -> str:
    """Write by how much shares differ, and its interval: ``+1.2 points (-0.4 to +2.8)``."""
    return f"{100 * difference:+.1f} points ({100 * low:+.1f} to {100 * high:+.1f})"


def loss(value: float) -> str:
    """Write a loss in at most eight characters: ``0.0123``, ``12.35``, ``1.2e+06``, ``nan``."""
    if not isfinite(value) or abs(value) >= 1e5:
        return f"{value:.2g}"
    return f"{value:.4f}" if abs(value) < 10 else f"{value:.2f}"


def rate(images_per_second: float) -> str:
    """Write images a second: ``1,950``."""
    return f"{images_per_second:,.0f}" if isfinite(images_per_second) else "–"


def duration(seconds: float) -> str:
    """Write a time that has passed: ``0.4 s``, ``2 min 05 s``, ``1 h 05 min``."""
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def clock(seconds: float) -> str:
    """Write a time to come: ``0:32``, ``1:05:00``."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def shape(sides: tuple[int, ...]) -> str:
    """Write a shape: ``32×32×3``."""
    return "×".join(map(str, sides))
