"""A folder of meshes as a set to train on: samples of every mesh on disk, splits, part names, captions.

``<out>/meshes/<sha-256>.safetensors`` holds the samples of one mesh (``.json`` instead: why it cannot be
used), so that a preparation goes on where it stopped, and added meshes are the only ones that are read.
``<out>/set.json`` lists shapes by split, the names of parts, captions and what was skipped.
"""

from __future__ import annotations

import json
import multiprocessing
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from tqdm import tqdm

from core.training.mesh_folder import (
    DataError,
    Source,
    captions_of,
    find_sources,
    read_captions,
    read_triangles,
)
from core.training.mesh_samples import sample_mesh
from core.training.sample_cache import Cache

MOST_PARTS = 24
"""Part names of a set; rarer ones count as unknown."""
LEAST_SHAPES = 3
UNNAMED = "part"
SPLITS = ("train", "validation", "test")


@dataclass(frozen=True)
class MeshSet:
    """A prepared folder of meshes.

    Attributes
    ----------
    folder : Path
        Where it is prepared.
    category : str
        Of one shape, singular.
    parts : tuple of str
        Names its parts have; empty = it names none.
    shapes : dict of str to tuple of str
        Digests of the shapes of each split, ascending.
    captions : dict of str to tuple of str
        Sentences by digest.
    skipped : tuple of (str, str)
        What was left out, and why.
    source_names : dict of str to str
        Path within the person's folder, by digest.
    """

    folder: Path
    category: str
    parts: tuple[str, ...]
    shapes: dict[str, tuple[str, ...]]
    captions: dict[str, tuple[str, ...]]
    skipped: tuple[tuple[str, str], ...]
    source_names: dict[str, str]

    def cache(self, split: str) -> Cache:
        """Samples of a split; `surface_names` are rows of `parts`, 255 = unknown.

        Raises
        ------
        DataError
            If samples are missing.
        """
        rows = {name: row for row, name in enumerate(self.parts)}
        loaded = []
        for digest in self.shapes[split]:
            path = self.folder / "meshes" / f"{digest}.safetensors"
            if not path.exists():
                raise DataError(f"{path} is missing; prepare the folder again")
            tensors = load_file(path)
            pieces = json.loads(path.with_suffix(".names").read_text(encoding="utf-8"))
            table = torch.tensor([rows.get(name, 255) for name in pieces] or [255], dtype=torch.uint8)
            tensors["surface_names"] = table[tensors["surface_names"].long().clamp(max=len(table) - 1)]
            loaded.append(tensors)
        return Cache(**{key: torch.stack([one[key] for one in loaded]) for key in loaded[0]})

    def sentences(self, split: str) -> list[list[str]]:
        """Captions of every shape of a split, in the order of `cache`."""
        return [list(self.captions.get(digest, ())) for digest in self.shapes[split]]

    def counts(self) -> dict[str, int]:
        """Shapes of every split, and how many were skipped."""
        return {**{split: len(self.shapes[split]) for split in SPLITS}, "skipped": len(self.skipped)}


