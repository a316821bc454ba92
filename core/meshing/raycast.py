"""Pictures of shapes without a display: thumbnails, contact sheets, the `render` command."""

from __future__ import annotations

import io
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.meshing.camera import Camera, framing_camera
from core.meshing.color import linear_to_srgb, srgb_to_linear
from core.meshing.files import write_files
from core.meshing.studio import Studio
from core.scene.palette import part_colors
from core.scene.shape import FloatArray, Mesh, Shape

if TYPE_CHECKING:
    from open3d.t.geometry import RaycastingScene

Picture = NDArray[np.uint8]

BACKGROUND = (0.955, 0.958, 0.965)
"""A light studio grey, sRGB."""
MUTED = 0.72
"""How far parts that are not highlighted move towards grey."""
STRIP_SAMPLES = 32768
"""Samples in work at once: large pictures are made in strips that stay in the cache."""
RAY_BLOCK = 8192
"""Rays per call: open3d may hold the interpreter lock during one."""


def render(
    meshes: Sequence[Mesh],
    shapes: Sequence[Shape],
    size: tuple[int, int] = (256, 256),
    *,
    azimuth: float = 35.0,
    elevation: float = 20.0,
    background: tuple[float, float, float] | None = BACKGROUND,
    highlight: Collection[int] | None = None,
    colors: Sequence[FloatArray] | None = None,
    frame: FloatArray | None = None,
    supersample: int = 2,
    threads: int = 1,
) -> Picture:
    """Picture of shapes in their places, coloured by part; hidden shapes and parts are left out.

    Parameters
    ----------
    meshes, shapes : sequences of the same length
    size : (width, height)
        In pixels.
    azimuth, elevation : float
        Where the camera stands, in degrees: from +z (the front) towards +x, and above the floor.
    background : (r, g, b) or None
        sRGB in [0, 1]; None makes it transparent (the shadow stays).
    highlight : collection of int, optional
        Rows of parts to show in their colours; all others turn grey. Applies to every shape.
    colors : sequence of float32 [P, 3], optional
        sRGB colours of the parts of each shape, instead of the palette's.
    frame : float32 [N, 3], optional
        Points that the picture has room for, where several are to be compared; by default the shapes fill it.
    supersample : int
        Rays per pixel and direction.
    threads : int
        Threads of the ray caster.

    Returns
    -------
    uint8 [height, width, 3], or [height, width, 4] with straight alpha if the background is transparent.
    """
    width, height = size
    surface = _Surface.of(meshes, shapes, highlight, colors or [part_colors(shape) for shape in shapes])
    image = np.zeros((height, width, 4), np.float32)
    if surface is not None:
        framed = surface.vertices if frame is None else frame
        camera = framing_camera(framed, azimuth, elevation, width / height)
        scene = _LitScene(surface, camera, threads)
        step = max(1, STRIP_SAMPLES // (width * supersample**2))
        for top in range(0, height, step):
            bottom = min(top + step, height)
            window = range(top * supersample, bottom * supersample)
            samples = scene.seen(camera.rays(width * supersample, height * supersample, window))
            cells = samples.reshape(bottom - top, supersample, width, supersample, 4)
            image[top:bottom] = cells.mean(axis=(1, 3))
    return _developed(image, background)


class _Surface:
    """All visible faces in one mesh, with a linear colour per face."""

    def __init__(
        self, vertices: FloatArray, normals: FloatArray, faces: NDArray[np.uint32], colors: FloatArray
    ) -> None:
        self.vertices, self.normals, self.faces, self.colors = vertices, normals, faces, colors

    @classmethod
    def of(
        cls,
        meshes: Sequence[Mesh],
        shapes: Sequence[Shape],
        highlight: Collection[int] | None,
        palettes: Sequence[FloatArray],
    ) -> _Surface | None:
        """Join the meshes; None if nothing is visible."""
        vertices, normals, faces, colors, first = [], [], [], [], 0
        for mesh, shape, palette in zip(meshes, shapes, palettes, strict=True):
            shown = np.array([part.visible for part in shape.parts], bool)[mesh.face_parts]
            if not shape.visible or not shown.any():
                continue
            color = srgb_to_linear(palette)
            if highlight is not None:
                muted = np.array([row not in highlight for row in range(len(color))])
                color[muted] += MUTED * (srgb_to_linear(0.8) - color[muted])
            vertices.append(mesh.vertices + np.asarray(shape.position, np.float32))
            normals.append(mesh.normals)
            faces.append(mesh.faces[shown] + first)
            colors.append(color[mesh.face_parts[shown]])
            first += len(mesh.vertices)
        if not faces:
            return None
        used, renumbered = np.unique(np.concatenate(faces).ravel(), return_inverse=True)
        return cls(
            np.concatenate(vertices)[used],
            np.concatenate(normals)[used],
            renumbered.reshape(-1, 3).astype(np.uint32),
            np.concatenate(colors),
        )


class _LitScene:
    """A surface in the studio; light is worked out for a vertex when it is first seen."""

    def __init__(self, surface: _Surface, camera: Camera, threads: int) -> None:
        low, high = surface.vertices.min(axis=0), surface.vertices.max(axis=0)
        self._surface = surface
        self._caster = _Caster(surface, threads)
        self._studio = Studio(camera, self._caster.occluded, float(low[1]))
        self._shadow = self._studio.shadow_map(low, high) if camera.eye[1] > low[1] else None
        # Per vertex: normal, share of the sky, share of the key light.
        self._vertices = np.full((len(surface.vertices), 5), np.nan, np.float32)
        self._vertices[:, :3] = surface.normals

    def seen(self, rays: FloatArray) -> FloatArray:
        """Linear light, premultiplied, and opacity [N, 4] along rays [N, 6]."""
        result = np.zeros((len(rays), 4), np.float32)
        face, along = self._caster.first_hits(rays)
        hit = np.flatnonzero(face >= 0)
        result[hit, :3] = self._shaded(face[hit], along[hit], rays[hit, 3:])
        result[hit, 3] = 1.0
        if self._shadow is not None:
            missed = np.flatnonzero(face < 0)
            result[missed, 3] = self._shadow.at(rays[missed])
        return result

    def _shaded(self, face: NDArray[np.int64], along: FloatArray, directions: FloatArray) -> FloatArray:
        """Light [N, 3] from points on faces, given as faces [N] and barycentric (u, v) [N, 2]."""
        corners = self._surface.faces[face]
        dark = np.zeros(len(self._vertices), bool)
        dark[corners] = True
        new = np.flatnonzero(dark & np.isnan(self._vertices[:, 3]))
        sky, lit = self._studio.vertex_light(self._surface.vertices[new], self._surface.normals[new])
        self._vertices[new, 3], self._vertices[new, 4] = sky, lit
        a, b, c = (self._vertices[corner] for corner in corners.T)
        mixed = a + along[:, :1] * (b - a) + along[:, 1:] * (c - a)
        length = np.sqrt(np.einsum("ij,ij->i", mixed[:, :3], mixed[:, :3]))
        normals = mixed[:, :3] / np.maximum(length, 1e-6)[:, None]
        return self._studio.shade(self._surface.colors[face], normals, directions, mixed[:, 3], mixed[:, 4])


class _Caster:
    """Ray tests against a surface."""

    def __init__(self, surface: _Surface, threads: int) -> None:
        # Importing open3d takes over a second, and only pictures need it.
        import open3d as o3d

        self._tensor = o3d.core.Tensor.from_numpy
        self._threads = threads
        self._scene: RaycastingScene = o3d.t.geometry.RaycastingScene(nthreads=threads)
        self._scene.add_triangles(
            self._tensor(np.ascontiguousarray(surface.vertices)), self._tensor(surface.faces)
        )

    def first_hits(self, rays: FloatArray) -> tuple[NDArray[np.int64], FloatArray]:
        """Face [N] that each ray meets first (-1: none) and where on it, barycentric (u, v) [N, 2]."""
        face = np.empty(len(rays), np.int64)
        along = np.empty((len(rays), 2), np.float32)
        for start in range(0, len(rays), RAY_BLOCK):
            block = slice(start, start + RAY_BLOCK)
            answer = self._scene.cast_rays(self._tensor(rays[block]), nthreads=self._threads)
            hit = np.isfinite(answer["t_hit"].numpy())
            face[block] = np.where(hit, answer["primitive_ids"].numpy().astype(np.int64), -1)
            along[block] = answer["primitive_uvs"].numpy()
        return face, along

    def occluded(self, rays: FloatArray, reach: float) -> NDArray[np.bool_]:
        """Whether each ray [N, 6] hits anything within `reach` times its direction's length."""
        found = np.empty(len(rays), bool)
        for start in range(0, len(rays), RAY_BLOCK):
            block = slice(start, start + RAY_BLOCK)
            found[block] = self._scene.test_occlusions(
                self._tensor(np.ascontiguousarray(rays[block])), tfar=reach, nthreads=self._threads
            ).numpy()
        return found


def _developed(image: FloatArray, background: tuple[float, float, float] | None) -> Picture:
    """Encode linear, premultiplied light with opacity [H, W, 4], over a background if there is one."""
    light, alpha = image[..., :3], image[..., 3:]
    if background is not None:
        over = light + (1.0 - alpha) * srgb_to_linear(background)
        return np.round(255 * linear_to_srgb(over)).astype(np.uint8)
    straight = linear_to_srgb(light / np.maximum(alpha, 1e-6))
    return np.round(255 * np.concatenate([straight, alpha], axis=2)).astype(np.uint8)


def on_paper(picture: Picture) -> Picture:
    """A picture [H, W, 4] on the light background, [H, W, 3]; one that is not transparent stays as it is."""
    if picture.shape[2] == 3:
        return picture
    straight = picture.astype(np.float32) / 255
    light = srgb_to_linear(straight[..., :3]) * straight[..., 3:]
    return _developed(np.concatenate([light, straight[..., 3:]], axis=2), BACKGROUND)


def write_picture(image: Picture, path: Path | str) -> None:
    """Write a picture [H, W, 3 or 4] as PNG, completely or not at all (raises OSError)."""
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, format="PNG")
    write_files({Path(path): buffer.getvalue()})


def contact_sheet(images: Sequence[Picture], columns: int, path: Path | str) -> None:
    """Write pictures of one size as a table, row by row, without gaps; empty places stay white.

    Raises
    ------
    ValueError
        If there is no picture, or they differ in size.
    OSError
        If the file cannot be written.
    """
    if not images or columns < 1:
        raise ValueError("a contact sheet needs at least one picture and one column")
    height, width = images[0].shape[:2]
    if any(image.shape[:2] != (height, width) for image in images):
        raise ValueError("the pictures of a contact sheet must have the same size")
    rows = -(-len(images) // columns)
    sheet = np.full((rows, height, columns, width, 3), 255, np.uint8)
    for index, image in enumerate(images):
        sheet[index // columns, :, index % columns] = on_paper(image)
    write_picture(sheet.reshape(rows * height, columns * width, 3), path)
