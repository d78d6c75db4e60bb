"""The machine that a pickle is a program for, as far as plain values need it.

Python's own machine looks up whatever name it is told, and ten bytes are enough to make it claim
all memory, or to end the process by a tuple so deep that its hash overflows the stack. This one
has a stack, marks on it and a memory by number. It makes text, bytes, numbers, lists, tuples and
dictionaries with keys of text, takes a bounded number of operations, and knows no name but those
that it is given.
"""

import codecs
import pickle
import re
import struct
from collections.abc import Callable, Mapping
from typing import Any

Step = Callable[..., Any]
"""What a name stands for; what it returns may have a method ``build`` for its state."""

_MOST_OPERATIONS = 1_000_000  # CIFAR-100 takes 300,000; each makes one small object at most
_LONGEST_TEXT = 2**26  # bytes; a single sign from afar makes a text four times as large
_LONGEST_NUMBER = 64  # digits
_STOP = pickle.STOP[0]
_SMALL_INTEGERS = re.compile(b"(?:" + pickle.BININT1 + b".){1,1000}", re.DOTALL)


class PickleMachine:
    """Runs one pickle.

    Parameters
    ----------
    content
        The pickle, of any protocol.
    steps
        What may be called, by module and name.
    """

    def __init__(self, content: bytes, steps: Mapping[str, Step]) -> None:
        self._content, self._at = content, 0
        self._steps = steps
        self._stack: list[Any] = []
        self._marks: list[int] = []
        self._memory: dict[int, Any] = {}
        self._left = _MOST_OPERATIONS

    def run(self) -> Any:
        """Carry out one operation after another and return what they leave.

        Raises
        ------
        pickle.UnpicklingError
            If the pickle asks for what is not allowed, or is cut off.
        Exception
            Of many kinds, if it is damaged in another way.
        """
        while self._left > 0:
            self._left -= 1
            if self._at >= len(self._content):
                raise pickle.UnpicklingError("it is cut off")
            code = self._content[self._at]
            self._at += 1
            if code == _STOP:
                return self._stack.pop()
            operation = _BY_CODE.get(code)
            if operation is None:
                raise pickle.UnpicklingError(f"it asks for operation {code}, which is not allowed")
            operation(self)
        raise pickle.UnpicklingError(f"it takes more than {_MOST_OPERATIONS:,} operations")

    # Reading the pickle

    def _take(self, count: int) -> bytes:
        found = self._content[self._at : self._at + count]
        if len(found) != count:
            raise pickle.UnpicklingError("it is cut off")
        self._at += count
        return found

    def _number(self, size: int) -> int:
        return int.from_bytes(self._take(size), "little")

    def _line(self) -> bytes:
        line = self._take(self._content.index(b"\n", self._at) - self._at)
        self._at += 1
        return line

    def _digits(self) -> bytes:
        line = self._line()
        if len(line) > _LONGEST_NUMBER:
            raise pickle.UnpicklingError("it has a number of very many digits")
        return line

    def _decoded(self, content: bytes, encoding: str) -> str:
        if len(content) > _LONGEST_TEXT:
            raise pickle.UnpicklingError("it has a text that is too long")
        return content.decode(encoding)

    # Values

    def push(self, value: Any) -> None:
        self._stack.append(value)

    def small_integers(self) -> None:
        """Push all that stand one after another, for labels come in long rows."""
        found = _SMALL_INTEGERS.match(self._content, self._at - 1)
        if found is None:
            raise pickle.UnpicklingError("it is cut off")
        self._at = found.end()
        self._stack.extend(found[0][1::2])
        self._left -= len(found[0]) // 2 - 1

    def integer(self, size: int) -> None:
        self.push(self._number(size))

    def signed(self, size: int) -> None:
        self.push(int.from_bytes(self._take(size), "little", signed=True))

    def written_integer(self) -> None:
        line = self._digits()
        self.push(line == b"01" if line in (b"00", b"01") else int(line.removesuffix(b"L")))

    def real(self) -> None:
        self.push(struct.unpack(">d", self._take(8))[0])

    def written_real(self) -> None:
        self.push(float(self._digits()))

    def string(self, size: int) -> None:
        self.push(self._take(self._number(size)))

    def written_string(self) -> None:
        self.push(codecs.escape_decode(self._line()[1:-1])[0])

    def text(self, size: int) -> None:
        self.push(self._decoded(self._take(self._number(size)), "utf-8"))

    def written_text(self) -> None:
        self.push(self._decoded(self._line(), "raw-unicode-escape"))

    # Collections

    def mark(self) -> None:
        self._marks.append(len(self._stack))

    def _since_mark(self) -> list[Any]:
        start = self._marks.pop()
        values = self._stack[start:]
        del self._stack[start:]
        return values

    def _last(self, count: int) -> list[Any]:
        return [self._stack.pop() for _ in range(count)][::-1]

    def append(self, values: list[Any]) -> None:
        target = self._stack[-1]
        if type(target) is not list:
            raise pickle.UnpicklingError("it appends to what is no list")
        target.extend(values)

    def assign(self, values: list[Any]) -> None:
        """Put pairs into a dictionary, with text as keys: not every value has a safe hash."""
        target = self._stack[-1]
        if type(target) is not dict or not all(isinstance(key, str | bytes) for key in values[::2]):
            raise pickle.UnpicklingError("it has a dictionary without text as keys")
        target.update(zip(values[::2], values[1::2], strict=True))

    def dictionary(self) -> None:
        values = self._since_mark()
        self.push({})
        self.assign(values)

    # Memory

    def remember(self, number: int) -> None:
        self._memory[number] = self._stack[-1]

    def recall(self, number: int) -> None:
        self.push(self._memory[number])

    # Names and calls

    def name(self, module: Any, name: Any) -> None:
        """Push what a name stands for here."""
        step = self._steps.get(f"{module}.{name}")
        if step is None:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}, which is not allowed")
        self.push(step)

    def call(self) -> None:
        step, arguments = self._last(2)
        if not any(step is known for known in self._steps.values()):
            raise pickle.UnpicklingError("it calls what is no name")
        self.push(step(*arguments))

    def build(self) -> None:
        target, state = self._last(2)
        target.build(state)
        self.push(target)


