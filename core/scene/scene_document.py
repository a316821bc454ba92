"""Scene <-> the JSON document of a scene file, with every field checked on the way in."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import fields
from typing import NoReturn, TypeGuard

import numpy as np
from numpy.typing import NDArray

from core.scene.archive import SceneFileError
from core.scene.original import Original, Placement
from core.scene.scene import Scene
from core.scene.shape import EXTRINSICS_WIDTH, Part, Shape

PART_FIELDS = "part_fields"
"""Key in ``Shape.extra`` of the unknown fields of parts: a dict by part id as text."""

MAX_SHAPES = 1024
MAX_PARTS = 1024
MAX_TEXT = 10_000
MAX_PROMPTS = 10_000
MAX_DEPTH = 32
MAX_MAGNITUDE = 1e6
MAX_ORIGINAL = 1e9

Json = dict[str, object]

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SCENE_KEYS = frozenset({"format", "version", "latents_sha256", "prompts", "shapes"})
_SHAPE_KEYS = frozenset({"id", "name", "checkpoint", "position", "visible", "origin", "original", "parts"})
_PART_KEYS = frozenset(field.name for field in fields(Part))


def scene_document(scene: Scene) -> Json:
    """The JSON document of a scene, without format, version and latents."""
    return _unknown(scene.extra, _SCENE_KEYS) | {
        "prompts": list(scene.prompts),
        "shapes": [_shape_document(shape) for shape in scene],
    }


def scene_from_document(document: Json, tensors: Mapping[str, NDArray[np.float32]]) -> Scene:
    """The scene of a document of the newest format and its tensors.

    Raises
    ------
    SceneFileError
        If a field is missing or not what it must be, or the tensors do not fit.
    """
    prompts = _list(document.get("prompts", []), "'prompts'", MAX_PROMPTS)
    records = _list(document.get("shapes"), "'shapes'", MAX_SHAPES)
    shapes = tuple(_shape(record, f"shape {number}", tensors) for number, record in enumerate(records, 1))
    if len(tensors) != 2 * len(shapes):
        _refuse("its latents hold tensors that belong to no shape")
    texts = tuple(_checked_text(prompt, f"prompt {number}") for number, prompt in enumerate(prompts, 1))
    try:
        scene = Scene(shapes=shapes, prompts=texts, extra=_unknown(document, _SCENE_KEYS))
    except ValueError as error:
        raise SceneFileError(f"it is damaged: {error}.") from error
    check_scene(scene)
    return scene


def check_scene(scene: Scene) -> None:
    """Refuse what a scene file cannot hold; used before writing and after reading.

    Raises
    ------
    SceneFileError
        Naming the shape and what is wrong.
    """
    if len(scene) > MAX_SHAPES or len(scene.prompts) > MAX_PROMPTS:
        _refuse(f"a scene can have {MAX_SHAPES} shapes and {MAX_PROMPTS} prompts at most")
    if any(len(prompt) > MAX_TEXT for prompt in scene.prompts):
        _refuse(f"a prompt is longer than {MAX_TEXT} characters")
    for shape in scene:
        if not _ID.fullmatch(shape.id):
            _refuse(f"the shape id {shape.id[:80]!r} is not made of 1 to 64 letters, digits, '_' and '-'")
        if len(shape.parts) > MAX_PARTS:
            _refuse(f"{shape.name[:80]!r} has more than {MAX_PARTS} parts")
        if not all(math.isfinite(value) and abs(value) <= MAX_MAGNITUDE for value in shape.position):
            _refuse(f"the position of {shape.name[:80]!r} is out of range")
        if np.abs(shape.extrinsics).max(initial=0.0) > MAX_MAGNITUDE:
            _refuse(f"the Gaussians of {shape.name[:80]!r} are out of range")
        texts = [shape.name, shape.checkpoint, shape.origin]
        if shape.original is not None:
            texts.append(shape.original.path)
            if len(shape.original.part_ids) > MAX_PARTS:
                _refuse(f"the original of {shape.name[:80]!r} has more than {MAX_PARTS} parts")
        for part in shape.parts:
            texts += [part.label, part.name, part.origin, part.group]
            if not 0 <= part.id < 2**31 or not -1 <= part.slot < 2**31:
                _refuse(f"a part of {shape.name[:80]!r} has an id or slot out of range")
        if any(len(text) > MAX_TEXT for text in texts):
            _refuse(f"a text of {shape.name[:80]!r} is longer than {MAX_TEXT} characters")
    _check_depth({"scene": scene.extra, "shapes": [shape.extra for shape in scene]})


def parse_json(data: bytes) -> Json:
    """A JSON object, strictly: UTF-8, no repeated keys, no NaN or infinite numbers, not nested deeply.

    Raises
    ------
    SceneFileError
        If it is anything else.
    """
    try:
        document = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_unique_keys,
            parse_constant=_no_constant,
            parse_float=_finite,
        )
    except (ValueError, RecursionError) as error:
        raise SceneFileError("it is damaged: its description cannot be read.") from error
    if not isinstance(document, dict):
        _refuse("its description is not an object")
    _check_depth(document)
    return document


def _shape_document(shape: Shape) -> Json:
    per_part = shape.extra.get(PART_FIELDS, {})
    parts = []
    for part in shape.parts:
        extra = per_part.get(str(part.id), {}) if isinstance(per_part, dict) else {}
        # A group only where there is one: earlier versions keep the field without knowing it.
        known = {name: getattr(part, name) for name in _PART_KEYS if name != "group" or part.group}
        parts.append(_unknown(extra, _PART_KEYS) | known)
    # Only where there is one: earlier versions keep the field without knowing it.
    original = {"original": _original_document(shape.original)} if shape.original is not None else {}
    return (
        _unknown(shape.extra, _SHAPE_KEYS | {PART_FIELDS})
        | original
        | {
            "id": shape.id,
            "name": shape.name,
            "checkpoint": shape.checkpoint,
            "position": [float(value) for value in shape.position],
            "visible": bool(shape.visible),
            "origin": shape.origin,
            "parts": parts,
        }
    )


def _shape(record: object, where: str, tensors: Mapping[str, NDArray[np.float32]]) -> Shape:
    if not isinstance(record, dict):
        _refuse(f"{where} is not an object")
    shape_id = _text(record, "id", where)
    if not _ID.fullmatch(shape_id):
        _refuse(f"the id of {where} is not made of 1 to 64 letters, digits, '_' and '-'")
    records = _list(record.get("parts"), f"'parts' of {where}", MAX_PARTS)
    parts, part_fields = [], {}
    for number, part_record in enumerate(records, 1):
        part_where = f"part {number} of {where}"
        if not isinstance(part_record, dict):
            _refuse(f"{part_where} is not an object")
        part = Part(
            id=_integer(part_record, "id", part_where, None),
            label=_text(part_record, "label", part_where, "part"),
            name=_text(part_record, "name", part_where, "part"),
            slot=_integer(part_record, "slot", part_where, -1),
            visible=_flag(part_record, "visible", part_where, True),
            locked=_flag(part_record, "locked", part_where, False),
            origin=_text(part_record, "origin", part_where, ""),
            group=_text(part_record, "group", part_where, ""),
        )
        parts.append(part)
        unknown = _unknown(part_record, _PART_KEYS)
        if unknown:
            part_fields[str(part.id)] = unknown
    extra = _unknown(record, _SHAPE_KEYS | {PART_FIELDS})
    if part_fields:
        extra[PART_FIELDS] = part_fields
    arrays = []
    for kind in ("extrinsics", "intrinsics"):
        array = tensors.get(f"{shape_id}/{kind}")
        if array is None:
            _refuse(f"the {kind} of {where} are missing")
        if array.ndim != 2 or array.dtype != np.float32:
            _refuse(f"the {kind} of {where} are not a table of 32-bit floats")
        arrays.append(array)
    if arrays[0].shape != (len(parts), EXTRINSICS_WIDTH) or len(arrays[1]) != len(parts):
        _refuse(f"the latents of {where} do not fit its {len(parts)} parts")
    try:
        return Shape(
            id=shape_id,
            extrinsics=arrays[0],
            intrinsics=arrays[1],
            parts=tuple(parts),
            name=_text(record, "name", where, "Shape"),
            checkpoint=_text(record, "checkpoint", where, ""),
            position=_position(record.get("position", [0.0, 0.0, 0.0]), where),
            visible=_flag(record, "visible", where, True),
            origin=_text(record, "origin", where, ""),
            original=_original(record["original"], where) if "original" in record else None,
            extra=extra,
        )
    except ValueError as error:
        raise SceneFileError(f"it is damaged: in {where}, {error}.") from error


def _original_document(original: Original) -> Json:
    place = original.placement
    rows = zip(original.part_ids, original.extrinsics.tolist(), original.intrinsics, strict=True)
    return {
        "path": original.path,
        "sha256": original.digest,
        "up": place.up,
        "front": place.front,
        "centre": [float(value) for value in place.centre],
        "scale": float(place.scale),
        "unit": float(original.unit),
        "parts": [{"id": i, "extrinsics": gaussian, "intrinsics": latent} for i, gaussian, latent in rows],
    }


def _original(record: object, where: str) -> Original:
    where = f"the original of {where}"
    if not isinstance(record, dict):
        _refuse(f"{where} is not an object")
    ids, gaussians, latents = [], [], []
    for number, part in enumerate(_list(record.get("parts"), f"'parts' of {where}", MAX_PARTS), 1):
        part_where = f"part {number} of {where}"
        if not isinstance(part, dict):
            _refuse(f"{part_where} is not an object")
        ids.append(_integer(part, "id", part_where, None))
        latents.append(_text(part, "intrinsics", part_where))
        gaussians.append(_numbers(part.get("extrinsics"), EXTRINSICS_WIDTH, f"the Gaussian of {part_where}"))
    x, y, z = _numbers(record.get("centre"), 3, f"the centre of {where}")
    scale, unit = _numbers([record.get("scale"), record.get("unit", 0.0)], 2, f"the scale or unit of {where}")
    up, front = _text(record, "up", where), _text(record, "front", where)
    return Original(
        path=_text(record, "path", where),
        digest=_text(record, "sha256", where),
        placement=Placement(up, front, (x, y, z), scale),
        unit=unit,
        part_ids=tuple(ids),
        extrinsics=np.array(gaussians, np.float32).reshape(-1, EXTRINSICS_WIDTH),
        intrinsics=tuple(latents),
    )


def _numbers(value: object, count: int, what: str) -> list[float]:
    if not isinstance(value, list) or len(value) != count:
        _refuse(f"{what} is not {count} numbers")
    numbers = [float(item) for item in value if _is_number(item) and abs(item) <= MAX_ORIGINAL]
    if len(numbers) != count:
        _refuse(f"{what} is not {count} numbers within {MAX_ORIGINAL:g}")
    return numbers


def _unknown(record: object, known: frozenset[str]) -> Json:
    """The fields of a record this version does not know."""
    return (
        {key: value for key, value in record.items() if key not in known} if isinstance(record, dict) else {}
    )


def _refuse(what: str) -> NoReturn:
    raise SceneFileError(f"{what}.")


def _list(value: object, what: str, limit: int) -> list[object]:
    if not isinstance(value, list):
        _refuse(f"{what} is not a list")
    if len(value) > limit:
        _refuse(f"{what} has {len(value)} entries; {limit} are the most")
    return value


def _text(record: Json, key: str, where: str, default: str | None = None) -> str:
    return _checked_text(record.get(key, default), f"{key!r} of {where}")


def _checked_text(value: object, what: str) -> str:
    if not isinstance(value, str):
        _refuse(f"{what} is not a text")
    if len(value) > MAX_TEXT:
        _refuse(f"{what} is longer than {MAX_TEXT} characters")
    return value


def _flag(record: Json, key: str, where: str, default: bool) -> bool:
    value = record.get(key, default)
    if not isinstance(value, bool):
        _refuse(f"{key!r} of {where} is neither true nor false")
    return value


def _integer(record: Json, key: str, where: str, default: int | None) -> int:
    value = record.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int):
        _refuse(f"{key!r} of {where} is not a whole number")
    return value


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _position(value: object, where: str) -> tuple[float, float, float]:
    if not isinstance(value, list) or len(value) != 3:
        _refuse(f"the position of {where} is not three numbers")
    x, y, z = value
    if not (_is_number(x) and _is_number(y) and _is_number(z)):
        _refuse(f"the position of {where} is not three numbers")
    if max(abs(x), abs(y), abs(z)) > MAX_MAGNITUDE:
        _refuse(f"the position of {where} is out of range")
    return float(x), float(y), float(z)


def _unique_keys(pairs: list[tuple[str, object]]) -> Json:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key is repeated")
    return result


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("a number is too large")
    return value


def _check_depth(document: object) -> None:
    """Refuse deep nesting without recursion, so that reading and writing never run out of stack."""
    level: list[object] = [document]
    for _ in range(MAX_DEPTH):
        level = [
            child
            for value in level
            if isinstance(value, (dict, list, tuple))
            for child in (value.values() if isinstance(value, dict) else value)
        ]
        if not level:
            return
    _refuse("its fields are nested too deeply")
