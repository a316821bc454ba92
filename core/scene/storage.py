"""Scene files (``.partsmith``): latents exactly as they are, everything else as JSON.

One zip of ``scene.json`` (integer format version, names, flags, prompts), ``latents.safetensors`` (float32
``<shape id>/extrinsics`` [P, 16] and ``<shape id>/intrinsics`` [P, D]) and, if wanted, ``thumbnail.png``.
Equal scenes give equal bytes. Fields this version does not know are kept and written back: those of the
scene in ``Scene.extra``, those of a shape in ``Shape.extra``, those of a part in ``Shape.extra`` under
`PART_FIELDS` by part id.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from core.scene.archive import SceneFileError, archive_bytes, read_archive
from core.scene.replacing import NotWrittenError, WriteError, replace_files
from core.scene.scene import Scene
from core.scene.scene_document import (
    PART_FIELDS,
    check_scene,
    parse_json,
    scene_document,
    scene_from_document,
)

__all__ = [
    "FORMAT_VERSION",
    "PART_FIELDS",
    "SUFFIX",
    "NewerSceneError",
    "SceneFileError",
    "read_scene",
    "write_scene",
]

SUFFIX = ".partsmith"
FORMAT_NAME = "partsmith-scene"
FORMAT_VERSION = 1

Document = dict[str, object]
Migration = Callable[[Document], Document]

MIGRATIONS: tuple[Migration, ...] = ()
"""Entry n turns a document of format n + 1 into one of format n + 2; there is one per released version."""

SCENE_ENTRY = "scene.json"
LATENTS_ENTRY = "latents.safetensors"
THUMBNAIL_ENTRY = "thumbnail.png"
ENTRY_LIMITS = {SCENE_ENTRY: 8 * 2**20, LATENTS_ENTRY: 256 * 2**20}
MAX_THUMBNAIL_BYTES = 8 * 2**20
_MAX_TENSOR_HEADER = 2 * 2**20


class NewerSceneError(SceneFileError):
    """A scene file has a format this version does not know; parts of it may be readable all the same."""


def write_scene(
    scene: Scene, path: str | os.PathLike[str], thumbnail: NDArray[np.uint8] | None = None
) -> None:
    """Write a scene file atomically: `path` afterwards holds either the new scene or what it held before.

    A file that is replaced is kept as backup: ``chair.partsmith~``.

    Parameters
    ----------
    scene : Scene
    path : path-like
    thumbnail : uint8 [H, W, 3 or 4], optional

    Raises
    ------
    SceneFileError
        If it cannot be written, or holds what a scene file cannot (the message says what).
    """
    target = Path(path)
    try:
        check_scene(scene)
        entries = _entries(scene, thumbnail)
        data = archive_bytes(entries)

        def verify(written: Path) -> None:
            try:
                again = _entries(_read(written), thumbnail)
            except SceneFileError as error:
                raise NotWrittenError(str(error)) from error
            if again != entries:
                raise NotWrittenError("the scene read back differs")

        replace_files({target: data}, verify, backup=True)
    except (SceneFileError, WriteError) as error:
        raise SceneFileError(f"Cannot save {target.name}: {error}") from error


def read_scene(path: str | os.PathLike[str], newer: bool = False) -> Scene:
    """Read a scene file of this or an earlier format version.

    Parameters
    ----------
    path : path-like
    newer : bool
        Read what can be understood of a later version: never write it back over the file it came from.

    Raises
    ------
    SceneFileError
        If the file is missing, damaged or hostile.
    NewerSceneError
        If it is of a later version and `newer` is not set, or does not help.
    """
    source = Path(path)
    try:
        return _read(source, newer)
    except SceneFileError as error:
        raise type(error)(f"Cannot open {source.name}: {error}") from error


def read_thumbnail(path: str | os.PathLike[str]) -> bytes | None:
    """PNG bytes of a scene file's thumbnail, not decoded; None if it has none.

    Raises
    ------
    SceneFileError
        If the file is missing or damaged.
    """
    source = Path(path)
    try:
        return read_archive(source, {THUMBNAIL_ENTRY: MAX_THUMBNAIL_BYTES}).get(THUMBNAIL_ENTRY)
    except SceneFileError as error:
        raise SceneFileError(f"Cannot open {source.name}: {error}") from error


def migrate(document: Document, migrations: Sequence[Migration] = MIGRATIONS) -> Document:
    """Bring a document to the newest format, one version at a time.

    Raises
    ------
    SceneFileError
        If its version is not a positive integer.
    NewerSceneError
        If it is newer than the newest format.
    """
    newest = len(migrations) + 1
    version = document.get("version")
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise SceneFileError("it does not say which version of the scene format it has.")
    if version > newest:
        raise NewerSceneError(
            f"it was saved by a newer Partsmith (scene format {version}; this one reads up to {newest}). "
            "Update Partsmith to open it."
        )
    for step in range(version, newest):
        document = {**migrations[step - 1](document), "version": step + 1}
    return document


def _read(path: Path, newer: bool = False) -> Scene:
    entries = read_archive(path, ENTRY_LIMITS)
    for name in ENTRY_LIMITS:
        if name not in entries:
            raise SceneFileError(f"it is not a Partsmith scene: {name!r} is missing.")
    document = parse_json(entries[SCENE_ENTRY])
    if document.get("format") != FORMAT_NAME:
        raise SceneFileError("it is not a Partsmith scene: its scene.json has another format.")
    later = None
    try:
        document = migrate(document)
    except NewerSceneError as error:
        if not newer:
            raise
        later = error
    latents = entries[LATENTS_ENTRY]
    expected = document.get("latents_sha256")
    if expected is not None and expected != hashlib.sha256(latents).hexdigest():
        raise SceneFileError("it is damaged: its latents do not match their checksum.")
    try:
        return scene_from_document(document, _tensors(latents))
    except SceneFileError:
        if later is not None:
            raise later from None
        raise


def _entries(scene: Scene, thumbnail: NDArray[np.uint8] | None) -> dict[str, bytes]:
    tensors: dict[str, NDArray[np.float32]] = {}
    for shape in scene:
        tensors[f"{shape.id}/extrinsics"] = shape.extrinsics
        tensors[f"{shape.id}/intrinsics"] = shape.intrinsics
    latents = save(tensors)
    document = scene_document(scene) | {
        "format": FORMAT_NAME,
        "version": FORMAT_VERSION,
        "latents_sha256": hashlib.sha256(latents).hexdigest(),
    }
    try:
        text = json.dumps(document, sort_keys=True, allow_nan=False, indent=1)
    except (TypeError, ValueError, RecursionError) as error:
        raise SceneFileError(f"a field holds what JSON cannot ({error}).") from error
    entries = {SCENE_ENTRY: text.encode("ascii"), LATENTS_ENTRY: latents}
    for name, limit in ENTRY_LIMITS.items():
        if len(entries[name]) > limit:
            raise SceneFileError("the scene is too large for one file. Move some shapes to another scene.")
    if thumbnail is not None:
        entries[THUMBNAIL_ENTRY] = png_bytes(thumbnail)
    return entries


def _tensors(data: bytes) -> dict[str, NDArray[np.float32]]:
    """Tensors of a safetensors buffer, all float32; its header is bounded before it is parsed."""
    damaged = "it is damaged: its latents cannot be read."
    if len(data) < 8 or struct.unpack("<Q", data[:8])[0] > min(_MAX_TENSOR_HEADER, len(data) - 8):
        raise SceneFileError(damaged)
    header = parse_json(data[8 : 8 + struct.unpack("<Q", data[:8])[0]])
    for name, record in header.items():
        if name != "__metadata__" and not (isinstance(record, dict) and record.get("dtype") == "F32"):
            raise SceneFileError("its latents are not 32-bit floats.")
    try:
        return load(data)
    except (SafetensorError, ValueError, TypeError, KeyError, OverflowError) as error:
        raise SceneFileError(damaged) from error


def png_bytes(image: NDArray[np.uint8]) -> bytes:
    """An image [H, W, 3 or 4] as PNG (no filters), for a thumbnail without an imaging library.

    Raises
    ------
    SceneFileError
        If it is not such an image or too large for a thumbnail.
    """
    pixels = np.ascontiguousarray(image)
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] not in (3, 4) or not pixels.size:
        raise SceneFileError("the thumbnail must be an image of 8-bit red, green, blue and perhaps alpha.")
    height, width, channels = pixels.shape
    if pixels.nbytes > MAX_THUMBNAIL_BYTES // 2:
        raise SceneFileError("the thumbnail is too large.")
    rows = np.zeros((height, 1 + width * channels), np.uint8)
    rows[:, 1:] = pixels.reshape(height, -1)
    header = struct.pack(">2I5B", width, height, 8, 2 if channels == 3 else 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes(), 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )
