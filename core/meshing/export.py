"""Meshes to files of other programs: OBJ, PLY, STL, GLB and 3MF."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import trimesh
from numpy.typing import NDArray
from trimesh.visual import ColorVisuals
from trimesh.visual.material import PBRMaterial
from trimesh.visual.texture import TextureVisuals

from core.edits.job import EditError
from core.meshing.color import srgb_to_linear
from core.meshing.surface import face_areas
from core.meshing.three_mf import PrintBody, three_mf
from core.scene.palette import part_colors
from core.scene.replacing import WriteError, replace_files
from core.scene.shape import FloatArray, IntArray, Mesh, Shape
from core.scene.topology import is_watertight

FORMATS = (".obj", ".ply", ".stl", ".glb", ".3mf")
ROUGHNESS = 0.6
TEXT_ROWS = 4096
"""Rows of text made at once: one huge format operation would hold the interpreter lock."""


@dataclass(frozen=True, eq=False)
class Exact:
    """Rows of vertices that are vertices of a mesh file, and their places [N, 3] there."""

    rows: NDArray[np.int64]
    places: NDArray[np.float64]


@dataclass(frozen=True)
class _Piece:
    """One part of one shape as it goes into a file: faces index the shape's vertices."""

    name: str
    color: FloatArray
    faces: IntArray


@dataclass(frozen=True)
class _Body:
    """One shape as it goes into a file; vertices in its own frame."""

    name: str
    mesh: Mesh
    position: FloatArray
    colors: FloatArray
    pieces: tuple[_Piece, ...]

    @property
    def placed(self) -> FloatArray:
        """Vertices [V, 3] in the scene's frame."""
        return self.mesh.vertices + self.position


def write_mesh(
    path: Path | str,
    meshes: Sequence[Mesh],
    shapes: Sequence[Shape],
    original_frame: bool = False,
    exact: Mapping[int, Exact] = MappingProxyType({}),
) -> tuple[int, bool]:
    """Write shapes as one mesh file; the suffix chooses the format.

    OBJ gets one object and material per part (and an .mtl file next to it), GLB one node per part below one
    node per shape, PLY vertex colours, STL bare triangles, 3MF one
    object per shape with a colour per part. Lengths and axes are those of the meshes.

    Parameters
    ----------
    path : path
        Ends in one of `FORMATS`. An existing file is replaced only once the new one is complete.
    meshes, shapes : sequences of the same length
        Surface and shape; names, colours and position come from the shape.
    original_frame : bool
        Shapes that were brought in from a file go where they were in that file, in its unit (in a GLB, whose
        unit is the metre, in metres if the file's unit is known).
    exact : mapping, optional
        For some of the meshes, by index: vertices that are the file's own and, in the file's frame, where.

    Returns
    -------
    faces : int
        Triangles written.
    watertight : bool
        Whether the surface of every shape is closed.

    Raises
    ------
    EditError
        If the suffix is unknown, there is nothing to write, or the file cannot be written.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise EditError(
            f"Cannot export to {path.name!r}: its name must end in .obj, .ply, .stl, .glb or .3mf."
        )
    if len(meshes) != len(shapes):
        raise ValueError(f"{len(meshes)} meshes for {len(shapes)} shapes")
    if not sum(len(mesh.faces) for mesh in meshes):
        raise EditError("There is no surface to export: the shapes are empty.")
    if original_frame:
        placed = [
            _in_original(mesh, shape, suffix == ".glb", exact.get(index))
            for index, (mesh, shape) in enumerate(zip(meshes, shapes, strict=True))
        ]
        meshes, shapes = [mesh for mesh, _ in placed], [shape for _, shape in placed]
    bodies = _bodies(meshes, shapes)
    if suffix == ".obj":
        library = path.with_name(_clean(path.stem, "materials") + ".mtl")
        contents = {library: _mtl(bodies), path: _obj(bodies, library.name)}
    elif suffix == ".glb":
        contents = {path: _glb(bodies)}
    elif suffix == ".3mf":
        contents = {path: three_mf([_print_body(body) for body in bodies])}
    else:
        contents = {path: _joined(bodies, suffix)}
    try:
        replace_files(contents)
    except WriteError as error:
        raise EditError(f"Cannot write {path.name}: {error}") from error
    return sum(len(mesh.faces) for mesh in meshes), all(is_watertight(mesh.faces) for mesh in meshes)


def _in_original(mesh: Mesh, shape: Shape, metres: bool, exact: Exact | None) -> tuple[Mesh, Shape]:
    """A surface where it was in the file its shape came from; the shape then stands in the origin."""
    original = shape.original
    if original is None:
        return mesh, shape
    unit = original.unit if metres and original.unit > 0 else 1.0
    vertices = original.placement.to_file(mesh.vertices)
    if exact is not None:  # there and back again is not quite where it was
        vertices[exact.rows] = exact.places
    vertices *= unit
    normals = mesh.normals @ original.placement.rotation
    moved = Mesh(vertices.astype(np.float32), normals.astype(np.float32), mesh.faces, mesh.face_parts)
    return moved, replace(shape, position=(0.0, 0.0, 0.0))


def _clean(name: str, fallback: str) -> str:
    """Letters, digits, dots, dashes and underscores only: safe in every format and on every system."""
    return re.sub(r"[^\w.-]+", "_", name).strip("._") or fallback


def _bodies(meshes: Sequence[Mesh], shapes: Sequence[Shape]) -> list[_Body]:
    """Split shapes into parts and give everything a unique name (ignoring case)."""
    taken = {"world"}  # the root of a GLB file

    def unique(name: str) -> str:
        number, candidate = 1, name
        while candidate.casefold() in taken:
            number += 1
            candidate = f"{name}_{number}"
        taken.add(candidate.casefold())
        return candidate

    bodies = []
    for mesh, shape in zip(meshes, shapes, strict=True):
        if not len(mesh.faces):
            continue
        name = unique(_clean(shape.name, "shape"))
        colors = np.asarray(part_colors(shape), np.float32)
        pieces = []
        for row in np.unique(mesh.face_parts):
            part = _clean(shape.parts[row].name, "part")
            piece_name = unique(part if len(shapes) == 1 else f"{name}.{part}")
            pieces.append(_Piece(piece_name, colors[row], mesh.faces[mesh.face_parts == row]))
        position = np.asarray(shape.position, np.float32)
        bodies.append(_Body(name, mesh, position, colors, tuple(pieces)))
    return bodies


def _rows(template: str, table: NDArray[np.generic]) -> Iterator[str]:
    """Lines of text, one per row of the table."""
    for start in range(0, len(table), TEXT_ROWS):
        block = table[start : start + TEXT_ROWS]
        yield template * len(block) % tuple(block.ravel().tolist())


def _obj(bodies: Sequence[_Body], library: str) -> bytes:
    """Parts share their shape's vertices, so that the surface stays closed across part borders."""
    text = [f"mtllib {library}\n"]
    first = 1
    for body in bodies:
        text += _rows("v %.9g %.9g %.9g\n", body.placed)
        text += _rows("vn %.5f %.5f %.5f\n", body.mesh.normals)
        for piece in body.pieces:
            text.append(f"o {piece.name}\nusemtl {piece.name}\n")
            text += _rows("f %d//%d %d//%d %d//%d\n", np.repeat(piece.faces + first, 2, axis=1))
        first += len(body.mesh.vertices)
    return "".join(text).encode()


