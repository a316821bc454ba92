"""Files on which fuzzing has found a reader to fail, as changes of sound ones: they are read every time."""

from __future__ import annotations

from collections.abc import Callable

Change = Callable[[bytes], bytes]


def _after(mark: bytes, offset: int, new: bytes) -> Change:
    """Other bytes at a distance from the last place of a mark."""

    def change(data: bytes) -> bytes:
        place = data.rindex(mark) + offset
        return data[:place] + new + data[place + len(new) :]

    return change


FOUND: dict[str, list[Change]] = {
    "published torch zip": [
        # A name that is no UTF-8 though it says so, and a directory that begins before the file.
        lambda data: data.replace(b"archive/data/0", b"archive/\x86ata/0"),
        _after(b"PK\x05\x06", 16, b"\xff\xff\x00\x00"),
    ],
    "published statistics": [
        _after(b"TREE", 0, b"LEAF"),
        _after(b"HEAP", 0, b"heap"),
        lambda data: data[:-40] + bytes(40),
    ],
    "published hparams": [
        lambda _: b"a: !!bool x\n",
        lambda _: b"a: !!timestamp x\n",
        lambda _: b"network: {input_dim: 1" + b":59" * 3000 + b"}\n",
        lambda data: data.replace(b"1000", b".inf"),
    ],
    "3MF": [lambda data: data.replace(b"PK\x03\x04", b"PK\x03\x05", 1)],
}
