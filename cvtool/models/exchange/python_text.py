"""Python source that is laid out as formatters lay it out, whatever texts are in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

WIDTH = 88
"""Columns that the formatters Black and Ruff fill unless told otherwise."""

INDENT = 4


@dataclass(frozen=True)
class Call:
    """A call, in which each argument may have a ``name=`` before it.

    ``opened`` lays arguments out one a line, however short they are.
    """

    function: str
    arguments: Sequence["tuple[str, Call | str]"] = ()
    opened: bool = False

    @property
    def is_opened(self) -> bool:
        """Whether it, or a call inside it, takes several lines however short it is."""
        inside = (value for _, value in self.arguments if isinstance(value, Call))
        return bool(self.opened and self.arguments) or any(each.is_opened for each in inside)

    @property
    def parts(self) -> tuple[str, ...]:
        """The arguments, each on one line."""
        return tuple(name + _flat(value) for name, value in self.arguments)


def laid_out(before: str, value: Call | str, after: str = "", *, indent: int = 0) -> Iterator[str]:
    """Write an expression, on one line if it fits, else its arguments by themselves.

    Parameters
    ----------
    before, after
        What stands on its first line before it, and on its last line behind it.
    value
        The expression.
    indent
        Columns to the left.
    """
    flat = " " * indent + before + _flat(value) + after
    if isinstance(value, str) or not (value.is_opened or len(flat) > WIDTH):
        yield flat
        return
    yield f"{' ' * indent}{before}{value.function}("
    inside = indent + INDENT
    together = " " * inside + ", ".join(value.parts)
    if not value.is_opened and len(together) <= WIDTH:
        yield together
    else:
        for name, each in value.arguments:
            yield from laid_out(name, each, ",", indent=inside)
    yield f"{' ' * indent}){after}"


def literal(text: str) -> str:
    """Write a text as a literal, quoted as formatters quote it; what cannot be seen is escaped."""
    quote = '"' if text.count('"') <= text.count("'") else "'"
    pieces = (repr(piece)[1:-1] for piece in text.split(quote))  # repr then quotes as it likes
    return quote + f"\\{quote}".join(pieces) + quote


def _flat(value: Call | str) -> str:
    return value if isinstance(value, str) else f"{value.function}({', '.join(value.parts)})"
