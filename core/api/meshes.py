"""Meshes in and out of a session, and pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.api.context import Context, PathLike
from core.edits.job import EditError
from core.edits.requests import Browse, Decode, Encode, Export, Fit, Inspect
from core.edits.results import Browsed, Decoded, Encoded, Exported, Fitted, Inspected
from core.meshing.files import write_files
from core.scene.original import Placement
from core.scene.shape import Mesh, Shape


class Meshes(Context):
    """Encode, fit, take; mesh, export, render, turntable."""

    def mesh(self, shape: str | None = None, resolution: int = 128) -> Mesh:
        """Surface of a shape, hidden parts included."""
        base = self.shape(shape)
        return self._ask(Decode(shape=base, resolution=resolution, checkpoint=base.checkpoint), Decoded).mesh

    def encode(
        self,
        path: PathLike,
        *,
        up: str | None = None,
        front: str | None = None,
        unit: float = 0.0,
        scale: bool = True,
        placement: Placement | None = None,
        name: str = "",
        seed: int = 0,
    ) -> Shape:
        """Bring a mesh file in as a shape of editable parts.

        Parameters
        ----------
        path : path-like
            OBJ, PLY (points too), STL, GLB, glTF, 3MF or OFF.
        up, front : str, optional
            Directions of the file such as "+z"; found with the model if not given. Give both or neither.
        unit : float
            Metres per unit of the file, 0 = as found.
        scale : bool
            Fit the mesh into the domain; False = it lies in [-1, 1] already.
        placement : Placement, optional
            How it is to stand, in place of the above.
        name : str
            Of the shape, by default the file's.
        seed : int
            Of the samples on its surface.
        """
        if (up is None) != (front is None):
            raise EditError("give both up and front, or neither")
        if up is not None and front is not None and up[1:] == front[1:]:
            raise EditError("up and front must be different axes")
        if placement is None and (up is not None or not scale):
            found = self._ask(Inspect(path=str(path), seed=seed), Inspected)
            up, front = up or found.placement.up, front or found.placement.front
            try:
                placement = (
                    Placement.fitting(found.low, found.high, up, front) if scale else Placement(up, front)
                )
            except ValueError as error:
                raise EditError(str(error)) from None
        request = Encode(path=str(path), placement=placement, unit=unit, seed=seed)
        encoded = self._ask(request, Encoded)
        return self._put(self.scene.newcomer(encoded.shape, name))

    def fit(self, shape: str | None = None, *, steps: int = 80, seed: int = 0) -> Shape:
        """Optimise the unlocked parts of an encoded shape until its surface lies on its file."""
        base = self.shape(shape)
        request = Fit(base=base, steps=steps, seed=seed, preview=False, checkpoint=base.checkpoint)
        fitted = self._ask(request, Fitted)
        return self._put(replace(fitted.shape, id=base.id, name=base.name))

    def take(self, number: int, model: str = "") -> Shape:
        """Add one of the shapes that come with a published model, counted from zero."""
        found = self._ask(Browse(start=number, count=1, checkpoint=model), Browsed)
        if not found.shapes:
            raise EditError(f"the model comes with {found.total} shapes, so there is no number {number}")
        return self._put(self.scene.newcomer(found.shapes[0]))

    def shown(self, shapes: Iterable[str] | None = None, hidden: bool = False) -> tuple[Shape, ...]:
        """The shapes that `export` and `render` take: by default the visible ones, without hidden parts."""
        chosen = (
            [shape for shape in self.scene if shape.visible]
            if shapes is None
            else [self.shape(shape) for shape in shapes]
        )
        found = []
        for shape in chosen:
            ids = [part.id for part in shape.parts if part.visible or hidden]
            if ids:
                # What was asked for is not hidden to the code that draws or writes it.
                shape = shape.subset(ids)
                parts = tuple(replace(part, visible=True) for part in shape.parts)
                found.append(replace(shape, parts=parts, visible=True))
        if not found:
            raise EditError("the scene shows no shapes; name hidden ones with shapes")
        return tuple(found)

    def export(
        self,
        path: PathLike,
        shapes: Iterable[str] | None = None,
        *,
        hidden: bool = False,
        resolution: int = 128,
        size: float = 0.0,
        z_up: bool = False,
        on_floor: bool = False,
        original_frame: bool = False,
        keep_original: bool = False,
    ) -> Exported:
        """Write shapes as one mesh file (glb, obj, ply, stl, 3mf); see `core.edits.requests.Export`."""
        request = Export(
            shapes=self.shown(shapes, hidden),
            path=str(path),
            resolution=resolution,
            size=size,
            z_up=z_up,
            on_floor=on_floor,
            original_frame=original_frame,
            keep_original=keep_original,
        )
        return self._ask(request, Exported)

    def render(
        self,
        path: PathLike | None = None,
        shapes: Iterable[str] | None = None,
        *,
        hidden: bool = False,
        resolution: int = 128,
        width: int = 960,
        height: int = 720,
        azimuth: float = 35.0,
        elevation: float = 20.0,
        transparent: bool = False,
    ) -> NDArray[np.uint8]:
        """Draw shapes without a display; the picture [H, W, 3 or 4], written as PNG if there is a `path`."""
        shown = self.shown(shapes, hidden)
        meshes = self._meshes(shown, resolution)
        from core.meshing import raycast

        image = raycast.render(
            meshes,
            shown,
            size=(width, height),
            azimuth=azimuth,
            elevation=elevation,
            background=None if transparent else raycast.BACKGROUND,
        )
        if path is not None:
            raycast.write_picture(image, Path(path))
        return image

    def turntable(
        self,
        path: PathLike,
        shapes: Iterable[str] | None = None,
        *,
        hidden: bool = False,
        resolution: int = 128,
        frames: int = 36,
        seconds: float = 3.6,
        size: int = 480,
        azimuth: float = 35.0,
        elevation: float = 20.0,
        report: Callable[[int], object] = lambda done: None,
    ) -> None:
        """Write shapes that turn once in so many frames and seconds, `size` pixels square.

        `path` ends in ``.gif`` (repeats for ever, 256 colours) or in ``.mp4`` (H.264, for browsers).
        `report` is called with the number of frames drawn before each, and when all are.
        """
        from core.animation import AnimationError, animation_bytes, check_pace

        suffix = Path(path).suffix.lower()
        try:
            check_pace(suffix, frames, seconds)
        except AnimationError as error:
            raise EditError(str(error)) from None
        shown = self.shown(shapes, hidden)
        meshes = self._meshes(shown, resolution)
        from core.meshing.turntable import turntable

        pictures: list[NDArray[np.uint8]] = []
        for picture in turntable(meshes, shown, (size, size), frames, azimuth=azimuth, elevation=elevation):
            report(len(pictures))
            pictures.append(picture)
        report(frames)
        try:
            data = animation_bytes(suffix, pictures, seconds)
        except AnimationError as error:
            raise EditError(str(error)) from None
        write_files({Path(path): data})

    def _meshes(self, shapes: Iterable[Shape], resolution: int) -> list[Mesh]:
        """Surfaces of shapes that need not be those of the scene."""
        return [
            self._ask(Decode(shape=shape, resolution=resolution, checkpoint=shape.checkpoint), Decoded).mesh
            for shape in shapes
        ]
