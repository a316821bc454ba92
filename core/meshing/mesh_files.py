"""Mesh files of other programs, read into triangles in the file's own frame."""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.edits.job import EditError
from core.meshing.mesh_check import check_mesh
from core.meshing.point_clouds import MIN_POINTS, surfels
from core.meshing.threemf import ThreeMFError, read_threemf

DoubleArray = NDArray[np.float64]

MAX_BYTES = 256 << 20
MAX_FACES = 2_000_000
MAX_VERTICES = 4_000_000

SUFFIXES = (".obj", ".ply", ".stl", ".glb", ".gltf", ".3mf", ".off")
FORMAT_UP = {".glb": "+y", ".gltf": "+y", ".3mf": "+z"}
"""Up axes that a format prescribes; the others leave it open."""
FORMAT_UNIT = {".glb": 1.0, ".gltf": 1.0}
"""Metres per unit that a format prescribes."""
LIKELY_UNITS = ((12.0, 1.0), (60.0, 0.0254), (400.0, 0.01), (np.inf, 0.001))
"""Metres per unit for files that do not say: the first row whose size is not exceeded. Furniture measures
decimetres to metres: 0.9 is in metres, 36 in inches, 90 in centimetres, 900 in millimetres."""


class MeshFileError(Exception):
    """A mesh file cannot be used; the message says why, without the file's name."""


@dataclass(frozen=True, eq=False)
class FileMesh:
    """Triangles of a file, in its frame and unit.

    Attributes
    ----------
    vertices : float64 [V, 3]
    faces : int64 [F, 3]
        As in the file: not mended, not turned.
    cloud : bool
        The file holds points only; the triangles are `surfels`.
    digest : str
        SHA-256 of the file, in hex.
    up : str
        The direction the format prescribes as up, "" if it leaves that open.
    unit : float
        Metres per unit: prescribed, or likely for something of this size.
    unit_known : bool
        Whether the file or its format says so.
    """

    vertices: DoubleArray
    faces: NDArray[np.int64]
    cloud: bool
    digest: str
    up: str
    unit: float
    unit_known: bool

    @property
    def bounds(self) -> tuple[DoubleArray, DoubleArray]:
        """Lowest and highest corner [3] of what the triangles use."""
        used = self.vertices[np.unique(self.faces)]
        return used.min(axis=0), used.max(axis=0)


