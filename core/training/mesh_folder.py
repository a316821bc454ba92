"""A person's folder of meshes: which files are shapes, what their parts are called, what is said of them.

Three layouts are known. ShapeNet: ``<synset>/<id>/models/model_normalized.obj``. PartNet: a folder with
``result.json`` (a tree of named parts) and ``objs/*.obj``. Anything else: every mesh file is a shape.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from core.edits.job import EditError
from core.meshing.mesh_files import SUFFIXES, read_mesh_file

MAX_TEXT_BYTES = 64 << 20
MAX_DEPTH = 64
PARTNET_TREES = ("result_after_merging.json", "result.json")


class DataError(ValueError):
    """A folder of meshes cannot be used; the message says what to do."""


@dataclass(frozen=True)
class Source:
    """A shape of the folder.

    Attributes
    ----------
    name : str
        Path within the folder, of the file or (PartNet) of the shape's folder.
    pieces : tuple of (Path, str)
        Mesh files that make it up, each with the name of its part ("" = not known).
    """

    name: str
    pieces: tuple[tuple[Path, str], ...]

    def digest(self) -> str:
        """SHA-256 of the content of all pieces and of their part names."""
        whole = hashlib.sha256()
        for path, part in self.pieces:
            whole.update(part.encode() + b"\0")
            with path.open("rb") as file:
                whole.update(hashlib.file_digest(file, "sha256").digest())
        return whole.hexdigest()


@dataclass
class Found:
    """What a folder holds: usable sources, and what was left out with the reason."""

    sources: list[Source] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)


def find_sources(folder: Path) -> Found:
    """All shapes of a folder, by name.

    Raises
    ------
    DataError
        If there is no such folder or no mesh in it.
    """
    if not folder.is_dir():
        raise DataError(f"there is no folder {folder}; give --data a folder of meshes")
    found = Found()
    taken: set[Path] = set()
    for tree in PARTNET_TREES:
        for path in sorted(folder.rglob(tree)):
            home = path.parent
            if home in taken or not (home / "objs").is_dir():
                continue
            taken.add(home)
            name = home.relative_to(folder).as_posix()
            try:
                pieces = tuple(_partnet_pieces(home, _read_json(path)))
            except DataError as error:
                found.skipped.append((name, str(error)))
                continue
            if pieces:
                found.sources.append(Source(name, pieces))
            else:
                found.skipped.append((name, f"{path.name} names no mesh in objs/"))
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in SUFFIXES or not path.is_file():
            continue
        if any(parent in taken for parent in path.parents) or path.name.startswith("."):
            continue
        found.sources.append(Source(path.relative_to(folder).as_posix(), ((path, ""),)))
    if not found.sources and not found.skipped:
        raise DataError(f"{folder} holds no mesh; use files that end in {', '.join(SUFFIXES)}")
    return found


def _read_json(path: Path) -> object:
    if path.stat().st_size > MAX_TEXT_BYTES:
        raise DataError(f"{path.name} is larger than {MAX_TEXT_BYTES >> 20} MiB")
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path.name} is not JSON: {error}") from None


def _partnet_pieces(home: Path, tree: object) -> Iterator[tuple[Path, str]]:
    """Meshes of a PartNet tree with the name of the part below the root that holds each."""
    waiting: list[tuple[object, str, int]] = [(tree, "", -1)]
    seen: set[str] = set()
    while waiting:
        node, part, depth = waiting.pop()
        if isinstance(node, list):
            waiting += [(child, part, depth) for child in reversed(node)]
            continue
        if not isinstance(node, dict) or depth > MAX_DEPTH:
            continue
        depth += 1
        # The root is the whole shape; its children are the parts people speak of.
        if depth <= 1:
            part = plain_name(str(node.get("name", "")))
        children = node.get("children", [])
        if isinstance(children, list) and children:
            waiting.append((children, part, depth))
            continue
        for name in node.get("objs", []):
            path = home / "objs" / f"{Path(str(name)).name}.obj"
            if str(name) not in seen and path.is_file():
                seen.add(str(name))
                yield path, part


def plain_name(name: str) -> str:
    """``chair_back`` -> ``back``: the last word is what the part is called."""
    words = name.strip().lower().replace("-", "_").replace(" ", "_").split("_")
    return words[-1][:40]


def read_triangles(source: Source) -> tuple[np.ndarray, np.ndarray]:
    """Triangles of a source: corners float64 [F, 3, 3] as in the files, part number of each int64 [F].

    Raises
    ------
    DataError
        If a piece cannot be read or has no surface; the message is the reason in the report.
    """
    corners, parts = [], []
    for number, (path, _) in enumerate(source.pieces):
        piece = _read_piece(path)
        corners.append(piece)
        parts.append(np.full(len(piece), number))
    return np.concatenate(corners), np.concatenate(parts)


def _read_piece(path: Path) -> np.ndarray:
    try:
        mesh = read_mesh_file(path)
    except EditError as error:
        raise DataError(str(error)) from None
    if mesh.cloud:
        raise DataError("it has no triangles")
    found: np.ndarray = mesh.vertices[mesh.faces]
    return found


def read_captions(path: Path) -> dict[str, list[str]]:
    """Sentences by file name, from CSV (columns ``file,text``) or JSON.

    JSON may be a list of objects with ``file`` and ``text``, or one object file -> sentence or sentences.

    Raises
    ------
    DataError
        If it is neither.
    """
    if not path.is_file():
        raise DataError(f"there is no file {path}; --captions takes a CSV or JSON file")
    if path.stat().st_size > MAX_TEXT_BYTES:
        raise DataError(f"{path} is larger than {MAX_TEXT_BYTES >> 20} MiB")
    pairs: list[tuple[str, str]] = []
    if path.suffix.lower() == ".json":
        known = _read_json(path)
        if isinstance(known, dict):
            for name, texts in known.items():
                pairs += [(name, str(text)) for text in (texts if isinstance(texts, list) else [texts])]
        elif isinstance(known, list) and all(isinstance(row, dict) and "file" in row for row in known):
            pairs = [(str(row["file"]), str(row.get("text", ""))) for row in known]
        else:
            raise DataError(f"{path} must be a list of objects with file and text, or file -> text")
    else:
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                rows = csv.DictReader(file)
                if not {"file", "text"} <= set(rows.fieldnames or ()):
                    raise DataError(f"{path} must begin with a line that names the columns file,text")
                pairs = [(row["file"] or "", row["text"] or "") for row in rows]
        except (csv.Error, UnicodeDecodeError) as error:
            raise DataError(f"{path} is not CSV in UTF-8: {error}") from None
    found: dict[str, list[str]] = {}
    for name, text in pairs:
        if name.strip() and text.strip():
            found.setdefault(name.strip().replace("\\", "/"), []).append(" ".join(text.split()))
    return found


def captions_of(source: Source, captions: dict[str, list[str]]) -> list[str]:
    """Sentences of a source: by its path, by its file name, by its stem, or by the folder of its id."""
    path = Path(source.name)
    keys = [source.name, path.with_suffix("").as_posix(), path.name, path.stem]
    if path.parent.name == "models":
        keys += [path.parent.parent.as_posix(), path.parent.parent.name]
    return next((captions[key] for key in keys if key in captions), [])
