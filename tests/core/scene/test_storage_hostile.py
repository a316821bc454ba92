"""Files made to harm or merely broken: always a `SceneFileError` with a sentence, never anything else."""

from __future__ import annotations

import io
import json
import os
import struct
import time
import tracemalloc
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import save

from core.scene.archive import MAX_FILE_BYTES
from core.scene.storage import (
    ENTRY_LIMITS,
    LATENTS_ENTRY,
    SCENE_ENTRY,
    SceneFileError,
    read_scene,
    read_thumbnail,
)
from tests.core.scene.strategies import generators

GOLDEN = Path(__file__).resolve().parents[2] / "data" / "scene_v1.partsmith"


def refused(path: Path) -> str:
    """Message with which a file is refused; it names the file and ends as a sentence."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(SceneFileError) as caught:
            read_scene(path)
    message = str(caught.value)
    assert message.startswith(f"Cannot open {path.name}: ")
    assert message.endswith((".", ")"))
    return message


def zipped(entries: list[tuple[str, bytes]], compression: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(buffer, "w", compression) as target:
            for name, data in entries:
                target.writestr(name, data)
    return buffer.getvalue()


@dataclass
class Contents:
    """A sound scene's parts, to be spoiled one at a time."""

    document: dict[str, object] = field(default_factory=dict)
    tensors: dict[str, np.ndarray] = field(default_factory=dict)

    def shape(self) -> dict[str, object]:
        return self.document["shapes"][0]  # type: ignore[index, no-any-return]

    def part(self) -> dict[str, object]:
        return self.shape()["parts"][0]  # type: ignore[index, no-any-return]

    def write(self, path: Path) -> Path:
        text = json.dumps(self.document).encode()
        path.write_bytes(zipped([(SCENE_ENTRY, text), (LATENTS_ENTRY, save(self.tensors))]))
        return path


def sound() -> Contents:
    parts = [{"id": 1, "label": "leg"}, {"id": 2, "locked": True}]
    shape = {"id": "s1", "name": "Chair", "position": [0, 1.5, 0], "parts": parts}
    document = {"format": "partsmith-scene", "version": 1, "prompts": ["a"], "shapes": [shape]}
    extrinsics, intrinsics = np.ones((2, 16), np.float32), np.ones((2, 4), np.float32)
    return Contents(document, {"s1/extrinsics": extrinsics, "s1/intrinsics": intrinsics})


def test_the_sound_file_opens(tmp_path: Path) -> None:
    scene = read_scene(sound().write(tmp_path / "sound.partsmith"))
    assert scene.shape("s1").parts[1].locked
    assert scene.shape("s1").position == (0.0, 1.5, 0.0)


