"""Every format read back by another reader than the one that wrote it."""

from __future__ import annotations

import json
import os
import struct
import xml.etree.ElementTree
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import trimesh

from core.edits.job import EditError, Job
from core.meshing.color import linear_to_srgb
from core.meshing.export import write_mesh
from core.meshing.extract import extract_mesh
from core.meshing.placing import placed_for_export
from core.scene.palette import part_colors
from core.scene.shape import Mesh, Shape
from tests.core.meshing.analytic_fields import AnalyticField, box, capsule, shape_of

PARTS = [("seat", "Seat"), ("leg", "Leg"), ("leg", "leg"), ("back", "Back / top")]


@pytest.fixture(scope="module")
def stool() -> tuple[Mesh, Shape]:
    field = AnalyticField(
        box((0, 0, 0), (0.5, 0.1, 0.5)),
        capsule((-0.4, 0, 0), (-0.4, -0.8, 0), 0.08),
        capsule((0.4, 0, 0), (0.4, -0.8, 0), 0.08),
        box((0, 0.4, -0.4), (0.5, 0.4, 0.08)),
    )
    shape = shape_of(PARTS, name="Chair 1", position=(2.0, 0.5, -1.0))
    return extract_mesh(field, 32, Job()), shape


def placed_bounds(mesh: Mesh, shape: Shape) -> np.ndarray:
    points = mesh.vertices + np.array(shape.position)
    return np.stack([points.min(axis=0), points.max(axis=0)])


@pytest.mark.parametrize("suffix", [".ply", ".stl"])
def test_formats_without_parts(stool: tuple[Mesh, Shape], tmp_path: Path, suffix: str) -> None:
    mesh, shape = stool
    path = tmp_path / f"out{suffix}"
    assert write_mesh(path, [mesh], [shape]) == (len(mesh.faces), True)
    back = trimesh.load(path)
    assert len(back.faces) == len(mesh.faces)
    assert back.is_watertight
    assert back.volume > 0
    np.testing.assert_allclose(back.bounds, placed_bounds(mesh, shape), atol=1e-5)


def test_ply_has_the_colours_of_the_parts(stool: tuple[Mesh, Shape], tmp_path: Path) -> None:
    mesh, shape = stool
    write_mesh(tmp_path / "out.ply", [mesh], [shape])
    back = trimesh.load(tmp_path / "out.ply", process=False)
    assert len(back.vertices) == len(mesh.vertices)
    inner = [np.unique(mesh.face_parts[(mesh.faces == vertex).any(axis=1)]) for vertex in (0, 100, 500)]
    for vertex, parts in zip((0, 100, 500), inner, strict=True):
        wanted = np.round(255 * part_colors(shape)[parts])
        assert back.visual.vertex_colors[vertex][:3].tolist() in wanted.tolist()
    np.testing.assert_allclose(back.vertex_normals, mesh.normals, atol=1e-5)


def test_glb_has_named_nodes_with_linear_base_colours(stool: tuple[Mesh, Shape], tmp_path: Path) -> None:
    mesh, shape = stool
    path = tmp_path / "out.glb"
    assert write_mesh(path, [mesh], [shape]) == (len(mesh.faces), True)
    scene = trimesh.load(path)
    assert set(scene.graph.nodes_geometry) == {"Seat", "Leg", "leg_2", "Back_top"}
    assert sum(len(part.faces) for part in scene.geometry.values()) == len(mesh.faces)
    np.testing.assert_allclose(scene.bounds, placed_bounds(mesh, shape), atol=1e-5)
    raw = path.read_bytes()
    (length,) = struct.unpack_from("<I", raw, 12)
    content = json.loads(raw[20 : 20 + length])
    by_name = {material["name"]: material["pbrMetallicRoughness"] for material in content["materials"]}
    colors = part_colors(shape)
    for row, name in enumerate(["Seat", "Leg", "leg_2", "Back_top"]):
        factor = by_name[name]["baseColorFactor"]
        np.testing.assert_allclose(linear_to_srgb(factor[:3]), colors[row], atol=0.02)
        assert by_name[name]["metallicFactor"] == 0
    top = [node for node in content["nodes"] if node.get("name") == "Chair_1"]
    assert len(top) == 1
    assert len(top[0]["children"]) == 4
    assert all("NORMAL" in each["primitives"][0]["attributes"] for each in content["meshes"])


