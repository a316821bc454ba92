"""Reads pickles without unpickling: opcodes are interpreted here, and build plain values and nothing else.

There is no unpickler behind this and nothing is imported or called. What a pickle names is looked up among a
few constructors of this file; a name that is not among them is refused with the name. Allowed are state
dictionaries of torch tensors (which become `TensorRecord`) and records of settings (`Record`).
"""

from __future__ import annotations

import pickletools
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, BinaryIO

MAX_DEPTH = 1_000_000
"""Values on the stack at a time, and in the memo."""

STORAGE_TYPES = {
    "FloatStorage": "float32",
    "DoubleStorage": "float64",
    "HalfStorage": "float16",
    "BFloat16Storage": "bfloat16",
    "LongStorage": "int64",
    "IntStorage": "int32",
    "ShortStorage": "int16",
    "CharStorage": "int8",
    "ByteStorage": "uint8",
    "BoolStorage": "bool",
}


class RefusedFileError(ValueError):
    """A file holds something no published checkpoint holds; the message names it."""


@dataclass(frozen=True)
class Name:
    """A name in a pickle that stands for something allowed; never imported."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


@dataclass(frozen=True)
class Storage:
    """Where the numbers of tensors lie: entry `key` of the file, `count` numbers of type `kind`."""

    kind: str
    key: str
    count: int


@dataclass(frozen=True)
class TensorRecord:
    """A view of a storage; offset, shape and strides count numbers."""

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


@dataclass
class Record:
    """An instance of some class: its name, which means nothing here, and its fields."""

    name: Name
    fields: dict[str, object] = field(default_factory=dict)


class Mark:
    """The bottom of a group of values on the stack."""


def shown(value: object) -> str:
    """A value of a file in a message: short, whatever it is (nested values may be without end)."""
    if isinstance(value, str):
        return repr(value[:80])
    if isinstance(value, bool | float | None) or (isinstance(value, int) and abs(value) < 1 << 64):
        return repr(value)
    return f"a {type(value).__name__}"


def _whole(value: object, what: str) -> int:
    if type(value) is not int or value < 0:
        raise RefusedFileError(f"{what} is {shown(value)}, not a whole number")
    return value


def _sizes(value: object, what: str) -> tuple[int, ...]:
    if not isinstance(value, tuple) or len(value) > 8:
        raise RefusedFileError(f"{what} of a tensor is {shown(value)}")
    return tuple(_whole(size, what) for size in value)


def _tensor(*arguments: object) -> TensorRecord:
    if len(arguments) < 4 or not isinstance(arguments[0], Storage):
        raise RefusedFileError("a tensor without a storage")
    storage, offset, shape, strides = arguments[:4]
    sizes, steps = _sizes(shape, "shape"), _sizes(strides, "stride")
    if len(sizes) != len(steps):
        raise RefusedFileError("a tensor with a stride for another number of axes")
    assert isinstance(storage, Storage)
    return TensorRecord(storage, _whole(offset, "the offset of a tensor"), sizes, steps)


def _parameter(*arguments: object) -> TensorRecord:
    if not arguments or not isinstance(arguments[0], TensorRecord):
        raise RefusedFileError("a parameter without a tensor")
    return arguments[0]


def _ordered(*arguments: object) -> dict[object, object]:
    if not arguments:
        return {}
    if len(arguments) > 1 or not isinstance(arguments[0], list):
        raise RefusedFileError("an ordered dictionary of unknown make")
    pairs: dict[object, object] = {}
    for pair in arguments[0]:
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            raise RefusedFileError("an ordered dictionary of unknown make")
        pairs[_key(pair[0])] = pair[1]
    return pairs


def _device(*arguments: object) -> str:
    return ":".join(str(part)[:20] for part in arguments if isinstance(part, str | int))


CONSTRUCTORS: dict[str, Callable[..., object]] = {
    "collections.OrderedDict": _ordered,
    "torch._utils._rebuild_tensor": _tensor,
    "torch._utils._rebuild_tensor_v2": _tensor,
    "torch._utils._rebuild_parameter": _parameter,
    "torch.device": _device,
}
"""All that a pickle may have called, by the name it gives; each is a function of this file."""


def _named(module: object, name: object) -> Name:
    if not isinstance(module, str) or not isinstance(name, str):
        raise RefusedFileError("a name that is no text")
    found = Name(module, name)
    settings = name == "Options" and module.split(".")[-1] == "options"
    if str(found) in CONSTRUCTORS or settings or (module == "torch" and name in STORAGE_TYPES):
        return found
    raise RefusedFileError(f"it names {str(found)[:120]}, which no published checkpoint needs")


def _key(key: object) -> object:
    if not isinstance(key, str | int | float | bool | bytes | None):
        raise RefusedFileError(f"a dictionary with a {type(key).__name__} as key")
    return key


def _storage(identity: object) -> Storage:
    """A persistent id as torch writes it: ("storage", type, key, device, count[, None])."""
    if not isinstance(identity, tuple) or len(identity) not in (5, 6) or identity[0] != "storage":
        raise RefusedFileError("an outside value that is no tensor storage")
    kind, key, count = identity[1], identity[2], identity[4]
    if not isinstance(kind, Name) or kind.module != "torch" or not isinstance(key, str):
        raise RefusedFileError("a tensor storage of unknown type")
    if len(identity) == 6 and identity[5] is not None:
        raise RefusedFileError("a tensor storage that is a view of another one")
    return Storage(STORAGE_TYPES[kind.name], key, _whole(count, "the size of a storage"))


class _Machine:
    """The stack machine; one method per group of opcodes."""

    def __init__(self) -> None:
        self.stack: list[Any] = []
        self.memo: dict[int, object] = {}

    def pop(self) -> Any:
        if not self.stack or self.stack[-1] is Mark:
            raise RefusedFileError("the stack is empty where a value is needed")
        return self.stack.pop()

    def pop_group(self) -> list[Any]:
        group: list[Any] = []
        while True:
            if not self.stack:
                raise RefusedFileError("a group of values has no beginning")
            value = self.stack.pop()
            if value is Mark:
                group.reverse()
                return group
            group.append(value)

    def push(self, value: object) -> None:
        if len(self.stack) >= MAX_DEPTH:
            raise RefusedFileError("too many values are piled up")
        self.stack.append(value)

    def top(self, kind: type) -> Any:
        if not self.stack or not isinstance(self.stack[-1], kind):
            raise RefusedFileError(f"no {kind.__name__} where one is needed")
        return self.stack[-1]

    def remember(self, index: object) -> None:
        if len(self.memo) >= MAX_DEPTH or not self.stack:
            raise RefusedFileError("nothing to remember, or too much")
        self.memo[_whole(index, "a memo entry")] = self.stack[-1]

    def recall(self, index: object) -> None:
        if index not in self.memo:
            raise RefusedFileError(f"memo entry {shown(index)} was never stored")
        assert isinstance(index, int)
        self.push(self.memo[index])

    def set_items(self, values: list[Any]) -> None:
        target = self.top(dict)
        if len(values) % 2:
            raise RefusedFileError("a key without a value")
        for key, value in zip(values[::2], values[1::2], strict=True):
            target[_key(key)] = value

    def call(self) -> None:
        arguments, function = self.pop(), self.pop()
        if not isinstance(arguments, tuple) or not isinstance(function, Name):
            raise RefusedFileError("a call of something that has no name")
        if str(function) not in CONSTRUCTORS:
            raise RefusedFileError(f"it calls {function}, which is no constructor of a published checkpoint")
        self.push(CONSTRUCTORS[str(function)](*arguments))

    def new(self) -> None:
        arguments, kind = self.pop(), self.pop()
        if not isinstance(kind, Name) or kind.name != "Options" or arguments != ():
            what = str(kind)[:120] if isinstance(kind, Name) else shown(kind)
            raise RefusedFileError(f"an instance of {what}, which no published checkpoint holds")
        self.push(Record(kind))

    def build(self) -> None:
        state = self.pop()
        target = self.top(object)
        if isinstance(target, Record) and isinstance(state, dict):
            target.fields.update({str(name): value for name, value in state.items()})
        elif not (isinstance(target, dict) and isinstance(state, dict) and set(state) <= {"_metadata"}):
            raise RefusedFileError(f"it sets the state of a {type(target).__name__}")


def read_pickle(stream: BinaryIO) -> object:
    """The value of the pickle at the stream's position; the stream is left right behind it.

    Parameters
    ----------
    stream : binary stream
        `read` must not make room for more than is left: memory maps and `io.BytesIO` do not.

    Raises
    ------
    RefusedFileError
        If it is damaged, or holds anything but plain values, tensors and settings.
    """
    machine = _Machine()
    try:
        for opcode, argument, _ in pickletools.genops(stream):
            if opcode.name == "STOP":
                return machine.pop()
            _step(machine, opcode.name, argument)
    except RefusedFileError:
        raise
    except (ValueError, struct.error, IndexError, OverflowError, TypeError) as error:
        raise RefusedFileError(f"the pickle is damaged: {str(error)[:120]}") from None
    raise RefusedFileError("the pickle is damaged: it has no end")


_LITERALS = frozenset(
    "INT BININT BININT1 BININT2 LONG1 BINFLOAT FLOAT BINUNICODE SHORT_BINUNICODE BINUNICODE8 UNICODE "
    "BINSTRING SHORT_BINSTRING BINBYTES SHORT_BINBYTES".split()
)
_CONSTANTS: dict[str, object] = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False, "EMPTY_TUPLE": ()}


def _step(machine: _Machine, name: str, argument: object) -> None:
    """Carry out one opcode."""
    if name in ("PROTO", "FRAME"):
        return
    if name in _LITERALS:
        machine.push(argument)
    elif name in _CONSTANTS:
        machine.push(_CONSTANTS[name])
    elif name == "MARK":
        machine.push(Mark)
    elif name in ("EMPTY_LIST", "EMPTY_DICT"):
        machine.push([] if name == "EMPTY_LIST" else {})
    elif name in ("TUPLE1", "TUPLE2", "TUPLE3"):
        values = [machine.pop() for _ in range(int(name[-1]))]
        machine.push(tuple(reversed(values)))
    elif name == "TUPLE":
        machine.push(tuple(machine.pop_group()))
    elif name == "LIST":
        machine.push(machine.pop_group())
    elif name == "DICT":
        values = machine.pop_group()
        machine.push({})
        machine.set_items(values)
    elif name in ("APPEND", "APPENDS"):
        values = [machine.pop()] if name == "APPEND" else machine.pop_group()
        machine.top(list).extend(values)
    elif name == "SETITEM":
        value = machine.pop()
        machine.set_items([machine.pop(), value])
    elif name == "SETITEMS":
        machine.set_items(machine.pop_group())
    elif name in ("BINPUT", "LONG_BINPUT", "PUT"):
        machine.remember(argument)
    elif name == "MEMOIZE":
        machine.remember(len(machine.memo))
    elif name in ("BINGET", "LONG_BINGET", "GET"):
        machine.recall(argument)
    elif name == "GLOBAL":
        machine.push(_named(*str(argument).split(" ", 1)))
    elif name == "STACK_GLOBAL":
        called, module = machine.pop(), machine.pop()
        machine.push(_named(module, called))
    elif name == "BINPERSID":
        machine.push(_storage(machine.pop()))
    elif name == "REDUCE":
        machine.call()
    elif name == "NEWOBJ":
        machine.new()
    elif name == "BUILD":
        machine.build()
    else:
        raise RefusedFileError(f"it has the instruction {name}, which no published checkpoint needs")