SPOILED: dict[str, tuple[Callable[[Contents], object], str]] = {
    "newer version": (lambda c: c.document.update(version=2), "newer Partsmith.*Update"),
    "version as text": (lambda c: c.document.update(version="1"), "version"),
    "no version": (lambda c: c.document.pop("version"), "version"),
    "another format": (lambda c: c.document.update(format="blender"), "not a Partsmith scene"),
    "shapes no list": (lambda c: c.document.update(shapes={}), "'shapes' is not a list"),
    "no shapes": (lambda c: c.document.pop("shapes"), "'shapes' is not a list"),
    "too many shapes": (lambda c: c.document.update(shapes=[{}] * 2000), "2000 entries"),
    "shape no object": (lambda c: c.document.update(shapes=[3]), "shape 1 is not an object"),
    "prompts no texts": (lambda c: c.document.update(prompts=["a", 3]), "prompt 2 is not a text"),
    "checksum": (lambda c: c.document.update(latents_sha256="0" * 64), "checksum"),
    "same shape twice": (lambda c: c.document.update(shapes=[c.shape()] * 2), "belong|unique"),
    "id with a path": (lambda c: c.shape().update(id="../s1"), "id of shape 1"),
    "id as number": (lambda c: c.shape().update(id=3), "'id' of shape 1 is not a text"),
    "no parts": (lambda c: c.shape().pop("parts"), "'parts' of shape 1 is not a list"),
    "parts are texts": (lambda c: c.shape().update(parts=["leg", "leg"]), "part 1 of shape 1"),
    "too many parts": (lambda c: c.shape().update(parts=[{}] * 2000), "2000 entries"),
    "parts missing": (lambda c: c.shape().update(parts=c.shape()["parts"][:1]), "do not fit its 1 parts"),  # type: ignore[index]
    "long name": (lambda c: c.shape().update(name="x" * 20_000), "longer"),
    "position of two": (lambda c: c.shape().update(position=[0, 0]), "three numbers"),
    "position of texts": (lambda c: c.shape().update(position=["0", 0, 0]), "three numbers"),
    "position of flags": (lambda c: c.shape().update(position=[True, 0, 0]), "three numbers"),
    "position far": (lambda c: c.shape().update(position=[1e9, 0, 0]), "out of range"),
    "position huge": (lambda c: c.shape().update(position=[10**400, 0, 0]), "out of range"),
    "visible as number": (lambda c: c.shape().update(visible=1), "neither true nor false"),
    "same part twice": (lambda c: c.part().update(id=2), "unique"),
    "part without id": (lambda c: c.part().pop("id"), "whole number"),
    "part id as fraction": (lambda c: c.part().update(id=1.5), "whole number"),
    "part id negative": (lambda c: c.part().update(id=-5), "out of range"),
    "part id huge": (lambda c: c.part().update(id=10**30), "out of range"),
    "slot as text": (lambda c: c.part().update(slot="0"), "whole number"),
    "lock as text": (lambda c: c.part().update(locked="yes"), "'locked' of part 1 of shape 1"),
    "deep nesting": (lambda c: c.document.update(x=json.loads("[" * 60 + "]" * 60)), "nested"),
    "no latents": (lambda c: c.tensors.pop("s1/intrinsics"), "intrinsics of shape 1 are missing"),
    "latents too many": (lambda c: c.tensors.update(x=np.ones(3, np.float32)), "belong to no shape"),
    "nan": (lambda c: c.tensors["s1/intrinsics"].fill(np.nan), "finite"),
    "infinite": (lambda c: c.tensors["s1/extrinsics"].fill(np.inf), "finite"),
    "out of range": (lambda c: c.tensors["s1/extrinsics"].fill(1e30), "out of range"),
    "doubles": (lambda c: c.tensors.update({"s1/extrinsics": np.ones((2, 16))}), "32-bit"),
    "wide": (lambda c: c.tensors.update({"s1/extrinsics": np.ones((2, 17), np.float32)}), "do not fit"),
    "one row less": (
        lambda c: c.tensors.update({"s1/intrinsics": np.ones((1, 4), np.float32)}),
        "do not fit",
    ),
    "flat": (lambda c: c.tensors.update({"s1/intrinsics": np.ones(8, np.float32)}), "not a table"),
    "solid": (lambda c: c.tensors.update({"s1/intrinsics": np.ones((2, 2, 2), np.float32)}), "not a table"),
}


@pytest.mark.parametrize("case", SPOILED)
def test_spoiled_contents(tmp_path: Path, case: str) -> None:
    contents = sound()
    spoil, words = SPOILED[case]
    spoil(contents)
    with pytest.raises(SceneFileError, match=words):
        read_scene(contents.write(tmp_path / "spoiled.partsmith"))
    refused(tmp_path / "spoiled.partsmith")


