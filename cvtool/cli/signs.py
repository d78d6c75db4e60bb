"""Signs for terminals and files whose encoding knows no × and ✓, as LANG=C and code pages do.

Where a sign is missing, one that looks alike, or says the same, takes its place: marks of checks
must not all become question marks. Most are one character for one, so that tables keep their shape.
"""

import codecs
import sys
from io import TextIOWrapper

HANDLER = "cvtool.signs"

SIGNS = str.maketrans(
    {
        **dict.fromkeys("✓", "+"),
        **dict.fromkeys("✗×", "x"),
        **dict.fromkeys("−–‑—─━╌═╸╺", "-"),
        **dict.fromkeys("│┃║", "|"),
        **dict.fromkeys("├└┌┐┘┤┬┴┼╭╮╯╰", "+"),
        **dict.fromkeys("█▇▆▅▄▃▂▁▉▊▋▌▍▎▏▀■", "#"),
        **dict.fromkeys("·•", "."),
        **dict.fromkeys("≈∼", "~"),
        **dict.fromkeys("’‘", "'"),
        **dict.fromkeys("“”„", '"'),
        "…": "...",
        "≤": "<=",
        "≥": ">=",
        "≠": "!=",
        "±": "+-",
        "→": "->",
        "←": "<-",
        "⇔": "<=>",
        "⇒": "=>",
        "÷": "/",
        "²": "^2",
        "√": "sqrt",
        "∇": "grad",
        "∂": "d",
        "Σ": "sum",
        "λ": "lambda",
        "β": "beta",
        "σ": "sigma",
        "µ": "mu",
        "μ": "mu",
        "∞": "inf",
        "§": "section ",
    }
)


def spell_missing_signs() -> None:
    """Let stdout and stderr spell what their encoding does not know, and never fail of it."""
    codecs.register_error(HANDLER, _spelled)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=HANDLER)


def _spelled(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    words = error.object[error.start : error.end].translate(SIGNS)
    return words.encode("ascii", "replace").decode("ascii"), error.end
