"""Files of every format that can be brought in, written here; and files that must not be believed."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
import trimesh

from core.edits.job import EditError
from core.meshing.mesh_files import SUFFIXES, read_mesh_file

MODEL = """<?xml version="1.0"?>
<model unit="{unit}" xmlns="http://schemas.microsoft.com/3dmanufacturing/core/2015/02">
<resources><object id="1" type="model"><mesh><vertices>{vertices}</vertices>
<triangles>{triangles}</triangles></mesh></object>
<object id="2"><components><component objectid="1" transform="{move}"/></components></object></resources>
<build><item objectid="2"/><item objectid="1"/></build></model>"""


def solid() -> trimesh.Trimesh:
    """A plate with a post: 0.4 wide, 0.8 high, 0.6 deep."""
    post = trimesh.creation.box((0.1, 0.8, 0.1))
    return trimesh.util.concatenate([trimesh.creation.box((0.4, 0.1, 0.6)), post])


def write_3mf(path: Path, mesh: trimesh.Trimesh, unit: str = "millimeter", extra: bytes = b"") -> None:
    vertices = "".join(f'<vertex x="{x}" y="{y}" z="{z}"/>' for x, y, z in mesh.vertices)
    triangles = "".join(f'<triangle v1="{a}" v2="{b}" v3="{c}"/>' for a, b, c in mesh.faces)
    model = MODEL.format(unit=unit, vertices=vertices, triangles=triangles, move="1 0 0 0 1 0 0 0 1 5 0 0")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("3D/3dmodel.model", model.encode() + extra)


def write_mesh(path: Path, mesh: trimesh.Trimesh) -> None:
    if path.suffix == ".3mf":
        write_3mf(path, mesh)
    elif path.suffix == ".gltf":
        tree = trimesh.exchange.gltf.export_gltf(trimesh.Scene(mesh), embed_buffers=True)
        path.write_bytes(tree["model.gltf"])
    else:
        mesh.export(path)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_format_is_read(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"solid{suffix}"
    mesh = solid()
    write_mesh(path, mesh)
    found = read_mesh_file(path)
    copies = 2 if suffix == ".3mf" else 1
    assert len(found.faces) == copies * len(mesh.faces)
    assert not found.cloud
    low, high = found.bounds
    expected = mesh.bounds + ([[0, 0, 0], [5, 0, 0]] if copies == 2 else 0)
    np.testing.assert_allclose([low, high], expected, atol=1e-6)
    assert found.up == {".glb": "+y", ".gltf": "+y", ".3mf": "+z"}.get(suffix, "")
    assert found.unit == (0.001 if suffix == ".3mf" else 1.0)
    assert found.unit_known == (suffix in (".glb", ".gltf", ".3mf"))


@pytest.mark.parametrize(
    ("size", "unit"), [(0.9, 1.0), (36.0, 0.0254), (90.0, 0.01), (900.0, 0.001)], ids=str
)
def test_the_unit_is_guessed_from_the_size(tmp_path: Path, size: float, unit: float) -> None:
    path = tmp_path / "box.obj"
    trimesh.creation.box((size, size / 2, size / 3)).export(path)
    found = read_mesh_file(path)
    assert (found.unit, found.unit_known) == (unit, False)


def test_nodes_of_a_glb_stand_where_they_are_put(tmp_path: Path) -> None:
    scene = trimesh.Scene()
    box = trimesh.creation.box((1, 1, 1))
    scene.add_geometry(box, transform=trimesh.transformations.translation_matrix((3, 0, 0)))
    scene.add_geometry(box, transform=np.diag([-1.0, 2.0, 1.0, 1.0]))
    path = tmp_path / "two.glb"
    path.write_bytes(scene.export(file_type="glb"))
    found = read_mesh_file(path)
    np.testing.assert_allclose(found.bounds, [[-0.5, -1, -0.5], [3.5, 1, 0.5]])
    corners = found.vertices[found.faces]
    volume = np.einsum("ij,ij->", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])) / 6
    assert volume == pytest.approx(3.0)  # the mirrored box was turned right side out


@pytest.mark.parametrize("normals", [True, False])
def test_a_ply_without_faces_is_a_point_cloud(tmp_path: Path, normals: bool) -> None:
    ball = trimesh.creation.icosphere(3, 0.5)
    points, faces = trimesh.sample.sample_surface(ball, 3000, seed=0)
    columns = [points, ball.face_normals[faces]] if normals else [points]
    names = ("x", "y", "z", "nx", "ny", "nz")[: 3 * len(columns)]
    header = ["ply", "format ascii 1.0", f"element vertex {len(points)}"]
    header += [f"property float {name}" for name in names] + ["end_header", ""]
    text = io.StringIO()
    np.savetxt(text, np.hstack(columns), "%.6f")
    path = tmp_path / "ball.ply"
    path.write_text("\n".join(header) + text.getvalue())
    found = read_mesh_file(path)
    assert found.cloud
    corners = found.vertices[found.faces]
    areas = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]) / 2
    assert np.linalg.norm(areas, axis=1).sum() == pytest.approx(ball.area, rel=0.1)
    outward = np.einsum("ij,ij->i", areas, corners.mean(axis=1))
    assert (outward > 0).mean() > 0.99


def glb(tree: dict) -> bytes:
    text = json.dumps({"asset": {"version": "2.0"}, **tree}).encode()
    text += b" " * (-len(text) % 4)
    return struct.pack("<4sIIII", b"glTF", 2, 20 + len(text), len(text), 0x4E4F534A) + text


HUGE_TABLE = {"accessors": [{"count": 10**9, "type": "VEC3", "componentType": 5126}]}
PLY = b"ply\nformat binary_little_endian 1.0\nelement vertex %d\nproperty float x\nend_header\n"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.obj", b"", "no surface"),
        ("a.obj", b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 9\n", "not there|damaged"),
        ("a.obj", b"v 0 0 0\nv nan 0 0\nv 0 1 0\nf 1 2 3\n", "not finite|damaged"),
        ("a.obj", b"v 0 0 0\nv 0 0 0\nv 0 0 0\nf 1 2 3\n", "no size"),
        ("a.stl", b"\x00" * 90, "damaged|no surface"),
        ("a.stl", b"\x00" * 80 + struct.pack("<I", 10**9), "damaged|no surface"),
        ("a.obj", b"\nf 1 1 1" * 2_000_001, "2,000,001 faces"),
        ("a.ply", PLY % 4_000_000_000, "declares"),
        ("a.off", b"OFF\n8 90000000 0\n", "declares"),
        ("a.glb", b"glTF", "no binary glTF|missing"),
        ("a.glb", glb(HUGE_TABLE), "sparse data"),
        ("a.gltf", json.dumps({"buffers": [{"uri": "x.bin"}]}).encode(), "refers to the file"),
        ("a.gltf", b"[1", "damaged"),
        ("a.3mf", b"PK", "archive"),
        ("a.xyz", b"1 2 3", "no mesh this editor reads"),
    ],
)
def test_bad_files_are_refused_with_a_reason(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(EditError, match=reason) as refusal:
        read_mesh_file(path)
    assert name in str(refusal.value)


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.obj"
    with open(path, "wb") as file:
        file.truncate((256 << 20) + 1)
    with pytest.raises(EditError, match="larger than 256 MiB"):
        read_mesh_file(path)


def test_a_3mf_that_unpacks_to_too_much_or_expands_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.3mf"
    write_3mf(path, solid(), extra=b"<!-- " + b" " * 30_000_000)
    assert path.stat().st_size < 100_000
    with pytest.raises(EditError, match="unpacks to more"):
        read_mesh_file(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("3D/3dmodel.model", '<!DOCTYPE model [<!ENTITY a "aaaa">]><model>&a;</model>')
    with pytest.raises(EditError, match="document type"):
        read_mesh_file(path)