LATENTS = save(sound().tensors)
TEXT = json.dumps(sound().document).encode()


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"format": "partsmith-scene", "format": "partsmith-scene"}',
        TEXT.replace(b"1.5", b"NaN"),
        TEXT.replace(b"1.5", b"Infinity"),
        TEXT.replace(b"1.5", b"1e999"),
        TEXT.replace(b"1.5", b"9" * 5000),
        b"[" * 100_000,
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    ],
)
def test_text_that_is_no_sound_json(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "text.partsmith"
    path.write_bytes(zipped([(SCENE_ENTRY, text), (LATENTS_ENTRY, LATENTS)]))
    refused(path)


def header_of(record: object, data: int = 0) -> bytes:
    """A safetensors buffer of this header and so many zero bytes."""
    text = json.dumps(record).encode()
    return struct.pack("<Q", len(text)) + text + bytes(data)


def claiming(shape: object, offsets: object, dtype: str = "F32", data: int = 0) -> bytes:
    return header_of({"s1/extrinsics": {"dtype": dtype, "shape": shape, "data_offsets": offsets}}, data)


@pytest.mark.parametrize(
    "latents",
    [
        b"",
        b"\0" * 7,
        struct.pack("<Q", 2**63) + b"{}",
        struct.pack("<Q", 10**9) + b"{}",
        LATENTS[:-1],
        LATENTS + b"\0",
        claiming([2**40, 16], [0, 128]),
        claiming([2, 16], [0, 2**50], data=128),
        claiming([-2, 16], [0, 128], data=128),
        claiming([2**62, 2**62, 16], [0, 0]),
        claiming([2, 16], [0, 64], "BF16", data=64),
        claiming("x", None),
        header_of({"s1/extrinsics": 3}),
        header_of([1, 2]),
    ],
)
def test_latents_that_lie_about_themselves(tmp_path: Path, latents: bytes) -> None:
    path = tmp_path / "latents.partsmith"
    path.write_bytes(zipped([(SCENE_ENTRY, TEXT), (LATENTS_ENTRY, latents)]))
    refused(path)


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "/etc/passwd",
        "a/../b",
        "C:/x",
        "a\\b",
        "a//b",
        "./a",
        "line\nbreak",
        "x" * 300,
        "a\0b",
        "*",
    ],
)
def test_unsafe_names(tmp_path: Path, name: str) -> None:
    path = tmp_path / "names.partsmith"
    plain = "N" * len(name.encode())
    data = zipped([(SCENE_ENTRY, TEXT), (LATENTS_ENTRY, LATENTS), (plain, b"x")])
    path.write_bytes(data.replace(plain.encode(), name.encode()))
    assert "unsafe name" in refused(path)


@pytest.mark.parametrize("name", [SCENE_ENTRY, LATENTS_ENTRY, "other.bin"])
def test_entries_that_are_there_twice(tmp_path: Path, name: str) -> None:
    path = tmp_path / "twice.partsmith"
    entries = [(SCENE_ENTRY, TEXT), (LATENTS_ENTRY, LATENTS), ("other.bin", b"1"), (name, b"2")]
    path.write_bytes(zipped(entries))
    assert "twice" in refused(path)


def test_missing_entries_other_zips_and_other_files(tmp_path: Path) -> None:
    path = tmp_path / "other.partsmith"
    for entries in ([], [(SCENE_ENTRY, TEXT)], [(LATENTS_ENTRY, LATENTS)], [("word/document.xml", b"x")]):
        path.write_bytes(zipped(entries))
        assert "not a Partsmith scene" in refused(path)
    for data in (b"", b"PK", b"PK\x05\x06", b"\x89PNG\r\n" + bytes(500), b"{}" * 100):
        path.write_bytes(data)
        assert "not a Partsmith scene" in refused(path)
        with pytest.raises(SceneFileError):
            read_thumbnail(path)


def test_missing_files_folders_and_pipes(tmp_path: Path) -> None:
    assert "no such file" in refused(tmp_path / "gone.partsmith")
    (tmp_path / "folder.partsmith").mkdir()
    assert "folder" in refused(tmp_path / "folder.partsmith")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.partsmith")
        assert "not a regular file" in refused(tmp_path / "pipe.partsmith")


def test_compression_bombs_are_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.partsmith"
    bomb = b" " * (ENTRY_LIMITS[SCENE_ENTRY] - 1)
    path.write_bytes(zipped([(SCENE_ENTRY, bomb), (LATENTS_ENTRY, LATENTS)], zipfile.ZIP_DEFLATED))
    assert "suspiciously" in refused(path)
    huge = b" " * (ENTRY_LIMITS[SCENE_ENTRY] + 1)
    path.write_bytes(zipped([(SCENE_ENTRY, huge), (LATENTS_ENTRY, LATENTS)], zipfile.ZIP_DEFLATED))
    assert "larger" in refused(path)