def _mtl(bodies: Sequence[_Body]) -> bytes:
    lines = []
    for piece in (piece for body in bodies for piece in body.pieces):
        color = " ".join(f"{channel:.4f}" for channel in piece.color)
        lines.append(f"newmtl {piece.name}\nKd {color}\nKa 0 0 0\nKs 0.05 0.05 0.05\nNs 30\nd 1\nillum 2\n\n")
    return "".join(lines).encode()


def _glb(bodies: Sequence[_Body]) -> bytes:
    scene = trimesh.Scene()
    for body in bodies:
        place = np.eye(4)
        place[:3, 3] = body.position
        scene.graph.update(frame_from=scene.graph.base_frame, frame_to=body.name, matrix=place)
        for piece in body.pieces:
            used, renumbered = np.unique(piece.faces.ravel(), return_inverse=True)
            # glTF colours are linear light, the palette is sRGB.
            color = np.append(srgb_to_linear(piece.color), 1.0)
            material = PBRMaterial(
                name=piece.name, baseColorFactor=color, metallicFactor=0.0, roughnessFactor=ROUGHNESS
            )
            geometry = trimesh.Trimesh(
                body.mesh.vertices[used],
                renumbered.reshape(-1, 3),
                # Normals of the whole surface: the seam between two parts stays smooth.
                vertex_normals=body.mesh.normals[used],
                visual=TextureVisuals(material=material),
                process=False,
            )
            scene.add_geometry(
                geometry, node_name=piece.name, geom_name=piece.name, parent_node_name=body.name
            )
    return bytes(trimesh.exchange.gltf.export_glb(scene, include_normals=True))


def _print_body(body: _Body) -> PrintBody:
    rows = np.unique(body.mesh.face_parts)
    names = {int(row): piece.name for row, piece in zip(rows, body.pieces, strict=True)}
    # Rows that have no face keep their place in the list.
    listed = tuple(names.get(row, f"part {row}") for row in range(len(body.colors)))
    return PrintBody(body.name, body.placed, body.mesh.faces, body.mesh.face_parts, listed, body.colors)


def _joined(bodies: Sequence[_Body], suffix: str) -> bytes:
    """All shapes as one mesh, for the formats without parts."""
    offsets = np.cumsum([0] + [len(body.mesh.vertices) for body in bodies[:-1]])
    faces = [body.mesh.faces + offset for body, offset in zip(bodies, offsets, strict=True)]
    mesh = trimesh.Trimesh(
        np.concatenate([body.placed for body in bodies]),
        np.concatenate(faces),
        vertex_normals=np.concatenate([body.mesh.normals for body in bodies]),
        process=False,
    )
    if suffix == ".stl":
        return bytes(trimesh.exchange.stl.export_stl(mesh))
    mesh.visual = ColorVisuals(mesh, vertex_colors=np.concatenate([_vertex_colors(body) for body in bodies]))
    return bytes(trimesh.exchange.ply.export_ply(mesh, encoding="binary", vertex_normal=True))


def _vertex_colors(body: _Body) -> NDArray[np.uint8]:
    """Colour [V, 4] of the part with the largest area around each vertex."""
    mesh = body.mesh
    areas = np.repeat(face_areas(mesh.vertices, mesh.faces), 3)
    owners = np.repeat(mesh.face_parts, 3)
    keys = mesh.faces.ravel().astype(np.int64) * len(body.colors) + owners
    pairs, inverse = np.unique(keys, return_inverse=True)
    vertex, part = np.divmod(pairs, len(body.colors))
    # The last write wins: sorted by area, that is the largest one.
    order = np.argsort(np.bincount(inverse, areas), kind="stable")
    owner = np.zeros(len(mesh.vertices), np.int64)
    owner[vertex[order]] = part[order]
    rgba = np.full((len(owner), 4), 255, np.uint8)
    rgba[:, :3] = np.round(255 * body.colors[owner])
    return rgba
