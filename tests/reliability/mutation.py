"""Damage for files: the same seed gives the same damage."""

from __future__ import annotations

import copy
import json
import random
import re
import struct

INTERESTING = (0, 1, 2, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
TEXTS = (b"nan", b"inf", b"1e999", b"-1", b"0", b"4294967295", b"99999999999999999999", b"1e-999", b"", b"\0")
VALUES: tuple[object, ...] = (
    None, True, 0, -1, 2**31, 2**63, 1e308, "", "../../etc/passwd", "x" * 5000, [], {}, [[]], "file:///x",
)  # fmt: skip
NUMBER = re.compile(rb"-?\d+\.?\d*(?:[eE][-+]?\d+)?")


def damaged(seeds: list[bytes], words: list[bytes], rng: random.Random) -> bytes:
    """One of the seeds with one to six kinds of damage."""
    data = bytearray(rng.choice(seeds))
    if rng.random() < 0.3:
        data = bytearray(_inside_json(bytes(data), rng))
    for _ in range(rng.randint(1, 6)):
        rng.choice(KINDS)(data, words, rng)
    return bytes(data[: 1 << 20])


def _place(data: bytearray, rng: random.Random) -> int:
    # Headers decide most: half of the damage is done near the beginning or the end.
    if rng.random() < 0.5:
        near = min(rng.randint(0, 200), len(data))
        return near if rng.random() < 0.7 else len(data) - near
    return rng.randint(0, len(data))


def _flip(data: bytearray, _words: list[bytes], rng: random.Random) -> None:
    for _ in range(rng.randint(1, 8)):
        if data:
            data[min(_place(data, rng), len(data) - 1)] ^= 1 << rng.randint(0, 7)


def _number(data: bytearray, _words: list[bytes], rng: random.Random) -> None:
    place = _place(data, rng)
    kind = rng.choice(("<B", "<H", "<I", ">I", "<Q"))
    limit = 1 << (8 * struct.calcsize(kind))
    data[place : place + struct.calcsize(kind)] = struct.pack(kind, rng.choice(INTERESTING) % limit)


def _text(data: bytearray, _words: list[bytes], rng: random.Random) -> None:
    """Another number in place of one written as text."""
    place = _place(data, rng)
    match = NUMBER.search(data, place)
    if match:
        data[match.start() : match.end()] = rng.choice(TEXTS)


def _word(data: bytearray, words: list[bytes], rng: random.Random) -> None:
    place = _place(data, rng)
    if words:
        data[place:place] = rng.choice(words)


def _cut(data: bytearray, _words: list[bytes], rng: random.Random) -> None:
    place = _place(data, rng)
    del data[place : place + rng.choice((1, 4, 16, 64, len(data)))]


def _repeat(data: bytearray, _words: list[bytes], rng: random.Random) -> None:
    place, size = _place(data, rng), rng.choice((1, 8, 64, 512))
    data[place:place] = data[place : place + size] * rng.choice((1, 2, 50))


def _swap(data: bytearray, _words: list[bytes], rng: random.Random) -> None:
    first, second, size = _place(data, rng), _place(data, rng), rng.choice((1, 4, 32))
    data[first : first + size] = data[second : second + size]


KINDS = (_flip, _number, _text, _word, _cut, _repeat, _swap)


def _inside_json(data: bytes, rng: random.Random) -> bytes:
    """Another value anywhere in a JSON file or in the JSON of a GLB file; other files as they are."""
    glb = data[:4] == b"glTF" and len(data) > 20
    size = struct.unpack("<I", data[12:16])[0] if glb else len(data)
    start = 20 if glb else 0
    if not glb and data[:1] not in (b"{", b"["):
        return data
    try:
        tree = json.loads(data[start : start + size])
    except (ValueError, RecursionError):
        return data
    for _ in range(rng.randint(1, 3)):
        _change(tree, rng)
    text = json.dumps(tree).encode()
    if not glb:
        return text
    text += b" " * (-len(text) % 4)
    rest = data[start + size :]
    return struct.pack("<4sIII4s", b"glTF", 2, 20 + len(text) + len(rest), len(text), b"JSON") + text + rest


def _change(tree: object, rng: random.Random) -> None:
    node = tree
    for _ in range(rng.randint(0, 5)):
        inner = list(node.values()) if isinstance(node, dict) else node if isinstance(node, list) else []
        inner = [child for child in inner if isinstance(child, dict | list) and child]
        if not inner:
            break
        node = rng.choice(inner)
    if isinstance(node, dict) and node:
        key = rng.choice(sorted(node))
        if rng.random() < 0.2:
            del node[key]
        else:
            node[key] = copy.deepcopy(rng.choice(VALUES))
    elif isinstance(node, list) and node:
        node[rng.randrange(len(node))] = copy.deepcopy(rng.choice(VALUES))