def test_obj_has_objects_and_materials_and_stays_closed(stool: tuple[Mesh, Shape], tmp_path: Path) -> None:
    mesh, shape = stool
    path = tmp_path / "my chair.obj"
    assert write_mesh(path, [mesh], [shape]) == (len(mesh.faces), True)
    text = path.read_text()
    names = [line[2:] for line in text.splitlines() if line.startswith("o ")]
    assert names == ["Seat", "Leg", "leg_2", "Back_top"]
    assert "mtllib my_chair.mtl\n" in text
    library = (tmp_path / "my_chair.mtl").read_text()
    assert [line.split()[1] for line in library.splitlines() if line.startswith("newmtl")] == names
    diffuse = [line.split()[1:] for line in library.splitlines() if line.startswith("Kd")]
    np.testing.assert_allclose(np.array(diffuse, float), part_colors(shape), atol=1e-3)
    whole = trimesh.load(path, force="mesh")
    whole.merge_vertices(merge_norm=True, merge_tex=True)  # the reader splits them by material
    assert len(whole.faces) == len(mesh.faces)
    assert whole.is_watertight
    np.testing.assert_allclose(whole.bounds, placed_bounds(mesh, shape), atol=1e-5)
    parts = trimesh.load(path, split_object=True)
    assert set(parts.geometry) == set(names)


@pytest.mark.parametrize("suffix", [".obj", ".ply", ".stl", ".glb"])
def test_several_shapes_with_the_same_names(stool: tuple[Mesh, Shape], tmp_path: Path, suffix: str) -> None:
    mesh, shape = stool
    other = replace(shape, id="s2", position=(0.0, 0.0, 0.0))
    path = tmp_path / f"both{suffix.upper()}"
    assert write_mesh(path, [mesh, mesh], [shape, other]) == (2 * len(mesh.faces), True)
    back = trimesh.load(path, file_type=suffix[1:], **({"split_object": True} if suffix == ".obj" else {}))
    expected = np.stack([placed_bounds(mesh, shape), placed_bounds(mesh, other)])
    np.testing.assert_allclose(back.bounds, [expected.min(axis=(0, 1)), expected.max(axis=(0, 1))], atol=1e-5)
    if suffix in (".obj", ".glb"):
        assert len(back.geometry) == 8
        assert {"Chair_1.Seat", "Chair_1_2.Seat"} <= set(back.geometry)


@pytest.mark.parametrize("name", ["world", "../../etc", "椅子", "", "a\nb", "CON:*?"])
def test_odd_names_become_safe_ones(stool: tuple[Mesh, Shape], tmp_path: Path, name: str) -> None:
    mesh, shape = stool
    odd = replace(shape.with_part(0, name=name), name=name)
    for suffix in (".glb", ".obj"):
        write_mesh(tmp_path / f"odd{suffix}", [mesh], [odd])
    scene = trimesh.load(tmp_path / "odd.glb")
    assert len(scene.geometry) == 4
    assert all(set("/\\ \n:*?").isdisjoint(node) for node in scene.graph.nodes)
    np.testing.assert_allclose(scene.bounds, placed_bounds(mesh, shape), atol=1e-5)
    assert len([line for line in (tmp_path / "odd.obj").read_text().splitlines() if line[:2] == "o "]) == 4


def test_open_surface_is_reported(stool: tuple[Mesh, Shape], tmp_path: Path) -> None:
    mesh, shape = stool
    torn = Mesh(mesh.vertices, mesh.normals, mesh.faces[5:], mesh.face_parts[5:])
    assert write_mesh(tmp_path / "torn.stl", [mesh, torn], [shape, shape]) == (2 * len(mesh.faces) - 5, False)


def test_refusals_say_what_to_do(stool: tuple[Mesh, Shape], tmp_path: Path) -> None:
    mesh, shape = stool
    with pytest.raises(EditError, match=r"\.glb"):
        write_mesh(tmp_path / "out.fbx", [mesh], [shape])
    with pytest.raises(EditError, match="empty"):
        write_mesh(tmp_path / "out.glb", [], [])
    with pytest.raises(EditError, match="another folder"):
        write_mesh(tmp_path / "missing" / "out.glb", [mesh], [shape])
    with pytest.raises(ValueError, match="1 meshes for 2 shapes"):
        write_mesh(tmp_path / "out.glb", [mesh], [shape, shape])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_failed_write_leaves_the_old_file_and_no_litter(
    stool: tuple[Mesh, Shape], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    mesh, shape = stool
    path = tmp_path / "out.glb"
    path.write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, failing, full)
    with pytest.raises(EditError, match="disk is full"):
        write_mesh(path, [mesh], [shape])
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.glb"]