_OPERATIONS: dict[bytes, Callable[[PickleMachine], object]] = {
    pickle.PROTO: lambda machine: machine._take(1),
    pickle.FRAME: lambda machine: machine._take(8),
    pickle.NONE: lambda machine: machine.push(None),
    pickle.NEWTRUE: lambda machine: machine.push(True),
    pickle.NEWFALSE: lambda machine: machine.push(False),
    pickle.BININT1: PickleMachine.small_integers,
    pickle.BININT2: lambda machine: machine.integer(2),
    pickle.BININT: lambda machine: machine.signed(4),
    pickle.LONG1: lambda machine: machine.signed(machine._number(1)),
    pickle.INT: PickleMachine.written_integer,
    pickle.LONG: PickleMachine.written_integer,
    pickle.BINFLOAT: PickleMachine.real,
    pickle.FLOAT: PickleMachine.written_real,
    pickle.STRING: PickleMachine.written_string,
    pickle.SHORT_BINSTRING: lambda machine: machine.string(1),
    pickle.BINSTRING: lambda machine: machine.string(4),
    pickle.SHORT_BINBYTES: lambda machine: machine.string(1),
    pickle.BINBYTES: lambda machine: machine.string(4),
    pickle.BINBYTES8: lambda machine: machine.string(8),
    pickle.BYTEARRAY8: lambda machine: machine.string(8),
    pickle.UNICODE: PickleMachine.written_text,
    pickle.SHORT_BINUNICODE: lambda machine: machine.text(1),
    pickle.BINUNICODE: lambda machine: machine.text(4),
    pickle.BINUNICODE8: lambda machine: machine.text(8),
    pickle.MARK: PickleMachine.mark,
    pickle.EMPTY_LIST: lambda machine: machine.push([]),
    pickle.LIST: lambda machine: machine.push(machine._since_mark()),
    pickle.APPEND: lambda machine: machine.append(machine._last(1)),
    pickle.APPENDS: lambda machine: machine.append(machine._since_mark()),
    pickle.EMPTY_TUPLE: lambda machine: machine.push(()),
    pickle.TUPLE: lambda machine: machine.push(tuple(machine._since_mark())),
    pickle.TUPLE1: lambda machine: machine.push(tuple(machine._last(1))),
    pickle.TUPLE2: lambda machine: machine.push(tuple(machine._last(2))),
    pickle.TUPLE3: lambda machine: machine.push(tuple(machine._last(3))),
    pickle.EMPTY_DICT: lambda machine: machine.push({}),
    pickle.DICT: PickleMachine.dictionary,
    pickle.SETITEM: lambda machine: machine.assign(machine._last(2)),
    pickle.SETITEMS: lambda machine: machine.assign(machine._since_mark()),
    pickle.MEMOIZE: lambda machine: machine.remember(len(machine._memory)),
    pickle.PUT: lambda machine: machine.remember(int(machine._digits())),
    pickle.BINPUT: lambda machine: machine.remember(machine._number(1)),
    pickle.LONG_BINPUT: lambda machine: machine.remember(machine._number(4)),
    pickle.GET: lambda machine: machine.recall(int(machine._digits())),
    pickle.BINGET: lambda machine: machine.recall(machine._number(1)),
    pickle.LONG_BINGET: lambda machine: machine.recall(machine._number(4)),
    pickle.GLOBAL: lambda machine: machine.name(
        machine._line().decode("latin1"), machine._line().decode("latin1")
    ),
    pickle.STACK_GLOBAL: lambda machine: machine.name(*machine._last(2)),
    pickle.REDUCE: PickleMachine.call,
    pickle.BUILD: PickleMachine.build,
}
"""By code, all operations that such a pickle needs, of every protocol."""
_BY_CODE = {code[0]: operation for code, operation in _OPERATIONS.items()}
