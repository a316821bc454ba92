"""Quick pictures of a shape for lists and source choosers, drawn with numpy: no GL and no model.

With a mesh: four shaded dots per face, nearest last (a z-buffer by sorting). Without: the Gaussians as dots
spread over their surfaces. Some ten milliseconds for a draft mesh.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from core.scene.palette import part_colors
from core.scene.shape import AXES, CENTRE, EIGENVALUES, FloatArray, IntArray, Mesh, Part, Shape

AZIMUTH = np.radians(35.0)
ELEVATION = np.radians(18.0)
EXTENT = 1.32
"""Half the width of the square that is shown, in domain units."""

MIN_FACES = 2000
"""A mesh with fewer faces would show gaps between its dots: the Gaussians are drawn instead."""

MAX_FACES = 14_000
"""Of finer meshes only every so many-th face is drawn: more dots than pixels show nothing more."""

SIGMAS = 1.6
"""Size of a Gaussian's ellipsoid in standard deviations."""


def view_rotation() -> FloatArray:
    """Rows are right, up and towards the viewer of the three-quarter view, float32 [3, 3]."""
    sin_a, cos_a = np.sin(AZIMUTH), np.cos(AZIMUTH)
    sin_e, cos_e = np.sin(ELEVATION), np.cos(ELEVATION)
    towards = (sin_a * cos_e, sin_e, cos_a * cos_e)
    right = (cos_a, 0.0, -sin_a)
    up = np.cross(towards, right)
    return np.array([right, up, towards], np.float32)


def draw_portrait(
    shape: Shape,
    mesh: Mesh | None,
    size: int,
    background: tuple[int, int, int],
    highlight: Collection[int] | None = None,
) -> NDArray[np.uint8]:
    """Picture of a shape from the front right.

    Parameters
    ----------
    shape : Shape
    mesh : Mesh or None
        Its surface if one is known; otherwise its Gaussians are drawn.
    size : int
        Side of the picture in pixels.
    background : three ints in [0, 255]
    highlight : collection of int, optional
        Part ids to show in full colour; the others fade into the background. None = all of them.

    Returns
    -------
    uint8 [size, size, 3]
    """
    picture = np.empty((size, size, 3), np.uint8)
    picture[:] = background
    dense = mesh is not None and len(mesh.faces) >= MIN_FACES
    points, normals, rows = _mesh_points(mesh) if mesh is not None and dense else _gaussians(shape)
    if not len(points):
        return picture
    shown = np.array([part.visible for part in shape.parts], bool)
    keep = shown[rows]
    points, normals, rows = points[keep], normals[keep], rows[keep]
    rotation = view_rotation()
    seen = points @ rotation.T
    facing = normals @ rotation.T
    colors = part_colors(shape)[rows] * _light(facing)[:, None]
    if highlight is not None:
        lit = np.array([part.id in set(highlight) for part in shape.parts], bool)[rows]
        plain = np.asarray(background, np.float32) / 255.0
        grey = colors.mean(axis=1, keepdims=True)
        colors = np.where(lit[:, None], colors, 0.55 * grey + 0.45 * plain)
    _splat(picture, seen, colors, size)
    return picture


def draw_points(
    points: FloatArray,
    normals: FloatArray,
    color: tuple[float, float, float],
    size: int,
    background: tuple[int, int, int],
) -> NDArray[np.uint8]:
    """Picture of points [N, 3] with normals [N, 3] from the front right, uint8 [size, size, 3].

    Either side of a surface is lit; a mark on the floor points to the front.
    """
    picture = np.empty((size, size, 3), np.uint8)
    picture[:] = background
    rotation = view_rotation()
    facing = normals @ rotation.T
    facing = facing * np.where(facing[:, 2:] < 0, -1.0, 1.0)
    colors = np.asarray(color, np.float32) * _light(facing.astype(np.float32))[:, None]
    height = float(points[:, 1].min()) if len(points) else -0.9
    floor, marks = _floor(height)
    plain = np.asarray(background, np.float32) / 255.0
    every = np.concatenate([floor, points])
    shades = np.concatenate([plain + marks[:, None] * (0.5 - plain), colors])
    _splat(picture, every @ rotation.T, shades.astype(np.float32), size)
    return picture


def _floor(height: float) -> tuple[FloatArray, FloatArray]:
    """Points [N, 3] of a square on the floor with an arrow to the front, and how dark each is [N]."""
    line = np.linspace(-0.9, 0.9, 400)
    sides = [(line, np.full(400, side)) for side in (-0.9, 0.9)]
    square = [np.c_[a, b] for x, z in sides for a, b in ((x, z), (z, x))]
    tip = np.linspace(0.0, 0.12, 60)
    arrow = [np.c_[side * tip, 1.22 - tip] for side in (-1.0, 1.0)] + [np.c_[0 * line, 1.06 + 0.16 * line]]
    flat = np.concatenate([*square, *arrow])
    strength = np.full(len(flat), 0.45, np.float32)
    strength[sum(len(part) for part in square) :] = 1.0
    points = np.stack([flat[:, 0], np.full(len(flat), height), flat[:, 1]], axis=1)
    return points.astype(np.float32), strength


