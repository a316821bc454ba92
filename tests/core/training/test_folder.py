"""A folder of meshes becomes a model: layouts, samples, splits, the run and what a card says of it."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
import trimesh
from PIL import Image

from core import cli
from core.checkpoints.catalog import Models, user_checkpoints
from core.checkpoints.loading import CheckpointError
from core.training import early_samples, folder, mesh_set
from core.training.mesh_folder import DataError, captions_of, find_sources, read_captions
from core.training.mesh_samples import inside, sample_mesh
from core.training_run import SAMPLES
from tests.tiny import TINY_CHECKPOINT


def box(size: float, centre: tuple[float, float, float] = (0, 0, 0)) -> trimesh.Trimesh:
    made = trimesh.creation.box(extents=(size, 1.0, 0.6))
    made.apply_translation(centre)
    return made


def write(mesh: trimesh.Trimesh, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    mesh.export(path)
    return path


@pytest.fixture
def meshes(tmp_path: Path) -> Path:
    """Shapes in three layouts, one twice, one broken and one that is a mere sheet."""
    root = tmp_path / "meshes"
    for index in range(3):
        write(box(0.5 + 0.1 * index), root / "03001627" / f"id{index}" / "models" / "model_normalized.obj")
    write(box(0.9), root / "loose.ply")
    write(box(0.9), root / "again.ply")
    home = root / "partnet" / "42"
    write(box(0.4), home / "objs" / "a.obj")
    write(box(0.2, (0.0, 0.9, 0.0)), home / "objs" / "b.obj")
    tree = [{"name": "chair", "children": [
        {"name": "chair_seat", "objs": ["a"]},
        {"name": "chair_back", "children": [{"name": "back_surface", "objs": ["b"]}]},
    ]}]  # fmt: skip
    (home / "result.json").write_text(json.dumps(tree))
    (root / "broken.obj").write_text("v 1 2 nan\nf 1 2 3\n")
    write(trimesh.Trimesh([[0, 0, 0], [1, 0, 0], [0, 1, 0]], [[0, 1, 2]]), root / "sheet.ply")
    return root


def test_layouts_are_recognised(meshes: Path) -> None:
    sources = {source.name: source for source in find_sources(meshes).sources}
    assert sum("model_normalized" in name for name in sources) == 3
    pieces = sources["partnet/42"].pieces
    assert [(path.name, part) for path, part in pieces] == [("a.obj", "seat"), ("b.obj", "back")]
    assert not any("objs" in name for name in sources)


def test_captions_are_found_by_path_name_or_id(tmp_path: Path, meshes: Path) -> None:
    csv = tmp_path / "captions.csv"
    csv.write_text("file,text\nid1,a wide box\nloose.ply,a loose  box\nloose.ply,\n")
    texts = read_captions(csv)
    found = {source.name: captions_of(source, texts) for source in find_sources(meshes).sources}
    assert found["03001627/id1/models/model_normalized.obj"] == ["a wide box"]
    assert found["loose.ply"] == ["a loose box"]
    assert found["again.ply"] == []
    both = tmp_path / "captions.json"
    both.write_text(json.dumps({"loose": ["one", "two"]}))
    assert read_captions(both)["loose"] == ["one", "two"]
    csv.write_text("name;words\n")
    with pytest.raises(DataError, match="file,text"):
        read_captions(csv)


def test_inside_is_told_for_open_overlapping_and_turned_surfaces() -> None:
    rng = np.random.default_rng(0)
    points = rng.uniform(-0.9, 0.9, (400, 3))
    sphere = trimesh.creation.icosphere(subdivisions=3, radius=0.5)
    distance = np.linalg.norm(points, axis=1)
    clear, truth = np.abs(distance - 0.5) > 0.05, distance < 0.5
    corners = np.array(sphere.triangles)
    assert (inside(corners, points) == truth)[clear].all()
    # Every triangle inside out, a hole in the top, two bodies in one another.
    assert (inside(corners[:, ::-1], points) == truth)[clear].all()
    opened = corners[corners.mean(1)[:, 1] < 0.47]
    assert len(opened) < len(corners)
    assert (inside(opened, points) == truth)[clear].mean() > 0.98
    assert (inside(np.concatenate((corners, 0.8 * corners)), points) == truth)[clear].all()
    # No triangle agrees with its neighbours: signs are worthless, parity is not.
    shuffled = corners.copy()
    flip = rng.random(len(corners)) < 0.5
    shuffled[flip] = shuffled[flip, ::-1]
    assert (inside(shuffled, points) == truth)[clear].mean() > 0.98


def test_samples_lie_where_they_say() -> None:
    sphere = trimesh.creation.icosphere(subdivisions=3, radius=3.0)
    flipped = np.array(sphere.triangles)[:, ::-1]
    drawn = sample_mesh(flipped, np.zeros(len(flipped), int), seed=1)
    surface = drawn["surface"].float()
    assert (surface.norm(dim=-1) - 0.9).abs().max() < 0.01
    # Outward, though all of the triangles look inwards.
    assert (surface * drawn["normals"].float() / 127).sum(-1).min() > 0.85
    radius = drawn["points"].float().norm(dim=-1)
    clear = (radius - 0.9).abs() > 0.02
    assert torch.equal(drawn["inside"][clear], (radius < 0.9)[clear])


def test_splits_depend_on_content_alone_and_are_never_empty() -> None:
    digests = [hashlib.sha256(str(index).encode()).hexdigest() for index in range(399)]
    first = mesh_set.split_by_digest(digests)
    assert [len(first[split]) / 399 for split in first] == pytest.approx([0.8, 0.1, 0.1], abs=0.06)
    more = mesh_set.split_by_digest([*digests, "f" * 64])
    assert all(set(first[split]) <= set(more[split]) for split in first)
    assert all(len(rows) == 1 for rows in mesh_set.split_by_digest(digests[:3]).values())
    with pytest.raises(DataError, match="too few"):
        mesh_set.split_by_digest(digests[:2])


def test_preparing_goes_on_where_it_stopped_and_tells_what_it_skips(meshes: Path, tmp_path: Path) -> None:
    out = tmp_path / "samples"
    first = mesh_set.prepare(meshes, out, "chair", workers=1)
    assert first.parts == ("back", "seat")
    reasons = {
        entry["file"]: entry["reason"] for entry in json.loads((out / "report.json").read_text())["skipped"]
    }
    assert set(reasons) == {"broken.obj", "sheet.ply", "loose.ply"}
    assert "no inside" in reasons["sheet.ply"]
    assert "same content as again.ply" in reasons["loose.ply"]
    before = {path: path.stat().st_mtime_ns for path in (out / "meshes").iterdir()}
    removed = next(path for path in before if path.suffix == ".safetensors")
    removed.unlink()
    second = mesh_set.prepare(meshes, out, "chair", workers=1)
    assert second == first == mesh_set.read(out)
    after = {path: path.stat().st_mtime_ns for path in (out / "meshes").iterdir()}
    assert {path.stem for path in after if after[path] != before[path]} == {removed.stem}
    names = torch.cat([second.cache(split).surface_names.flatten() for split in mesh_set.SPLITS]).unique()
    assert set(names.tolist()) == {0, 1, 255}


def test_a_folder_becomes_a_model_that_the_catalog_lists(
    meshes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PARTSMITH_MODELS_DIR", str(tmp_path / "models"))
    monkeypatch.setattr(early_samples, "COUNT", 1)
    words = ["train", "--data", meshes, "--name", "boxes", "--category", "box", "--start", TINY_CHECKPOINT]
    words += ["--steps", "3", "--batch", "2", "--points", "64", "--namer-steps", "2", "--workers", "1"]
    words += ["--device", "cpu", "--licence", "CC0-1.0", "--fp32"]
    command = [str(word) for word in words]
    assert cli.main(command) == 0
    card = json.loads((tmp_path / "models" / "boxes" / "card.json").read_text())
    assert card["licence"] == "CC0-1.0"
    assert card["shapes"] == {"train": 3, "validation": 1, "test": 1, "skipped": 3}
    assert card["labels"] == ["back", "seat"]
    assert "few" in card["note"]
    assert "tiny-chair" in card["data"]
    assert card["recipe"]["representation"]["start"]["id"] == "boxes"
    assert 0 < card["metrics"]["training"]["validation_iou"] < 1
    assert str(tmp_path) not in json.dumps(card)
    assert user_checkpoints() == [tmp_path / "models" / "boxes"]
    with Image.open(tmp_path / "training" / "boxes" / SAMPLES) as sheet:
        assert np.ptp(np.asarray(sheet)) > 100
    models = Models(TINY_CHECKPOINT, "cpu")
    assert models.get("boxes").labels == ("back", "seat")
    # It is measured on its own held-out shapes; what needs programs is left out by name.
    capsys.readouterr()
    made = str(tmp_path / "models" / "boxes")
    words = ["evaluate", "--checkpoint", made, "--quick", "--samples", "2", "--resolution", "32"]
    assert cli.main([*words, "--device", "cpu", "--write"]) == 0
    printed = capsys.readouterr().out
    assert "left out, for want of programs or part names: completion, mixing, matching, text" in printed
    metrics = json.loads((tmp_path / "models" / "boxes" / "card.json").read_text())["metrics"]
    assert {"training", "reconstruction", "generation", "solidity", "parts", "locality"} <= set(metrics)
    assert metrics["reconstruction"]["shapes"] == 1
    # The same command again finds everything done; other data under the same name is refused.
    states = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("state.safetensors")}
    assert len(states) == 4
    assert cli.main(command) == 0
    assert states == {path: path.stat().st_mtime_ns for path in states}
    command[2] = str(tmp_path)
    capsys.readouterr()
    assert cli.main(command) == 3
    assert "another --name" in capsys.readouterr().err


def test_a_training_keeps_its_best_networks_and_stops(meshes: Path, tmp_path: Path) -> None:
    from core.training import representation
    from core.training.state import read_facts

    prepared = tmp_path / "samples"
    mesh_set.prepare(meshes, prepared, "box", workers=1)
    words = ["--set", prepared, "--out", tmp_path / "r", "--start", TINY_CHECKPOINT, "--steps", "400"]
    words += ["--batch", "2", "--points", "64", "--rate", "1", "--device", "cpu", "--fp32"]
    # A rate of 1 ruins the networks, so that the first check stays the best.
    representation.main([str(word) for word in [*words, "--patience", "2", "--save-every", "0"]])
    facts = read_facts(tmp_path / "r" / "state.safetensors")
    assert facts["stale"] == 2
    assert facts["step"] == facts["best_step"] + 2 < 400
    checks = [json.loads(line) for line in (tmp_path / "r" / "log.jsonl").read_text().splitlines()]
    ious = [check["validation_iou"] for check in checks if "validation_iou" in check]
    assert max(ious) == pytest.approx(1 - facts["best"])


def test_a_start_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no model nowhere"):
        folder.find_start("nowhere", "chair")
    assert folder.find_start("none", "chair") is None
    (tmp_path / "card.json").write_text("{}")
    with pytest.raises(CheckpointError, match="damaged"):
        folder.find_start(str(tmp_path), "chair")
    published = tmp_path / "published"
    shutil.copytree(TINY_CHECKPOINT, published)
    shutil.rmtree(published / "text_adapter")
    with pytest.raises(DataError, match="no training can begin with"):
        folder.find_start(str(published), "chair")