def test_part_rows_beyond_the_shape_are_an_error(stool: tuple[Mesh, Shape], tmp_path: Path) -> None:
    mesh, shape = stool
    with pytest.raises(IndexError):
        write_mesh(tmp_path / "out.glb", [mesh], [shape.subset([0, 1])])


def test_3mf_has_closed_objects_with_a_colour_per_part(stool: tuple[Mesh, Shape], tmp_path: Path) -> None:
    mesh, shape = stool
    path = tmp_path / "out.3mf"
    assert write_mesh(path, [mesh, mesh], [shape, replace(shape, id="s2")]) == (2 * len(mesh.faces), True)
    space = "{http://schemas.microsoft.com/3dmanufacturing/core/2015/02}"
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["[Content_Types].xml", "_rels/.rels", "3D/3dmodel.model"]
        root = xml.etree.ElementTree.fromstring(archive.read("3D/3dmodel.model"))
    assert root.get("unit") == "millimeter"
    objects = root.findall(f"{space}resources/{space}object")
    assert [each.get("name") for each in objects] == ["Chair_1", "Chair_1_2"]
    assert [item.get("objectid") for item in root.iter(f"{space}item")] == [
        each.get("id") for each in objects
    ]
    points = [[float(v.get(axis, "")) for axis in "xyz"] for v in objects[0].iter(f"{space}vertex")]
    triangles = list(objects[0].iter(f"{space}triangle"))
    faces = [[int(t.get(f"v{corner}", "")) for corner in (1, 2, 3)] for t in triangles]
    back = trimesh.Trimesh(points, faces, process=False)
    assert back.is_watertight
    assert back.volume > 0
    np.testing.assert_allclose(back.bounds, placed_bounds(mesh, shape), atol=1e-4)
    bases = root.findall(f"{space}resources/{space}basematerials")
    assert bases[0].get("id") == triangles[0].get("pid")
    codes = [base.get("displaycolor", "") for base in bases[0]]
    for row in (0, len(triangles) // 2, len(triangles) - 1):
        code = codes[int(triangles[row].get("p1", ""))]
        wanted = np.round(255 * part_colors(shape)[mesh.face_parts[row]])
        assert [int(code[place : place + 2], 16) for place in (1, 3, 5)] == wanted.tolist()


def test_shapes_are_placed_together_for_a_printer(stool: tuple[Mesh, Shape]) -> None:
    mesh, shape = stool
    other = replace(shape, id="s2", position=(4.0, 0.5, -1.0))
    meshes, shapes = placed_for_export([mesh, mesh], [shape, other], 100.0, z_up=True, on_floor=True)
    low = np.min([each.vertices.min(axis=0) for each in meshes], axis=0)
    high = np.max([each.vertices.max(axis=0) for each in meshes], axis=0)
    assert (high - low).max() == pytest.approx(100.0, rel=1e-5)
    assert low[2] == pytest.approx(0.0, abs=1e-4)
    np.testing.assert_allclose(low[:2] + high[:2], 0.0, atol=1e-3)
    scale = 100.0 / float(np.ptp(mesh.vertices[:, 0]) + 2.0)
    np.testing.assert_allclose(
        meshes[1].vertices - meshes[0].vertices, [[2 * scale, 0, 0]] * len(mesh.vertices), atol=1e-3
    )
    # What was up is up, and the surface still looks outwards.
    assert (high - low)[2] == pytest.approx(scale * np.ptp(mesh.vertices[:, 1]), rel=1e-4)
    turned = trimesh.Trimesh(meshes[0].vertices, meshes[0].faces, process=False)
    assert turned.volume > 0
    np.testing.assert_allclose(meshes[0].normals[:, 2], mesh.normals[:, 1], atol=1e-6)
    assert {each.position for each in shapes} == {(0.0, 0.0, 0.0)}
    assert placed_for_export([mesh], [shape], 0.0, z_up=False, on_floor=False) == ([mesh], [shape])