def read_mesh_file(path: Path) -> FileMesh:
    """Read OBJ, PLY, STL, GLB, glTF, 3MF or OFF; a PLY or OBJ without faces is a point cloud.

    Raises
    ------
    EditError
        If the file is missing, too large, unreadable or has no surface; the message says which.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise EditError(f"{path.name} is no mesh this editor reads. Use one of {', '.join(SUFFIXES)}.")
    try:
        if path.stat().st_size > MAX_BYTES:
            raise EditError(f"{path.name} is larger than {MAX_BYTES >> 20} MiB. Simplify the mesh first.")
        data = path.read_bytes()
    except OSError as error:
        raise EditError(f"{path.name} cannot be read: {error.strerror}.") from None
    unit = FORMAT_UNIT.get(suffix, 0.0)
    try:
        if suffix == ".3mf":
            pieces, unit = read_threemf(data, MAX_FACES + MAX_VERTICES)
            vertices, faces = _joined(pieces)
            normals = None
        else:
            check_mesh(path.name, data)
            _check_counts(suffix, data)
            vertices, faces, normals = _parsed(path, data)
    except (MeshFileError, ThreeMFError) as error:
        raise EditError(f"{path.name} cannot be used: {error}.") from None
    cloud = not len(faces)
    if cloud:
        if len(vertices) < MIN_POINTS:
            what = "no surface" if not len(vertices) else f"{len(vertices)} points and no faces"
            raise EditError(f"{path.name} holds {what}; a point cloud needs {MIN_POINTS} points or more.")
        if not np.isfinite(vertices).all():
            raise EditError(f"{path.name} is damaged: some of its coordinates are not finite.")
        vertices, faces = surfels(vertices, normals)
    if not np.isfinite(vertices[faces]).all() or np.abs(vertices[faces]).max() > 1e8:
        raise EditError(f"{path.name} is damaged: some of its coordinates are not finite or beyond reason.")
    corners = vertices[faces]
    size = float(np.ptp(corners.reshape(-1, 3), axis=0).max())
    crosses = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    if not size > 1e-6 or not np.linalg.norm(crosses / size**2, axis=1).sum() > 1e-9:
        raise EditError(f"{path.name} holds no usable surface: it has no size.")
    known = unit > 0
    unit = unit if known else next(metres for limit, metres in LIKELY_UNITS if size <= limit)
    digest = hashlib.sha256(data).hexdigest()
    return FileMesh(vertices, faces, cloud, digest, FORMAT_UP.get(suffix, ""), unit, known)


def _check_counts(suffix: str, data: bytes) -> None:
    """Refuse what would be too much to work with, before it is parsed."""
    faces = points = 0
    if suffix == ".obj":
        faces, points = data.count(b"\nf "), data.count(b"\nv ")
    elif suffix == ".stl":
        faces = data.count(b"endfacet") if data[:5] == b"solid" else len(data) // 50
    elif suffix == ".ply":
        header = data[: max(data.find(b"end_header"), 0)]
        counts = dict(re.findall(rb"element\s+(\w+)\s+(\d+)", header))
        faces, points = int(counts.get(b"face", 0)), int(counts.get(b"vertex", 0))
    if faces > MAX_FACES or points > MAX_VERTICES:
        raise MeshFileError(
            f"it has {faces:,} faces and {points:,} points; {MAX_FACES:,} and {MAX_VERTICES:,} are the most. "
            "Simplify the mesh first"
        )


def _joined(pieces: list[tuple[DoubleArray, NDArray[np.int64]]]) -> tuple[DoubleArray, NDArray[np.int64]]:
    if not pieces:
        return np.zeros((0, 3)), np.zeros((0, 3), np.int64)
    offsets = np.cumsum([0] + [len(vertices) for vertices, _ in pieces[:-1]])
    faces = [piece[1] + offset for piece, offset in zip(pieces, offsets, strict=True)]
    return np.concatenate([vertices for vertices, _ in pieces]), np.concatenate(faces)


def _parsed(path: Path, data: bytes) -> tuple[DoubleArray, NDArray[np.int64], DoubleArray | None]:
    """Vertices, faces and, for points, normals if there are any."""
    import trimesh

    suffix = path.suffix.lower()[1:]
    try:
        # Bytes have no folder: a parser cannot follow references to other files.
        scene = trimesh.load_scene(io.BytesIO(data), file_type=suffix, process=False, skip_materials=True)
        pieces, points, normals = [], [], []
        for node in scene.graph.nodes_geometry:
            matrix, name = scene.graph[node]
            geometry = scene.geometry[name]
            if isinstance(geometry, trimesh.Trimesh):
                with np.errstate(invalid="ignore"):  # not a number is refused by name, later
                    placed = np.asarray(geometry.vertices, np.float64) @ matrix[:3, :3].T + matrix[:3, 3]
                faces = np.asarray(geometry.faces, np.int64)
                if len(faces) and (faces.min() < 0 or faces.max() >= len(placed)):
                    raise MeshFileError("its faces name vertices that are not there")
                if len(faces):
                    # A mirrored placement turns the faces over.
                    flipped = np.linalg.det(matrix[:3, :3]) < 0
                    pieces.append((placed, faces[:, ::-1] if flipped else faces))
                    continue
            if hasattr(geometry, "vertices") and not hasattr(geometry, "entities"):
                points.append(np.asarray(geometry.vertices, np.float64) @ matrix[:3, :3].T + matrix[:3, 3])
                normals.append(_point_normals(geometry, len(points[-1])))
    except MeshFileError:
        raise
    except Exception as error:  # parsers raise whatever they stumble on
        reason = " ".join(str(error).split())[:160]
        raise MeshFileError(f"it is damaged or no mesh ({type(error).__name__}: {reason})") from None
    if pieces or not points:
        vertices, faces = _joined(pieces)
        return vertices, faces, None
    given = [found for found in normals if found is not None]
    every = np.concatenate(given) if len(given) == len(normals) else None
    return np.concatenate(points), np.zeros((0, 3), np.int64), every


def _point_normals(geometry: object, count: int) -> DoubleArray | None:
    """Normals [N, 3] that a PLY gives its points, None if it gives none."""
    raw = getattr(geometry, "metadata", {}).get("_ply_raw", {}).get("vertex", {}).get("data")
    names = getattr(getattr(raw, "dtype", None), "names", None) or (raw if isinstance(raw, dict) else ())
    if raw is None or not {"nx", "ny", "nz"} <= set(names):
        return None
    found = np.stack([np.asarray(raw[name], np.float64).reshape(-1) for name in ("nx", "ny", "nz")], axis=1)
    return found if len(found) == count and np.isfinite(found).all() and (found != 0).any() else None
