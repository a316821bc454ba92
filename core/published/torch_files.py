"""State dictionaries in torch's two file formats, zip (since 1.6) and the stream before it, as numpy arrays.

Declared sizes are held against what is really in the file before anything is allocated.
"""

from __future__ import annotations

import io
import math
import mmap
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.published.plain_pickle import (
    Record,
    RefusedFileError,
    Storage,
    TensorRecord,
    read_pickle,
    shown,
)

MAX_FILE_BYTES = 1 << 31
MAX_PICKLE_BYTES = 16 << 20
MAX_ENTRIES = 20_000
MAX_NAME = 512

STREAM_MAGIC = 0x1950A86A20F9469CFC6C
STREAM_VERSION = 1001

ZIP_ERRORS = (
    zipfile.BadZipFile, RuntimeError, EOFError, OSError, ValueError, OverflowError, KeyError, struct.error,
    zlib.error,
)  # fmt: skip
"""What `zipfile` raises of damaged files: texts in no encoding, places before the beginning, too."""

Arrays = dict[str, NDArray[Any]]
Fetch = Callable[[Storage], bytes]


def read_state(path: Path) -> Arrays:
    """Named arrays of a state dictionary.

    Raises
    ------
    RefusedFileError
        If the file is damaged, too large, of another format, or holds anything but tensors.
    """
    _check_size(path)
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith(b"PK"):
        return _read_zip(path)
    if start[:1] == b"\x80":
        return _read_stream(path)
    raise RefusedFileError("it is neither a torch zip file nor an older torch stream")


def read_settings(path: Path) -> dict[str, object]:
    """Plain fields of a pickled settings object: numbers, texts, None, and tuples or lists of these.

    Raises
    ------
    RefusedFileError
        If it is damaged or anything else.
    """
    if path.stat().st_size > MAX_PICKLE_BYTES:
        raise RefusedFileError(f"it is larger than {MAX_PICKLE_BYTES >> 20} MiB; settings are not")
    value = read_pickle(io.BytesIO(path.read_bytes()))
    fields = value.fields if isinstance(value, Record) else value
    if not isinstance(fields, dict) or len(fields) > 1000:
        raise RefusedFileError(f"it holds a {type(value).__name__}, not settings")
    for name, setting in fields.items():
        items = setting if isinstance(setting, list | tuple) and len(setting) <= 1000 else [setting]
        if not all(isinstance(item, str | int | float | bool | None) for item in items):
            raise RefusedFileError(f"its setting {shown(name)} is no plain value")
    return {str(name): setting for name, setting in fields.items()}


def _check_size(path: Path) -> None:
    if path.stat().st_size > MAX_FILE_BYTES:
        raise RefusedFileError(f"it is larger than {MAX_FILE_BYTES >> 30} GiB; no published checkpoint is")


def _read_zip(path: Path) -> Arrays:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES:
                raise RefusedFileError(f"it has {len(entries)} entries")
            sizes: dict[str, int] = {}
            for entry in entries:
                if entry.filename in sizes:
                    raise RefusedFileError(f"it has the entry {shown(entry.filename)} twice")
                if entry.compress_type != zipfile.ZIP_STORED or entry.compress_size != entry.file_size:
                    raise RefusedFileError(
                        f"its entry {shown(entry.filename)} is packed, which torch does not do"
                    )
                sizes[entry.filename] = entry.file_size
            if sum(sizes.values()) > path.stat().st_size:
                raise RefusedFileError("its entries claim more bytes than the file has")
            pickles = [name for name in sizes if name == "data.pkl" or name.endswith("/data.pkl")]
            if len(pickles) != 1:
                raise RefusedFileError("it has no data.pkl: it is not written by torch.save")
            root = pickles[0].removesuffix("data.pkl")
            if sizes[pickles[0]] > MAX_PICKLE_BYTES:
                raise RefusedFileError(f"its data.pkl is larger than {MAX_PICKLE_BYTES >> 20} MiB")
            order = f"{root}byteorder"
            if order in sizes and (sizes[order] > 16 or archive.read(order) != b"little"):
                raise RefusedFileError("its numbers are not little-endian")
            value = read_pickle(io.BytesIO(archive.read(pickles[0])))

            def fetch(storage: Storage) -> bytes:
                name = f"{root}data/{storage.key}"
                if name not in sizes:
                    raise RefusedFileError(f"its entry {shown(name)} is missing")
                if sizes[name] != storage.count * _number(storage.kind).itemsize:
                    raise RefusedFileError(
                        f"{shown(name)} has {sizes[name]} bytes where {storage.count} numbers of type "
                        f"{storage.kind} are declared"
                    )
                return archive.read(name)

            return _arrays(value, fetch, path.stat().st_size)
    except RefusedFileError:
        raise
    except ZIP_ERRORS as error:
        raise RefusedFileError(f"the zip file is damaged: {str(error)[:120]}") from None


