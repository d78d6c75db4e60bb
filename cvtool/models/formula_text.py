"""The text of an architecture formula, read word by word, with errors that point at the place."""

import re
from dataclasses import dataclass, field

from cvtool.errors import UsageError

SPACE = re.compile(r"\s*")
SIGNS = {"+": "+", "*": "*", "∗": "*", "×": "*", "·": "*", "(": "(", ")": ")"}
_LETTERS = rf"[^\s{re.escape(''.join(SIGNS))}]"
WORD = re.compile(rf"conv[0-9]+×[0-9]+-{_LETTERS}*|{_LETTERS}+", re.IGNORECASE)
NAME = re.compile(r"[a-z]+(?:-[a-z]+)*")
NUMBER = re.compile(r"[0-9]*(?:\.[0-9]{0,4})?")
LONGEST_NUMBER = 6
WIDEST_VIEW = 76


def point_at(text: str, start: int, end: int, message: str) -> UsageError:
    """Make an error of one sentence, with the text and a marker under the place beneath it."""
    left = max(0, start - WIDEST_VIEW // 2)
    right = left + WIDEST_VIEW
    marker = " " * (start - left) + "^" * (min(end, right) - start)
    sentence = f"--arch: '{_short(text[start:end])}' at position {start + 1} {message}"
    return UsageError(sentence, f"  {text[left:right]}", f"  {marker}")


def _short(text: str, most: int = 32) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


@dataclass
class Word:
    """One word such as ``conv3-32/2``, taken apart from left to right.

    ``name`` is the part that says which layer it is; what follows are its numbers. ``example``
    shows a word of that kind as it should be.
    """

    text: str
    start: int
    formula: str
    example: str = ""
    name: str = field(init=False)
    place: int = field(init=False)

    def __post_init__(self) -> None:
        self.text = self.text.lower().replace("×", "x")
        named = NAME.match(self.text)
        self.name = named[0] if named else ""
        self.place = len(self.name)

    @property
    def rest(self) -> str:
        return self.text[self.place :]

    def take(self, mark: str) -> bool:
        """Step over a mark such as the slash before a stride, if it comes next."""
        found = self.rest.startswith(mark)
        self.place += len(mark) if found else 0
        return found

    def expect(self, mark: str, what: str) -> None:
        """Step over a mark that has to come next."""
        if not self.take(mark):
            raise self.error(f"needs {what}, as in {self.example}")

    def whole(self, what: str, *, low: int = 1, high: int) -> int:
        """Read a whole number from ``low`` to ``high``."""
        digits = self._digits(what)
        if not digits.isdecimal() or not low <= int(digits) <= high:
            raise self.error(f"takes {what}, {low} to {high}, not {digits}")
        return int(digits)

    def real(self, what: str) -> float:
        """Read a number that may have a fraction."""
        return float(self._digits(what))

    def end(self) -> None:
        """Make sure that nothing is left over."""
        if self.rest:
            raise self.error(
                f"ends in '{_short(self.rest)}', which says nothing: write it as {self.example}"
            )

    def error(self, message: str) -> UsageError:
        """Say what is wrong with the word, and where it stands."""
        return point_at(self.formula, self.start, self.start + len(self.text), message)

    def _digits(self, what: str) -> str:
        found = NUMBER.match(self.rest)
        digits = found[0] if found else ""
        if not digits.strip("."):
            raise self.error(f"needs {what}, as in {self.example}")
        if len(digits) > LONGEST_NUMBER:
            raise self.error(f"has a number of more than {LONGEST_NUMBER} signs, {digits}")
        self.place += len(digits)
        return digits


class Reader:
    """A formula, read from left to right: signs and words.

    Space between them is ignored, and so is whatever cannot be shown in an error.
    """

    def __init__(self, formula: str) -> None:
        self.formula = "".join(sign if sign.isprintable() else " " for sign in formula)
        self.place = 0
        self._skip_space()

    @property
    def sign(self) -> str:
        """The sign that comes next, one of ``+ * ( )``, or nothing."""
        return SIGNS.get(self.formula[self.place : self.place + 1], "")

    @property
    def at_end(self) -> bool:
        return self.place == len(self.formula)

    def take(self, sign: str) -> bool:
        """Step over a sign if it comes next."""
        found = self.sign == sign
        if found:
            self.place += 1
            self._skip_space()
        return found

    def word(self, what: str = "a layer") -> Word:
        """Step over a word; there has to be one."""
        found = WORD.match(self.formula, self.place)
        if found is None:
            raise self.error(f"needs {what} {'after' if self.at_end else 'before'} it")
        self.place = found.end()
        self._skip_space()
        return Word(found[0], found.start(), self.formula)

    def error(self, message: str, place: int | None = None) -> UsageError:
        """Say what is wrong with what comes next, or with the last sign where the formula ends."""
        if place is None:
            place = len(self.formula.rstrip()) - 1 if self.at_end else self.place
        word = WORD.match(self.formula, place)
        return point_at(self.formula, place, word.end() if word else place + 1, message)

    def _skip_space(self) -> None:
        space = SPACE.match(self.formula, self.place)
        self.place = space.end() if space else self.place
