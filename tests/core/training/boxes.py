"""A small folder of meshes."""

from __future__ import annotations

from pathlib import Path

import trimesh


def write_boxes(home: Path, count: int = 4) -> Path:
    """A folder of different boxes."""
    home.mkdir(parents=True)
    for index in range(count):
        trimesh.creation.box(extents=(0.5 + 0.1 * index, 1.0, 0.6)).export(home / f"box{index}.ply")
    return home
