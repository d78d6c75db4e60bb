"""Expressions, read by a parser of our own: a text becomes a graph, and nothing is evaluated.

Precedence climbing, as Python's: ``**`` (or ``^``) binds tightest and to the right, then the minus
sign, then ``*``, ``/`` and ``@``, then ``+`` and ``-``.
"""

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import NoReturn

from cvtool.errors import UsageError
from cvtool.graph.nodes import Node, Operation
from cvtool.graph.operations import BINARY, FUNCTIONS, NEGATE

DEEPEST = 100
"""Parentheses, signs and powers within each other."""

MOST_OPERATIONS = 200

_STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2, "@": 2, "**": 4}
_SIGN = 3
_SHOWN = 72
_SPELLINGS = {"^": "**", "×": "*", "·": "*", "÷": "/", "−": "-"}
_TOKEN = re.compile(
    r"(?P<number>(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?)|(?P<name>[^\W\d]\w*)"
    r"|(?P<sign>\*\*|[-+*/@^×·÷−(),])|(?P<wrong>\S)"
)


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int


def parse(text: str) -> Node:
    """Read an expression.

    Returns
    -------
    Node
        The output of its graph; a name that is used twice is one node.

    Raises
    ------
    UsageError
        With a caret under the place, if it is no expression.
    """
    return _Parser("".join(" " if each.isspace() else each for each in text)).whole()


@dataclass
class _Parser:
    text: str
    tokens: list[_Token] = field(default_factory=list)
    place: int = 0
    depth: int = 0
    operations: int = 0
    names: dict[str, Node] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for match in _TOKEN.finditer(self.text):
            kind, word = str(match.lastgroup), match.group()
            if kind == "wrong":
                self._refuse(f"'{word}' means nothing here: leave it out", match.start())
            self.tokens.append(_Token(kind, _SPELLINGS.get(word, word), *match.span()))
        self.tokens.append(_Token("end", "", len(self.text), len(self.text)))

    def whole(self) -> Node:
        root = self._binary(0)
        if self._now.kind != "end":
            hint = (
                "there is a ')' too many: leave it out"
                if self._now.text == ")"
                else f"there is no sign before '{self._now.text}': write * for a product"
            )
            self._refuse(hint, self._now.start)
        return root

    @property
    def _now(self) -> _Token:
        return self.tokens[self.place]

    def _binary(self, weakest: int) -> Node:
        """Read operands joined by signs that bind more strongly than ``weakest``."""
        self.depth += 1
        if self.depth > DEEPEST:
            self._refuse(f"more than {DEEPEST} levels of nesting: take it apart", self._now.start)
        start = self._now.start
        left = self._operand()
        while _STRENGTH.get(self._now.text, 0) > weakest:
            sign = self._take().text
            strength = _STRENGTH[sign]
            right = self._binary(strength - 1 if sign == "**" else strength)
            left = self._node(BINARY[sign], (left, right), start)
        self.depth -= 1
        return left

    def _operand(self) -> Node:
        token = self._take()
        if token.text == "-":
            operand = self._binary(_SIGN)
            if operand.operation is None and operand.name is None:
                return Node(f"-{operand.text}", number=-operand.number)
            return self._node(NEGATE, (operand,), token.start)
        if token.text == "+":
            return self._binary(_SIGN)
        if token.text == "(":
            inner = self._binary(0)
            self._close(token)
            return inner
        if token.kind == "number":
            return self._number(token)
        if token.kind == "name":
            return self._call(token) if self._now.text == "(" else self._name(token)
        what = "the expression ends" if token.kind == "end" else f"'{token.text}' stands"
        return self._refuse(
            f"{what} where a name, a number or '(' is needed: complete the expression", token.start
        )

    def _number(self, token: _Token) -> Node:
        number = float(token.text)
        if number == float("inf"):
            self._refuse(f"{token.text} is beyond float64: take a smaller number", token.start)
        return Node(token.text, number=number)

    def _name(self, token: _Token) -> Node:
        if token.text in FUNCTIONS:
            self._refuse(
                f"{token.text} is a function: write {_called(token.text)}, or take another name",
                token.start,
            )
        return self.names.setdefault(token.text, Node(token.text, name=token.text))

    def _call(self, token: _Token) -> Node:
        if token.text not in FUNCTIONS:
            near = get_close_matches(token.text.lower(), FUNCTIONS, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(FUNCTIONS)}"
            self._refuse(f"there is no function {token.text}: {hint}", token.start)
        opening, arguments = self._take(), []
        if self._now.text != ")":
            arguments.append(self._binary(0))
            while self._now.text == ",":
                self._take()
                arguments.append(self._binary(0))
        self._close(opening)
        operation = FUNCTIONS[token.text]
        if len(arguments) != operation.arity:
            self._refuse(
                f"{token.text} was given {len(arguments)} values: write {_called(token.text)}",
                token.start,
            )
        return self._node(operation, tuple(arguments), token.start)

    def _node(self, operation: Operation, inputs: tuple[Node, ...], start: int) -> Node:
        self.operations += 1
        if self.operations > MOST_OPERATIONS:
            self._refuse(f"more than {MOST_OPERATIONS} operations: take a smaller one", start)
        text = self.text[start : self.tokens[self.place - 1].end]
        return Node(text, operation, inputs)

    def _take(self) -> _Token:
        token = self._now
        self.place = min(self.place + 1, len(self.tokens) - 1)
        return token

    def _close(self, opening: _Token) -> None:
        if self._now.text != ")":
            self._refuse("this '(' is never closed: write the ')'", opening.start)
        self._take()

    def _refuse(self, sentence: str, place: int) -> NoReturn:
        """Show the part of the expression around a place, with a caret under it."""
        first = max(0, min(place - _SHOWN // 2, len(self.text) - _SHOWN))
        raise UsageError(
            f"EXPRESSION: {sentence}",
            f"  {self.text[first : first + _SHOWN]}",
            f"  {' ' * (place - first)}^",
        )


def _called(name: str) -> str:
    return f"{name}({', '.join('ab'[: FUNCTIONS[name].arity])})"
