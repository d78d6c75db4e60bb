"""The grammar of architecture formulas, by recursive descent.

It is the notes' ``((CONV + RELU)·N + POOL)·M + (FC + RELU)·K + SOFTMAX`` (§5) in the words of VGG
(Simonyan & Zisserman, 2015). Case and space do not matter; ``∗``, ``×`` and ``·`` mean ``*``::

    formula  = sum ["+" loss] | loss
    sum      = term {"+" term}
    term     = (word | "(" sum ")" | residual) ["*" repeats]
    residual = "res" [survival] "(" sum ")"
    loss     = "softmax" | "svm"
    word     = conv3-32 | conv5x3-32 | conv3-32/2 (stride) | conv3-32p0 (padding) | maxpool2 | …

``vocabulary`` has all the words.
"""

from cvtool.config import LOSSES
from cvtool.errors import UsageError
from cvtool.models.formula_parts import Branch, Part, Repeat, Single
from cvtool.models.formula_text import Reader, Word
from cvtool.models.vocabulary import read_word

MOST_REPEATS = 1_000
DEEPEST_NESTING = 32


class Parser:
    """One method for each rule of the grammar; ``loss`` is what the formula ends in, if it says."""

    def __init__(self, text: str, conv: str) -> None:
        if not text.strip():
            raise UsageError("--arch takes a formula, as conv3-32 + relu + maxpool2, not nothing")
        self.reader = Reader(text)
        self.conv = conv
        self.depth = 0
        self.loss: str | None = None

    def formula(self) -> list[Part]:
        """Read all of the text.

        Raises
        ------
        UsageError
            Where it breaks a rule, with a marker under the place.
        """
        parts = self._sum()
        if not self.reader.at_end:
            closes = self.reader.sign == ")"
            raise self.reader.error("closes no parenthesis" if closes else "needs a + before it")
        return parts

    def _sum(self) -> list[Part]:
        parts = self._term()
        while self.reader.take("+"):
            parts += self._term()
        return parts

    def _term(self) -> list[Part]:
        """Read one term; there is none where the loss stands in its place."""
        opened = self.reader.place
        if self.reader.take("("):
            inside = self._inside(opened)
            return [Repeat(inside, self._repeats())]
        word = self.reader.word()
        if word.text in LOSSES:
            self._end(word)
            return []
        part = self._residual(word) if word.name == "res" else Single(read_word(word, self.conv))
        times = self._repeats()
        return [part] if times is None else [Repeat([part], times)]

    def _inside(self, opened: int) -> list[Part]:
        """Read on from an opening parenthesis to the closing one."""
        if self.depth == DEEPEST_NESTING:
            raise self.reader.error("is nested too deeply: simplify the formula", opened)
        self.depth += 1
        parts = self._sum()
        self.depth -= 1
        if not self.reader.take(")"):
            if self.reader.at_end:
                raise self.reader.error("is never closed: add a )", opened)
            raise self.reader.error("needs a + before it")
        return parts

    def _residual(self, word: Word) -> Part:
        word.example = "res0.8(conv3-32 + bn + relu)"
        survival = word.real("a survival probability") if word.rest else 1.0
        word.end()
        if not 0 < survival <= 1:
            raise word.error(f"takes a survival of more than 0 and at most 1, not {survival:g}")
        opened = self.reader.place
        if not self.reader.take("("):
            raise word.error(f"needs its branch in parentheses, as in {word.example}")
        branch = Branch(self._inside(opened), survival)
        if branch.count == 1:
            raise word.error("needs at least one layer in its branch")
        return branch

    def _repeats(self) -> int | None:
        if not self.reader.take("*"):
            return None
        word = self.reader.word("a number of repeats")
        word.example = "(conv3-32 + relu)*2"
        times = word.whole("a number of repeats", low=0, high=MOST_REPEATS)
        word.end()
        return times

    def _end(self, word: Word) -> None:
        if self.depth or not self.reader.at_end:
            raise word.error("is the loss and comes last, outside all parentheses")
        self.loss = word.text
