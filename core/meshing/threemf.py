"""3MF, the print format: a zip of XML. Read here because nothing may be unpacked before it is measured.

Objects hold a mesh or are made of other objects; the build says which of them stand where. Colours, materials
and anything beyond the core specification are left alone.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

import numpy as np
from numpy.typing import NDArray

MAX_MODEL_BYTES = 512 << 20
MAX_RATIO = 200
"""A model that unpacks to more than so many times its size is no model."""
MAX_DEPTH = 16
CHUNK = 1 << 20
UNITS = {"micron": 1e-6, "millimeter": 1e-3, "centimeter": 1e-2, "inch": 0.0254, "foot": 0.3048, "meter": 1.0}

Matrix = NDArray[np.float64]
Piece = tuple[NDArray[np.float64], NDArray[np.int64]]


class ThreeMFError(Exception):
    """The file is not a 3MF that can be used; the message says why."""


@dataclass
class _Object:
    vertices: list[float] = field(default_factory=list)
    triangles: list[int] = field(default_factory=list)
    components: list[tuple[str, Matrix]] = field(default_factory=list)


class _Reader:
    """What the parser meets, element by element; namespaces are cut off."""

    def __init__(self, most: int) -> None:
        self.objects: dict[str, _Object] = {}
        self.items: list[tuple[str, Matrix]] = []
        self.unit = "millimeter"
        self._open = _Object()
        self._left = most

    def refuse_types(self, *_: object) -> None:
        raise ThreeMFError("it holds a document type, which no 3MF needs")

    def start(self, name: str, found: dict[str, str]) -> None:
        kind = name.rsplit(":", 1)[-1]
        if kind == "vertex":
            self._count()
            self._open.vertices += (float(found["x"]), float(found["y"]), float(found["z"]))
        elif kind == "triangle":
            self._count()
            self._open.triangles += (int(found["v1"]), int(found["v2"]), int(found["v3"]))
        elif kind == "object":
            self._open = self.objects[found["id"]] = _Object()
        elif kind == "component":
            self._open.components.append((found["objectid"], _matrix(found.get("transform"))))
        elif kind == "item":
            self.items.append((found["objectid"], _matrix(found.get("transform"))))
        elif kind == "model":
            self.unit = found.get("unit", "millimeter")

    def _count(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise ThreeMFError("it has too many triangles; simplify the mesh first")


def read_threemf(data: bytes, most: int) -> tuple[list[Piece], float]:
    """Pieces (vertices [V, 3], faces [F, 3]) as they stand in the build, and metres per unit.

    Parameters
    ----------
    most : int
        Vertices and triangles together that are read at most, and triangles that may stand in the build.

    Raises
    ------
    ThreeMFError
        If it is no 3MF, too large, or not what the specification says.
    """
    reader = _Reader(most)
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.start
    parser.StartDoctypeDeclHandler = reader.refuse_types
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            models = [i for i in archive.infolist() if i.filename.lower().lstrip("/") == "3d/3dmodel.model"]
            if not models:
                raise ThreeMFError("it holds no model")
            limit = min(MAX_MODEL_BYTES, MAX_RATIO * len(data))
            with archive.open(models[0]) as model:
                while chunk := model.read(CHUNK):
                    limit -= len(chunk)
                    if limit < 0:
                        raise ThreeMFError("it unpacks to more than a mesh can need")
                    parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (zipfile.BadZipFile, zlib.error, struct.error, RuntimeError, EOFError, OSError) as error:
        raise ThreeMFError(f"its archive cannot be read ({error})") from None
    except (expat.ExpatError, KeyError, ValueError, OverflowError) as error:
        raise ThreeMFError(f"its model cannot be read ({error})") from None
    pieces: list[Piece] = []
    left = most
    items = reader.items or [(name, np.eye(4)) for name in reader.objects]
    for piece in (piece for name, matrix in items for piece in _placed(reader.objects, name, matrix, 0)):
        left -= len(piece[1]) + 1
        if left < 0:
            raise ThreeMFError("its build has too many triangles; simplify the mesh first")
        pieces.append(piece)
    return pieces, UNITS.get(reader.unit, 0.0)


def _placed(objects: dict[str, _Object], name: str, matrix: Matrix, depth: int) -> Iterator[Piece]:
    """Pieces of an object, one after the other, so that whoever counts them can stop."""
    if name not in objects or depth > MAX_DEPTH:
        raise ThreeMFError(f"its object {name[:40]!r} is missing or made of itself")
    found = objects[name]
    if found.triangles:
        vertices = np.asarray(found.vertices, np.float64).reshape(-1, 3)
        faces = np.asarray(found.triangles, np.int64).reshape(-1, 3)
        if faces.min() < 0 or faces.max() >= len(vertices):
            raise ThreeMFError("its triangles name vertices that are not there")
        yield vertices @ matrix[:3, :3] + matrix[3, :3], faces
    for part, place in found.components:
        yield from _placed(objects, part, place @ matrix, depth + 1)


def _matrix(text: str | None) -> Matrix:
    """A transform (12 numbers, acting on row vectors) as [4, 4]."""
    matrix = np.eye(4)
    if text is not None:
        matrix[:, :3] = np.array([float(word) for word in text.split()]).reshape(4, 3)
    return matrix