def _light(facing: FloatArray) -> FloatArray:
    """Key light from upper left plus a soft sky, in [0.3, 1.1]."""
    key = np.array([-0.45, 0.65, 0.62], np.float32)
    key /= np.linalg.norm(key)
    diffuse = np.clip(facing @ key, 0.0, 1.0)
    sky = 0.5 + 0.5 * facing[:, 1]
    light: FloatArray = (0.34 + 0.58 * diffuse + 0.18 * sky).astype(np.float32)
    return light


def _splat(picture: NDArray[np.uint8], seen: FloatArray, colors: FloatArray, size: int) -> None:
    """Write every point's colour on a small block of pixels, the nearest last."""
    scale = size / (2.0 * EXTENT)
    columns = size / 2.0 + seen[:, 0] * scale
    lines = size / 2.0 - seen[:, 1] * scale
    order = np.argsort(seen[:, 2])
    columns, lines = columns[order], lines[order]
    values = np.clip(colors[order] * 255.0, 0, 255).astype(np.uint8)
    # Points of one surface patch lie closer than two pixels at these sizes, so 2x2 blocks leave no holes.
    # All four shifts of a point must be drawn before nearer points: interleave them along the point axis.
    shifts = np.array([(0, 0), (0, 1), (1, 0), (1, 1)])
    x = (np.floor(columns)[:, None].astype(np.int64) + shifts[:, 0]).ravel()
    y = (np.floor(lines)[:, None].astype(np.int64) + shifts[:, 1]).ravel()
    values = np.repeat(values, len(shifts), axis=0)
    inside = (x >= 0) & (x < size) & (y >= 0) & (y < size)
    # numpy keeps the last of repeated indices, i.e. the nearest point
    picture[y[inside], x[inside]] = values[inside]


def _mesh_points(mesh: Mesh) -> tuple[FloatArray, FloatArray, IntArray]:
    """Face centres and points halfway to each corner: float32 [4F, 3] twice, rows int32 [4F]."""
    step = -(-len(mesh.faces) // MAX_FACES)
    faces = mesh.faces[::step]
    corners = mesh.vertices[faces]
    normals = mesh.normals[faces]
    centres = corners.mean(axis=1, keepdims=True)
    points = np.concatenate([centres, 0.5 * (centres + corners)], axis=1).reshape(-1, 3)
    flat = normals.mean(axis=1, keepdims=True)
    directions = np.concatenate([flat, 0.5 * (flat + normals)], axis=1).reshape(-1, 3)
    directions = directions / np.maximum(np.linalg.norm(directions, axis=1, keepdims=True), 1e-6)
    return points, directions.astype(np.float32), np.repeat(mesh.face_parts[::step], 4)


@lru_cache
def _sphere(count: int) -> FloatArray:
    """Evenly spread unit vectors, float32 [count, 3]."""
    index = np.arange(count) + 0.5
    polar = np.arccos(1.0 - 2.0 * index / count)
    turn = np.pi * (1.0 + 5.0**0.5) * index
    return np.stack(
        [np.cos(turn) * np.sin(polar), np.cos(polar), np.sin(turn) * np.sin(polar)], axis=1
    ).astype(np.float32)


def _gaussians(shape: Shape, count: int = 900) -> tuple[FloatArray, FloatArray, IntArray]:
    """Dots on every ellipsoid: float32 [P*count, 3] twice (points, normals), rows int32 [P*count]."""
    if not shape.parts:
        empty = np.zeros((0, 3), np.float32)
        return empty, empty, np.zeros(0, np.int32)
    sphere = _sphere(count)
    centres = shape.extrinsics[:, CENTRE]
    axes = shape.extrinsics[:, AXES].reshape(-1, 3, 3)
    radii = SIGMAS * np.sqrt(np.maximum(shape.extrinsics[:, EIGENVALUES], 1e-8))
    # As two matrix products: einsum of three operands takes several times as long, at every preview.
    points = centres[:, None] + sphere @ (radii[:, :, None] * axes)
    normals = sphere @ (axes / radii[:, :, None])
    normals /= np.maximum(np.linalg.norm(normals, axis=2, keepdims=True), 1e-6)
    rows = np.repeat(np.arange(len(shape.parts), dtype=np.int32), count)
    return points.reshape(-1, 3).astype(np.float32), normals.reshape(-1, 3).astype(np.float32), rows


def preview_shape(extrinsics: FloatArray, base: Shape | None) -> Shape | None:
    """Preview Gaussians as a shape to draw, with the names (hence colours) of `base` where rows agree."""
    count = len(extrinsics)
    if not np.isfinite(extrinsics).all():
        return None
    if base is not None and len(base.parts) == count:
        parts = tuple(Part(part.id, part.label, part.name) for part in base.parts)
    else:
        parts = tuple(Part(number) for number in range(count))
    return Shape("preview", extrinsics, np.zeros((count, 0), np.float32), parts)
