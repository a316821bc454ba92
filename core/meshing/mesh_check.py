"""What a mesh file declares, checked against what it holds before a parser believes it.

Parsers allocate what a file declares. Here counts are compared with the size of the file, glTF trees are
followed for cycles and for meshes placed so often that they would not fit into memory, and files that refer
to other files are refused: nothing but the chosen file is ever read.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Sized
from pathlib import PurePath
from typing import Any

from core.edits.job import EditError

MAX_FACES = 4_000_000
MAX_HEADER = 1 << 16
MAX_JSON = 16 << 20
MAX_NODES = 100_000
MAX_DEPTH = 64
COMPONENT_BYTES = {5120: 1, 5121: 1, 5122: 2, 5123: 2, 5125: 4, 5126: 4}
COMPONENTS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
PLY_BYTES = {
    **dict.fromkeys(("char", "uchar", "int8", "uint8"), 1),
    **dict.fromkeys(("short", "ushort", "int16", "uint16"), 2),
    **dict.fromkeys(("int", "uint", "float", "int32", "uint32", "float32"), 4),
    **dict.fromkeys(("double", "float64", "int64", "uint64"), 8),
}


def check_mesh(name: str, data: bytes) -> None:
    """Refuse a mesh file that declares more than it holds, refers to other files or runs in circles.

    Parameters
    ----------
    name : str
        Of the file; its suffix says what it should be.
    data : bytes
        All of it.

    Raises
    ------
    EditError
        Naming the file and what is wrong with it.
    """
    checks = {".ply": _check_ply, ".off": _check_off, ".glb": _check_glb, ".gltf": _check_gltf}
    check = checks.get(PurePath(name).suffix.lower())
    if check is None:
        return
    try:
        check(data)
    except _Refused as error:
        raise EditError(f"{name} cannot be used: {error}.") from None
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError, RecursionError):
        raise EditError(f"{name} is damaged: its description cannot be read.") from None


class _Refused(Exception):
    """Why a file is refused, as the end of a sentence."""


def _check_ply(data: bytes) -> None:
    end = data.find(b"end_header", 0, MAX_HEADER)
    if not data.startswith(b"ply") or end < 0:
        raise _Refused("it has no PLY header")
    rest = len(data) - end - len(b"end_header")
    text = b"format ascii" in data[:end]
    needed, rows, row_bytes = 0, 0, 0
    for line in data[:end].decode("ascii", "replace").splitlines():
        words = line.split()
        if words[:1] == ["element"]:
            needed += rows * row_bytes
            rows, row_bytes = int(words[2]), 0
            if rows < 0 or (words[1] == "face" and rows > MAX_FACES):
                raise _Refused(f"it declares {rows} elements of {words[1]!r}")
        elif words[:1] == ["property"]:
            # A list has at least its own length; as text, every number is a character and a space.
            row_bytes += 2 if text else PLY_BYTES[words[2] if words[1] == "list" else words[1]]
    needed += rows * row_bytes
    if needed > rest + (1 if text else 0):
        raise _Refused(f"it declares {needed} bytes of elements and holds {rest}")


def _check_off(data: bytes) -> None:
    numbers = re.sub(rb"#[^\n]*", b"", data[:MAX_HEADER]).split()
    counts = [int(word) for word in numbers[1:3]]
    if len(counts) < 2 or not numbers[0].upper().endswith(b"OFF"):
        raise _Refused("it has no OFF header")
    vertices, faces = counts
    if min(counts) < 0 or faces > MAX_FACES or 6 * vertices + 4 * faces > len(data):
        raise _Refused(f"it declares {vertices} points and {faces} faces, more than it holds")


def _check_glb(data: bytes) -> None:
    magic, version, length = struct.unpack("<4sII", data[:12].ljust(12, b"\0"))
    if magic != b"glTF" or version != 2:
        raise _Refused("it is no binary glTF 2")
    size, kind = struct.unpack("<I4s", data[12:20].ljust(8, b"\0"))
    if size > MAX_JSON:
        raise _Refused(f"it declares a description of {size >> 20} MiB")
    if length != len(data) or kind != b"JSON" or size > len(data) - 20:
        raise _Refused("a part of it is missing")
    chunks, at = [], 20 + size
    while at + 8 <= length:
        (chunk,) = struct.unpack("<I", data[at : at + 4])
        if chunk > length - at - 8:
            raise _Refused("a part of it is missing")
        chunks.append(chunk)
        at += 8 + chunk
    if at != length:
        raise _Refused("a part of it is missing")
    _check_tree(data[20 : 20 + size], chunks[0] if chunks else 0)


def _check_gltf(data: bytes) -> None:
    _check_tree(data, 0)


def _check_tree(text: bytes, chunk: int) -> None:
    """The JSON of a glTF file; `chunk` bytes of binary data come with it."""
    tree = json.loads(text.decode("utf-8"), parse_constant=_no_number)
    for index, buffer in enumerate(tree.get("buffers", [])):
        uri = buffer.get("uri")
        if uri is not None and not str(uri).startswith("data:"):
            raise _Refused(
                f"it refers to the file {str(uri)[:80]!r}. Export it as GLB, with everything inside"
            )
        held = chunk if uri is None and index == 0 else len(str(uri or "")) * 3 // 4
        if not 0 <= buffer["byteLength"] <= held + 3:
            raise _Refused(f"it declares {buffer['byteLength']} bytes of data and holds {held}")
    views = tree.get("bufferViews", [])
    for view in views:
        start, size = view.get("byteOffset", 0), view["byteLength"]
        if start < 0 or size < 0 or start + size > tree["buffers"][view["buffer"]]["byteLength"]:
            raise _Refused("it declares data beyond its end")
    accessors = tree.get("accessors", [])
    for accessor in accessors:
        needed = accessor["count"] * COMPONENT_BYTES[accessor["componentType"]] * COMPONENTS[accessor["type"]]
        if "sparse" in accessor or "bufferView" not in accessor:
            raise _Refused("it uses sparse data, which is not read")
        if not 0 <= accessor.get("byteOffset", 0) + needed <= views[accessor["bufferView"]]["byteLength"] + 3:
            raise _Refused(f"it declares {needed} bytes of numbers, more than it holds")
    _check_nodes(tree.get("nodes", []), [_faces_of(mesh, accessors) for mesh in tree.get("meshes", [])])


def _faces_of(mesh: dict[str, Any], accessors: list[dict[str, Any]]) -> int:
    total = 0
    for primitive in mesh["primitives"]:
        chosen = primitive.get("indices", primitive["attributes"].get("POSITION"))
        total += 0 if chosen is None else accessors[_index(chosen, accessors)]["count"] // 3
    return total


def _check_nodes(nodes: list[dict[str, Any]], faces: list[int]) -> None:
    """Every node has one parent at most, and the tree places so many triangles as memory can hold."""
    if len(nodes) > MAX_NODES:
        raise _Refused(f"it has {len(nodes)} nodes; {MAX_NODES} are the most")
    children = [[_index(child, nodes) for child in node.get("children", [])] for node in nodes]
    below = [child for list_of_one in children for child in list_of_one]
    if len(set(below)) != len(below):
        raise _Refused("a node of it stands in two places")
    level = sorted(set(range(len(nodes))) - set(below))
    seen = 0
    for _ in range(MAX_DEPTH):
        seen += len(level)
        level = [child for node in level for child in children[node]]
        if not level:
            break
    if seen != len(nodes):
        raise _Refused("its nodes run in a circle, or are nested too deeply")
    placed = sum(faces[_index(node["mesh"], faces)] for node in nodes if "mesh" in node)
    if placed > MAX_FACES:
        raise _Refused(f"it places {placed} triangles; {MAX_FACES} are the most")


def _index(value: object, among: Sized) -> int:
    """A list index of a file: negative ones would count from the end."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < len(among):
        raise ValueError("an index is out of range")
    return value


def _no_number(name: str) -> float:
    raise _Refused(f"it holds the number {name}")
