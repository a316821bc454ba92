"""The well-known attacks on readers of files: each is refused, and the refusal says what it was."""

from __future__ import annotations

import io
import json
import struct
import tempfile
import time
import tracemalloc
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import h5py

from core.checkpoints.loading import CheckpointError
from core.published.hdf5_files import LATENTS_KEY, PARTS_KEY
from core.published.quarantine import copy_shapes, read_tensors
from core.scene.storage import ENTRY_LIMITS, LATENTS_ENTRY, SCENE_ENTRY
from tests.reliability.figures import Outcome, figure
from tests.reliability.hostile import SECONDS
from tests.reliability.parsers import Parser, parser_named

MEMORY = 256 << 20


@dataclass(frozen=True)
class Attack:
    """A file, and a word of the message that must name what is wrong with it."""

    name: str
    format: str
    data: bytes
    word: str


def zipped(entries: dict[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", kind) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def in_scenes() -> Iterator[Attack]:
    sound = parser_named("scene").seeds[0]
    with zipfile.ZipFile(io.BytesIO(sound)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    document = json.loads(entries[SCENE_ENTRY])

    def with_document(**changes: object) -> bytes:
        return zipped(entries | {SCENE_ENTRY: json.dumps(document | changes).encode()})

    def with_text(old: bytes, new: bytes) -> bytes:
        return zipped(entries | {SCENE_ENTRY: entries[SCENE_ENTRY].replace(old, new)})

    yield Attack("zip bomb", "scene", zipped({SCENE_ENTRY: b" " * ENTRY_LIMITS[SCENE_ENTRY]}), "unpacks")
    yield Attack("huge entry", "scene", zipped({LATENTS_ENTRY: b" " * (257 << 20)}), "larger")
    for name in ("../evil", "/etc/passwd", "a/../../b", "C:\\x"):
        yield Attack(f"path traversal {name}", "scene", zipped(entries | {name: b"x"}), "unsafe name")
    yield Attack("10,000 entries", "scene", zipped({f"{n}": b"" for n in range(10_000)}), "more entries")
    yield Attack(
        "deep nesting", "scene", with_text(b"{", b'{"x":' + b"[" * 9999 + b"]" * 9999 + b","), "be read"
    )
    yield Attack("NaN in the description", "scene", with_text(b"0.0", b"NaN"), "be read")
    yield Attack("a newer format", "scene", with_document(version=99), "newer")
    yield Attack("a class to make", "scene", with_document(shapes={"__class__": "os.system"}), "not a list")
    yield Attack("100,000 shapes", "scene", with_document(shapes=[{}] * 100_000), "most")


def in_latents() -> Iterator[Attack]:
    def header(record: object, data: bytes = b"") -> bytes:
        text = json.dumps(record).encode()
        return struct.pack("<Q", len(text)) + text + data

    def one(shape: object, offsets: object, data: bytes = b"") -> bytes:
        return header({"s1/extrinsics": {"dtype": "F32", "shape": shape, "data_offsets": offsets}}, data)

    nan = struct.pack("<16f", *[float("nan")] * 16)
    for name in ("safetensors", "model weights"):
        word = "damaged" if name == "safetensors" else "cannot be read"
        yield Attack("header of 2^62 bytes", name, struct.pack("<Q", 1 << 62) + b"{}", word)
        yield Attack("2^40 rows", name, one([1 << 40, 16], [0, 64], bytes(64)), word)
        yield Attack("an overflowing shape", name, one([1 << 62, 1 << 62], [0, 64], bytes(64)), word)
        yield Attack("data beyond the end", name, one([1, 16], [0, 1 << 50], bytes(64)), word)
    for name in ("model card", "model configuration"):
        yield Attack("deep nesting", name, b'{"id":' + b"[" * 99_999 + b"]" * 99_999 + b"}", "cannot be read")
    yield Attack("NaN in the latents", "safetensors", one([1, 16], [0, 64], nan), "")


def in_meshes() -> Iterator[Attack]:
    ply = b"ply\nformat binary_little_endian 1.0\nelement vertex %d\nproperty float x\nproperty float y\n"
    ply += b"property float z\nelement face %d\nproperty list uchar int vertex_indices\nend_header\n"
    yield Attack("4 billion points", "PLY", ply % (4_294_967_295, 1) + bytes(100), "declares")
    yield Attack("4 billion faces", "PLY", ply % (1, 4_294_967_295) + bytes(100), "declares")
    yield Attack("-1 points", "PLY", ply % (-1, 1) + bytes(100), "declares")
    yield Attack("10^12 points", "OFF", b"OFF\n1000000000000 1 0\n0 0 0\n", "declares")
    yield Attack("a count beyond the file", "STL", bytes(80) + struct.pack("<I", 0xFFFFFFFF) + bytes(50), "")
    triangle = b"v 0 0 0\nv 1 0 0\nv 0 %s 0\nf 1 2 3\n"
    for number in (b"nan", b"inf", b"1e999"):
        yield Attack(f"{number.decode()} in a point", "OBJ", triangle % number, "not finite")
    yield Attack("a face of points that are not there", "OBJ", triangle % b"1" + b"f 1 2 99999999\n", "")

    sound = json.loads(parser_named("GLTF").seeds[0])
    yield Attack("cyclic nodes", "GLTF", _with(sound, nodes=[{"children": [1]}, {"children": [0]}]), "circle")
    yield Attack("a node that is its own child", "GLTF", _with(sound, nodes=[{"children": [0]}]), "circle")
    many = [{"mesh": 0, "name": str(number)} for number in range(99_000)]
    roots = [{"nodes": list(range(99_000))}]
    big = [sound["accessors"][0] | {"count": 90}, *sound["accessors"][1:]]
    placed = _with(sound, nodes=many * 2, scenes=roots, accessors=big)
    yield Attack("a mesh placed 198,000 times", "GLTF", placed, "nodes")
    for uri in ("../../etc/passwd", "file:///etc/passwd", "http://localhost:1/x.bin", "//host/share/x.bin"):
        buffers = [sound["buffers"][0] | {"uri": uri}]
        yield Attack(f"external file {uri}", "GLTF", _with(sound, buffers=buffers), "refers to the file")
    images = [{"uri": "file:///etc/passwd"}]
    data = _with(sound, images=images, textures=[{"source": 0}])
    yield Attack("an external picture is not read", "GLTF", data, "")
    accessors = [sound["accessors"][0] | {"count": 1 << 40}, *sound["accessors"][1:]]
    yield Attack("2^40 numbers", "GLTF", _with(sound, accessors=accessors), "declares")
    accessors = [{"componentType": 5125, "type": "SCALAR", "count": 1 << 33}, *sound["accessors"][1:]]
    yield Attack("numbers without data", "GLTF", _with(sound, accessors=accessors), "sparse")
    glb = parser_named("GLB").seeds[0]
    yield Attack("a chunk of 4 GiB", "GLB", glb[:12] + struct.pack("<I", 0xFFFFFFF0) + glb[16:], "declares")


def in_published() -> Iterator[Attack]:
    old = b"cposix\nsystem\nX\x02\0\0\0id\x85R."
    new = b"\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x02id\x85R."
    for name, data in (("published pickle", old), ("published options", new)):
        yield Attack("a command to run", name, data, "posix.system")
    record = _published("published options").replace(b"options", b"asyncio", 1)
    yield Attack("an object of another class", "published options", record, "names asyncio.")
    doubling = (
        b"]q\0K\x01a" + b"".join(b"]q%c(" % n + b"h%c" % (n - 1) * 200 + b"e" for n in range(1, 9)) + b"."
    )
    yield Attack("lists of lists of lists", "published options", doubling, "not settings")
    far = struct.pack("<q", 1 << 60)
    wide = _published("published pickle").replace(b"K\x06t", b"\x8a\x08" + far + b"t", 1)
    yield Attack("2^60 numbers", "published pickle", wide, "declared")
    many = _published("published pickle").replace(b"K\x03K\x02\x86", b"\x8a\x08" + far + b"K\x02\x86", 1)
    yield Attack("2^60 rows", "published pickle", many, "beyond")
    stored = parser_named("published torch zip").seeds[0]
    with zipfile.ZipFile(io.BytesIO(stored)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    yield Attack("zip bomb", "published torch zip", zipped({"a/data.pkl": b" " * (64 << 20)}), "packed")
    yield Attack("packed entries", "published torch zip", zipped(entries), "packed")
    yield Attack(
        "no pickle", "published torch zip", zipped({"a/data/0": b"x"}, zipfile.ZIP_STORED), "data.pkl"
    )

    sound = parser_named("published hparams").seeds[0]
    layers = b"".join(
        b"l%d: &l%d {<<: [%s]}\n" % (n, n, b",".join([b"*l%d" % (n - 1)] * 9)) for n in range(1, 12)
    )
    yield Attack("mappings merged into mappings", "published hparams", b"l0: &l0 {a: 1}\n" + layers, "<<")
    yield Attack("a class to make", "published hparams", b"a: !!python/object/apply:os.system [id]\n", "type")
    yield Attack("a value that is not of its type", "published hparams", b"a: !!bool x\n", "type")
    yield Attack("deep nesting", "published hparams", b"a: " + b"[" * 9000, "nested")
    huge = sound.replace(b"num_steps: 1000", b"num_steps: 1" + b":59" * 3000)
    yield Attack("a number of 5,000 digits", "published hparams", huge, "out of range")
    yield Attack("steps without end", "published hparams", sound.replace(b"1000", b".inf"), "no number")

    yield Attack("shapes of another file", "published shapes", _hdf5_link(), "link")
    yield Attack("2^40 shapes", "published shapes", _hdf5_huge(), "out of range")
    yield Attack("no HDF5 file", "published statistics", b"\x89HDF" + bytes(2000), "no HDF5")


def _published(name: str) -> bytes:
    return parser_named(name).seeds[0]


def _hdf5_link() -> bytes:
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        for name in (PARTS_KEY, LATENTS_KEY):
            file[name] = h5py.ExternalLink("/etc/passwd", "x")
    return buffer.getvalue()


def _hdf5_huge() -> bytes:
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        for name, width in ((PARTS_KEY, 16), (LATENTS_KEY, 8)):
            file.create_dataset(name, (1 << 40, 16, width), "f4", chunks=(1, 16, width))
    return buffer.getvalue()


def _confined(kind: str) -> Parser:
    """The reading process itself: beside torch, which is loaded here, its copy would find no room."""

    def read(path: Path) -> None:
        if kind == "shapes":
            copy_shapes(path, path.with_suffix(".safetensors"))
        else:
            read_tensors(path, kind)

    return Parser(f"published {kind}", ".hdf5", [], read, (CheckpointError,))


def _with(tree: dict, **changes: object) -> bytes:
    return json.dumps(tree | changes).encode()


HARMLESS = {"a face of points that are not there", "an external picture is not read"}
"""May be read too: then what is wrong in them is left out."""


@figure("well-known attacks that are not refused, or not by name", 40)
def attacks(quick: bool) -> Outcome:
    outcome = Outcome()
    parsers = {f"published {kind}": _confined(kind) for kind in ("shapes", "statistics")}
    for attack in [*in_scenes(), *in_latents(), *in_meshes(), *in_published()]:
        parser = parsers.setdefault(attack.format, parser_named(attack.format))
        outcome.check(not (wrong := against(attack, parser)), f"{attack.name} ({attack.format}): {wrong}")
    return outcome


def against(attack: Attack, parser: Parser) -> str:
    """Read the file of an attack; what is wrong with how that went, "" if nothing is."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"attack{parser.suffix}"
        path.write_bytes(attack.data)
        tracemalloc.start()
        started = time.process_time()
        try:
            parser.read(path)
            message = None
        except parser.expected as error:
            message = str(error)
        except BaseException as error:
            return f"{type(error).__name__}: {error}"
        finally:
            seconds, memory = time.process_time() - started, tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
    if message is None:
        return "" if attack.name in HARMLESS else "it was read"
    if attack.word not in message:
        return f"refused without saying what it is: {message}"
    limit = max(MEMORY, 8 * len(attack.data))
    return f"{seconds:.1f} s, {memory >> 20} MiB" if seconds > SECONDS or memory > limit else ""