def _read_stream(path: Path) -> Arrays:
    """Magic number, version, machine facts, the dictionary, the order of storages, their numbers."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as stream:
        # A memory map reads like a file and never makes room for more than is left of it.
        if read_pickle(stream) != STREAM_MAGIC or read_pickle(stream) != STREAM_VERSION:  # type: ignore[arg-type]
            raise RefusedFileError("it is no torch stream: its magic number or version is another one")
        facts = read_pickle(stream)  # type: ignore[arg-type]
        if not isinstance(facts, dict) or facts.get("little_endian") is not True:
            raise RefusedFileError("its numbers are not little-endian")
        value = read_pickle(stream)  # type: ignore[arg-type]
        order = read_pickle(stream)  # type: ignore[arg-type]
        if not isinstance(order, list) or len(order) > MAX_ENTRIES:
            raise RefusedFileError("it has no list of storages")
        widths = {tensor.storage.key: tensor.storage for tensor in _records(value).values()}
        places: dict[str, tuple[int, int]] = {}
        for key in order:
            storage = widths.get(key) if isinstance(key, str) else None
            head = stream.read(8)
            if storage is None or len(head) < 8:
                raise RefusedFileError(f"the storage {shown(key)} is missing or belongs to no tensor")
            declared = struct.unpack("<q", head)[0]
            size = declared * _number(storage.kind).itemsize
            if declared != storage.count or size > len(stream) - stream.tell():
                raise RefusedFileError(
                    f"the storage {shown(key)} declares {declared} numbers, which are not there"
                )
            places[key] = (stream.tell(), size)
            stream.seek(size, 1)

        def fetch(storage: Storage) -> bytes:
            if storage.key not in places:
                raise RefusedFileError(f"the storage {shown(storage.key)} is missing")
            start, size = places[storage.key]
            return stream[start : start + size]

        return _arrays(value, fetch, path.stat().st_size)


def _number(kind: str) -> np.dtype[np.generic]:
    return np.dtype("<u2" if kind == "bfloat16" else kind).newbyteorder("<")


def _records(value: object) -> dict[str, TensorRecord]:
    if not isinstance(value, dict) or len(value) > MAX_ENTRIES:
        raise RefusedFileError(f"it holds a {type(value).__name__}, not a dictionary of tensors")
    for name, record in value.items():
        if not isinstance(name, str) or len(name) > MAX_NAME:
            raise RefusedFileError(f"the name {shown(name)} of a tensor is no short text")
        if not isinstance(record, TensorRecord):
            raise RefusedFileError(f"{shown(name)} is a {type(record).__name__}, not a tensor")
    return value


def _arrays(value: object, fetch: Fetch, file_bytes: int) -> Arrays:
    records = _records(value)
    total = 0
    for name, record in records.items():
        storage = record.storage
        count = math.prod(record.shape)
        last = record.offset + sum(
            (size - 1) * step for size, step in zip(record.shape, record.strides, strict=True)
        )
        if count > storage.count or (count and last >= storage.count):
            raise RefusedFileError(f"{shown(name)} reaches beyond its storage of {storage.count} numbers")
        total += count * _number(storage.kind).itemsize
    if total > 2 * file_bytes:
        raise RefusedFileError("its tensors claim more numbers than the file has")
    arrays: Arrays = {}
    for name, record in records.items():
        if not math.prod(record.shape):
            arrays[name] = np.zeros(record.shape, record.storage.kind.replace("bfloat16", "float32"))
            continue
        raw = fetch(record.storage)
        flat = np.frombuffer(raw, _number(record.storage.kind))[record.offset :]
        steps = tuple(step * flat.itemsize for step in record.strides)
        array = np.lib.stride_tricks.as_strided(flat, record.shape, steps, writeable=False)
        if record.storage.kind == "bfloat16":
            array = (array.astype(np.uint32) << 16).view(np.float32)
        arrays[name] = np.array(array, order="C")
    return arrays
