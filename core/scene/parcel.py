"""Parts on their way from one scene to another: a little JSON, checked as strictly as a scene file."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core.scene.archive import SceneFileError
from core.scene.scene import Scene
from core.scene.scene_document import parse_json, scene_document, scene_from_document
from core.scene.shape import AXES, EIGENVALUES, EXTRINSICS_WIDTH, Shape

MIME_TYPE = "application/x-partsmith-parts+json"
FORMAT_NAME = "partsmith-parts"
FORMAT_VERSION = 1
MAX_BYTES = 16 * 2**20
SKEW = 1e-2
"""How far the axes of a Gaussian may be from three unit vectors at right angles."""


class ParcelError(Exception):
    """What was to be pasted is no parts; the message says why, in a sentence for the person."""


def pack(shapes: Iterable[Shape]) -> bytes:
    """Shapes that hold just the parts to take along, as a clipboard can carry them.

    Raises
    ------
    ParcelError
        If that is too much for a clipboard.
    """
    scene = Scene(tuple(replace(shape, original=None, extra={}, visible=True) for shape in shapes))
    latents = {
        f"{shape.id}/{kind}": _text(getattr(shape, kind))
        for shape in scene
        for kind in ("extrinsics", "intrinsics")
    }
    document = scene_document(scene) | {
        "format": FORMAT_NAME,
        "version": FORMAT_VERSION,
        "widths": {shape.id: shape.intrinsics.shape[1] for shape in scene},
        "latents": latents,
    }
    data = json.dumps(document, sort_keys=True, allow_nan=False).encode("ascii")
    if len(data) > MAX_BYTES:
        raise ParcelError("These are too many parts for the clipboard. Save them as a scene instead.")
    return data


def unpack(data: bytes) -> tuple[Shape, ...]:
    """The shapes that `pack` was given, bit for bit.

    Raises
    ------
    ParcelError
        If it is too large, of a newer version, or anything in it is missing, out of range or not finite.
    """
    if len(data) > MAX_BYTES:
        raise ParcelError(f"The clipboard holds more than parts can take ({MAX_BYTES // 2**20} MiB).")
    try:
        document = parse_json(data)
        version = document.get("version")
        if document.get("format") != FORMAT_NAME or not isinstance(version, int):
            raise SceneFileError("it says so nowhere.")
        if version > FORMAT_VERSION:
            raise ParcelError("The parts were copied in a newer Partsmith. Copy them in this one.")
        widths, latents = document.get("widths"), document.get("latents")
        if not isinstance(widths, dict) or not isinstance(latents, dict):
            raise SceneFileError("its numbers are missing.")
        tensors = {str(name): _table(name, text, widths) for name, text in latents.items()}
        shapes = scene_from_document(document, tensors).shapes
    except SceneFileError as error:
        raise ParcelError(f"The clipboard holds no parts of Partsmith: {error}") from error
    for shape in shapes:
        axes = shape.extrinsics[:, AXES].reshape(-1, 3, 3).astype(np.float64)
        skewed = np.abs(axes @ axes.transpose(0, 2, 1) - np.eye(3)).max(initial=0.0) > SKEW
        if not shape.parts or skewed or (shape.extrinsics[:, EIGENVALUES] <= 0).any():
            raise ParcelError(f"The parts of {shape.name} on the clipboard are damaged. Copy them again.")
    if not shapes:
        raise ParcelError("The clipboard holds no parts. Copy some first.")
    return tuple(replace(shape, extra={}) for shape in shapes)


def _text(array: NDArray[np.float32]) -> str:
    return base64.b64encode(np.ascontiguousarray(array, "<f4").tobytes()).decode("ascii")


def _table(name: object, text: object, widths: dict[str, object]) -> NDArray[np.float32]:
    """A table of 32-bit floats, as many columns wide as it says."""
    shape_id, _, kind = str(name).rpartition("/")
    width = EXTRINSICS_WIDTH if kind == "extrinsics" else widths.get(shape_id)
    if not isinstance(text, str) or not isinstance(width, int) or isinstance(width, bool) or width < 1:
        raise SceneFileError(f"the numbers {str(name)[:80]!r} are damaged.")
    try:
        values = np.frombuffer(base64.b64decode(text, validate=True), "<f4").astype(np.float32)
        return values.reshape(-1, width)
    except (binascii.Error, ValueError) as error:
        raise SceneFileError(f"the numbers {str(name)[:80]!r} are damaged.") from error