@pytest.mark.parametrize("declared", [0, 1, 100, 2**31])
def test_entries_that_declare_another_size(tmp_path: Path, declared: int) -> None:
    """The size in both headers is a lie; what counts is the bytes that come."""
    path = tmp_path / "size.partsmith"
    data = bytearray(zipped([(SCENE_ENTRY, TEXT), (LATENTS_ENTRY, LATENTS)], zipfile.ZIP_DEFLATED))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        start = archive.start_dir
    data[22:26] = struct.pack("<I", declared)
    data[start + 24 : start + 28] = struct.pack("<I", declared)
    path.write_bytes(bytes(data))
    refused(path)


def test_huge_declared_counts_are_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "counts.partsmith"
    record = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 65_535, 65_535, 2**32 - 1, 0, 0)
    path.write_bytes(GOLDEN.read_bytes()[:-22] + record)
    tracemalloc.start()
    started = time.monotonic()
    assert "more entries" in refused(path)
    assert time.monotonic() - started < 2.0
    assert tracemalloc.get_traced_memory()[1] < 10 * 2**20
    tracemalloc.stop()
    path.write_bytes(zipped([(f"{number}.txt", b"") for number in range(100)]))
    assert "more entries" in refused(path)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, 0, 1)
    golden = GOLDEN.read_bytes()
    path.write_bytes(golden[:-22] + locator + golden[-22:])
    assert "zip64" in refused(path)


def test_enormous_files_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "enormous.partsmith"
    with path.open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    assert "larger" in refused(path)


def test_encrypted_and_oddly_packed_entries(tmp_path: Path) -> None:
    path = tmp_path / "odd.partsmith"
    path.write_bytes(zipped([(SCENE_ENTRY, TEXT), (LATENTS_ENTRY, LATENTS)], zipfile.ZIP_BZIP2))
    assert "packed" in refused(path)
    golden = bytearray(GOLDEN.read_bytes())
    with zipfile.ZipFile(io.BytesIO(golden)) as archive:
        start = archive.start_dir
    golden[start + 8] |= 1
    path.write_bytes(bytes(golden))
    assert "encrypted" in refused(path)


def test_every_truncation_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cut.partsmith"
    golden = GOLDEN.read_bytes()
    for length in range(len(golden)):
        path.write_bytes(golden[:length])
        with pytest.raises(SceneFileError):
            read_scene(path)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(generators, st.integers(1, 8), st.sampled_from(["flip", "zero", "insert", "delete", "copy"]))
def test_random_damage_is_refused_or_harmless(
    tmp_path: Path, rng: np.random.Generator, count: int, kind: str
) -> None:
    """Bytes changed anywhere: a `SceneFileError`, or the very same latents (names and dates may differ)."""
    golden = bytearray(GOLDEN.read_bytes())
    for _ in range(count):
        place = int(rng.integers(0, len(golden)))
        if kind == "flip":
            golden[place] ^= 1 << int(rng.integers(0, 8))
        elif kind == "zero":
            golden[place] = 0
        elif kind == "insert":
            golden[place:place] = rng.bytes(int(rng.integers(1, 5)))
        elif kind == "delete":
            del golden[place : place + int(rng.integers(1, 5))]
        else:
            source = int(rng.integers(0, len(golden) - 8))
            golden[place : place + 8] = golden[source : source + 8]
    path = tmp_path / "fuzzed.partsmith"
    path.write_bytes(bytes(golden))
    try:
        scene = read_scene(path)
    except SceneFileError:
        return
    original = read_scene(GOLDEN)
    for one, other in zip(scene, original, strict=True):
        assert one.latent_hash == other.latent_hash


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_random_values_anywhere_in_the_description(tmp_path: Path, data: st.DataObject) -> None:
    """Any JSON value in place of any other: refused, or a scene."""
    contents = sound()
    odd = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
    odd |= st.lists(st.integers(), max_size=2) | st.dictionaries(
        st.text(max_size=2), st.integers(), max_size=2
    )
    target = data.draw(st.sampled_from([contents.document, contents.shape(), contents.part()]))
    target[data.draw(st.sampled_from(sorted(target)))] = data.draw(odd)
    path = contents.write(tmp_path / "odd.partsmith")
    try:
        scene = read_scene(path)
    except SceneFileError:
        return
    assert len(scene) <= 1