def read(folder: Path) -> MeshSet:
    """The set that `prepare` wrote (raises DataError if there is none)."""
    path = folder / "set.json"
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
        return MeshSet(
            folder,
            str(known["category"]),
            tuple(known["parts"]),
            {split: tuple(known["shapes"][split]) for split in SPLITS},
            {digest: tuple(texts) for digest, texts in known["captions"].items()},
            tuple((str(name), str(reason)) for name, reason in known["skipped"]),
            dict(known["files"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path} is no prepared set of meshes: {error}") from None


def split_by_digest(digests: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Eight tenths train, one validation, one test, told by the content of each shape alone.

    In a set so small that validation or test would be empty, the shapes with the highest digests go there.

    Raises
    ------
    DataError
        If there are fewer than three shapes.
    """
    ordered = sorted(set(digests))
    if len(ordered) < LEAST_SHAPES:
        raise DataError(
            f"{len(ordered)} usable meshes are too few; at least {LEAST_SHAPES} are needed: to learn from, "
            "to stop by, to test"
        )
    found: dict[str, list[str]] = {split: [] for split in SPLITS}
    for digest in ordered:
        place = int(digest[-8:], 16) / 2**32
        found["train" if place < 0.8 else "validation" if place < 0.9 else "test"].append(digest)
    for split in ("train", "validation", "test"):
        if not found[split]:
            fullest = max(SPLITS, key=lambda other: len(found[other]))
            found[split].append(found[fullest].pop())
    return {split: tuple(sorted(found[split])) for split in SPLITS}


def _sample(job: tuple[Source, Path]) -> tuple[str, str, str]:
    """Sample one source unless that is done; returns name, digest and why it cannot be used ("" = it can)."""
    source, folder = job
    try:
        digest = source.digest()
    except OSError as error:
        return source.name, "", f"cannot be read: {error.strerror}"
    path = folder / f"{digest}.safetensors"
    refused = folder / f"{digest}.json"
    if refused.exists():
        return source.name, digest, str(json.loads(refused.read_text(encoding="utf-8"))["reason"])
    if path.exists():
        return source.name, digest, ""
    try:
        corners, owners = read_triangles(source)
        names = sorted({part for _, part in source.pieces})
        rows = np.array([names.index(part) for _, part in source.pieces])
        if len(names) > 255:
            raise DataError(f"it has {len(names)} part names, more than 255")
        tensors = sample_mesh(corners, rows[owners], int(digest[:8], 16))
    except (DataError, OSError) as error:
        _write_json(refused, {"reason": str(error)})
        return source.name, digest, str(error)
    _write_json(path.with_suffix(".names"), names)
    partial = folder / f"{digest}.{os.getpid()}.partial"
    save_file({key: value.contiguous() for key, value in tensors.items()}, partial)
    os.replace(partial, path)
    return source.name, digest, ""


def _write_json(path: Path, value: object) -> None:
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    partial.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")
    os.replace(partial, path)


def _results(jobs: Sequence[tuple[Source, Path]], workers: int) -> Iterator[tuple[str, str, str]]:
    if workers <= 1 or len(jobs) < 8:
        yield from map(_sample, jobs)
        return
    with multiprocessing.get_context("spawn").Pool(workers, torch.set_num_threads, (1,)) as pool:
        yield from pool.imap(_sample, jobs)


def prepare(data: Path, out: Path, category: str, captions: Path | None = None, workers: int = 2) -> MeshSet:
    """Sample every mesh of a folder and write ``set.json``; what is sampled already is kept.

    Raises
    ------
    DataError
        If there is nothing to train on; what is wrong with each mesh is in ``report.json`` even then.
    """
    found = find_sources(data)
    texts = read_captions(captions) if captions else {}
    (out / "meshes").mkdir(parents=True, exist_ok=True)
    by_name = {source.name: source for source in found.sources}
    skipped = list(found.skipped)
    files: dict[str, str] = {}
    captioned: dict[str, tuple[str, ...]] = {}
    jobs = [(source, out / "meshes") for source in found.sources]
    for name, digest, reason in tqdm(_results(jobs, workers), desc="samples", total=len(jobs)):
        if not reason and digest in files:
            reason = f"the same content as {files[digest]}"
        if reason:
            skipped.append((name, reason))
            continue
        files[digest] = name
        if sentences := captions_of(by_name[name], texts):
            captioned[digest] = tuple(sentences)
    report = {"usable": len(files), "skipped": [{"file": name, "reason": why} for name, why in skipped]}
    _write_json(out / "report.json", report)
    names = Counter(
        name
        for digest in files
        for name in json.loads((out / "meshes" / f"{digest}.names").read_text(encoding="utf-8"))
        if name
    )
    prepared = MeshSet(
        out,
        category,
        tuple(name for name, _ in names.most_common(MOST_PARTS)),
        split_by_digest(files),
        captioned,
        tuple(skipped),
        files,
    )
    _write_json(
        out / "set.json",
        {
            "category": category,
            "parts": list(prepared.parts),
            "shapes": {split: list(digests) for split, digests in prepared.shapes.items()},
            "captions": {digest: list(texts) for digest, texts in captioned.items()},
            "skipped": [list(pair) for pair in skipped],
            "files": files,
        },
    )
    return prepared
