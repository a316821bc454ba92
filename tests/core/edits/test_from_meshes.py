"""Meshes of other programs on the tiny engine: in, nearer to the original, compared, and out again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import trimesh

from core.edits.engine import Engine
from core.edits.job import Cancelled, EditError, Job, Preview, Progress
from core.edits.requests import Compare, Complete, Encode, Export, Fit, Inspect, Vary
from core.edits.results import Candidates, Compared, Encoded, Exported, Fitted, Inspected
from core.scene.original import Placement
from core.scene.scene import Scene
from core.scene.shape import CENTRE, Shape
from core.scene.storage import SceneFileError, read_scene, write_scene


def chair() -> trimesh.Trimesh:
    """A plain chair in centimetres, z up, front to -y, far from the origin."""
    boxes = [((40, 40, 5), (0, 0, 45)), ((40, 5, 45), (0, 17, 70))]
    boxes += [((5, 5, 45), (x, y, 22)) for x in (-17, 17) for y in (-17, 17)]
    pieces = [
        trimesh.creation.box(size, trimesh.transformations.translation_matrix(place)) for size, place in boxes
    ]
    mesh = trimesh.util.concatenate(pieces)
    mesh.apply_translation((100, 0, 0))
    return mesh


PLACEMENT = Placement.fitting((80, -20, -0.5), (120, 20, 92.5), "+z", "-y")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("meshes") / "chair.obj"
    chair().export(found)
    return found


@pytest.fixture(scope="module")
def encoded(engine: Engine, path: Path) -> Encoded:
    result = engine.run(Encode(path=str(path), placement=PLACEMENT), Job())
    assert isinstance(result, Encoded)
    return result


@pytest.fixture(scope="module")
def fitted(engine: Engine, encoded: Encoded) -> Fitted:
    result = engine.run(Fit(base=encoded.shape, steps=40, preview=False), Job())
    assert isinstance(result, Fitted)
    return result


def test_inspecting_says_how_large_it_is_and_how_it_may_stand(engine: Engine, path: Path) -> None:
    found = engine.run(Inspect(path=str(path)), Job())
    assert isinstance(found, Inspected)
    np.testing.assert_allclose([found.low, found.high], chair().bounds, atol=1e-5)
    assert (found.unit, found.unit_known, found.up_known, found.cloud) == (0.01, False, False, False)
    assert found.points.shape == found.normals.shape
    stands = found.placement.to_shape(found.points)
    assert np.abs(stands).max() == pytest.approx(0.9, abs=1e-3)


def test_a_shape_remembers_its_file(encoded: Encoded, path: Path, tmp_path: Path) -> None:
    original = encoded.shape.original
    assert original is not None
    assert original.path == str(path)
    assert original.placement == PLACEMENT
    assert original.unit == 0.01
    assert original.unedited(encoded.shape) == encoded.shape.part_ids
    write_scene(Scene((encoded.shape,)), tmp_path / "one.partsmith")
    back = read_scene(tmp_path / "one.partsmith").shapes[0]
    assert back.original is not None
    assert (back.original.placement, back.original.digest) == (PLACEMENT, original.digest)
    assert back.original.unedited(back) == back.part_ids
    broken = replace(original, path="x" * 20_000)
    with pytest.raises(SceneFileError, match="longer than"):
        write_scene(Scene((replace(encoded.shape, original=broken),)), tmp_path / "two.partsmith")


def test_a_fit_brings_the_surface_nearer_and_keeps_the_parts_editable(
    engine: Engine, encoded: Encoded, fitted: Fitted
) -> None:
    before, after = fitted.before, fitted.after
    assert before == encoded.agreement
    assert before.iou is not None
    assert after.iou is not None
    assert after.iou > before.iou + 0.02
    assert after.chamfer < before.chamfer
    base, shape = encoded.shape, fitted.shape
    assert shape.part_ids == base.part_ids
    # Latents keep the mean and length that the encoder gives them, axes stay orthonormal.
    np.testing.assert_allclose(shape.intrinsics.mean(1), base.intrinsics.mean(1), atol=1e-4)
    np.testing.assert_allclose(shape.intrinsics.std(1), base.intrinsics.std(1), atol=1e-3)
    axes = shape.extrinsics[:, 3:12].reshape(-1, 3, 3)
    np.testing.assert_allclose(
        axes @ axes.transpose(0, 2, 1), np.tile(np.eye(3), (len(axes), 1, 1)), atol=1e-4
    )
    assert shape.original is not None
    assert shape.original.unedited(shape) == shape.part_ids
    for request in (
        Vary(base=shape, parts=(1,), strength=0.3, steps=4, preview=False),
        Complete(base=shape, parts=(1,), steps=4, preview=False),
    ):
        result = engine.run(request, Job())
        assert isinstance(result, Candidates)
        edited = result.items[0].shape
        assert len(result.items[0].mesh.faces) > 100
        assert edited.original is not None
        assert set(edited.original.unedited(edited)) == set(edited.part_ids) - {1}


def test_the_same_fit_gives_the_same_bits_and_leaves_locked_parts_alone(
    engine: Engine, encoded: Encoded
) -> None:
    locked = encoded.shape.with_part(2, locked=True)
    results = [engine.run(Fit(base=locked, steps=3, preview=False, seed=5), Job()) for _ in range(2)]
    first, second = (result.shape for result in results if isinstance(result, Fitted))
    assert first.extrinsics.tobytes() == second.extrinsics.tobytes()
    assert first.intrinsics.tobytes() == second.intrinsics.tobytes()
    row = locked.row(2)
    assert first.extrinsics[row].tobytes() == locked.extrinsics[row].tobytes()
    assert first.intrinsics[row].tobytes() == locked.intrinsics[row].tobytes()
    assert not np.array_equal(first.extrinsics, locked.extrinsics)
    everything = replace(locked, parts=tuple(replace(part, locked=True) for part in locked.parts))
    with pytest.raises(EditError, match="locked"):
        engine.run(Fit(base=everything), Job())


def test_a_fit_shows_itself_and_can_be_cancelled(engine: Engine, encoded: Encoded) -> None:
    shown: list[Preview] = []
    job = Job(on_preview=shown.append)
    engine.run(Fit(base=encoded.shape, steps=16), job)
    assert len(shown) == 17
    assert sum(preview.mesh is not None for preview in shown) == 2

    def stop(progress: Progress) -> None:
        if progress.stage == "fitting" and progress.done == 2:
            stopped.cancel()

    stopped = Job(on_progress=stop)
    with pytest.raises(Cancelled):
        engine.run(Fit(base=encoded.shape, steps=16), stopped)


def test_comparing_measures_both_ways(engine: Engine, encoded: Encoded) -> None:
    found = engine.run(Compare(base=encoded.shape, mesh=encoded.mesh), Job())
    assert isinstance(found, Compared)
    assert found.distances.shape == (len(encoded.mesh.vertices),)
    assert found.missed.shape == (len(found.original.vertices),)
    assert len(found.original.faces) == len(chair().faces)
    box = PLACEMENT.to_shape(chair().vertices)
    np.testing.assert_allclose(np.ptp(found.original.vertices, axis=0), np.ptp(box, axis=0), atol=1e-5)


def test_an_export_returns_to_the_frame_of_the_file(engine: Engine, encoded: Encoded, tmp_path: Path) -> None:
    moved = replace(encoded.shape, position=(2.2, 0.0, 0.0))
    for name, unit in (("out.obj", 1.0), ("out.glb", 0.01)):
        out = tmp_path / name
        engine.run(Export(shapes=(moved,), path=str(out), resolution=32, original_frame=True), Job())
        found = trimesh.load(out, force="mesh")
        surface = PLACEMENT.to_file(engine.decode(moved, 32, Job()).vertices)
        expected = unit * np.array([surface.min(0), surface.max(0)])
        np.testing.assert_allclose(found.bounds, expected, atol=1e-3 * unit)


def export_with_original(engine: Engine, shape: Shape, out: Path) -> trimesh.Trimesh:
    request = Export(shapes=(shape,), path=str(out), resolution=32, original_frame=True, keep_original=True)
    result = engine.run(request, Job())
    assert isinstance(result, Exported)
    found = trimesh.load(out, force="mesh", process=False)
    # The parts of an OBJ are read one by one.
    assert out.suffix == ".obj" or result.watertight == found.is_watertight
    return found


def common(one: trimesh.Trimesh, other: trimesh.Trimesh) -> int:
    """Distinct vertices that both have, to the last bit of a float32."""
    rows = [{row.tobytes() for row in np.asarray(mesh.vertices, np.float32)} for mesh in (one, other)]
    return len(rows[0] & rows[1])


def moved(encoded: Encoded, shift: float = 0.05) -> Shape:
    """The part farthest to a side stands farther out."""
    gaussians = np.array(encoded.shape.extrinsics)
    row = int(np.abs(gaussians[:, 0]).argmax())
    gaussians[row, CENTRE] += shift
    return encoded.shape.with_latents(gaussians, encoded.shape.intrinsics, encoded.shape.parts)


def test_unedited_parts_are_cut_from_the_original(engine: Engine, encoded: Encoded, tmp_path: Path) -> None:
    # Nothing edited: the whole original, in its own place.
    whole = export_with_original(engine, encoded.shape, tmp_path / "whole.ply")
    assert len(whole.faces) == len(chair().faces)
    assert common(whole, chair()) == len(chair().vertices)
    edited = moved(encoded)
    assert edited.original is not None
    assert len(edited.original.unedited(edited)) == len(edited.parts) - 1
    mixed = export_with_original(engine, edited, tmp_path / "mixed.ply")
    assert mixed.is_watertight
    assert 0.3 < common(mixed, chair()) / len(chair().vertices) < 1.0
    text = export_with_original(engine, edited, tmp_path / "mixed.obj")
    assert common(text, chair()) == common(mixed, chair())


def test_an_open_original_is_cut_all_the_same(engine: Engine, encoded: Encoded, tmp_path: Path) -> None:
    path = tmp_path / "open.ply"
    torn = chair()
    torn.update_faces(np.arange(len(torn.faces)) != 5)
    torn.export(path)
    result = engine.run(Encode(path=str(path), placement=PLACEMENT), Job())
    assert isinstance(result, Encoded)
    mixed = export_with_original(engine, moved(result), tmp_path / "mixed.ply")
    assert not mixed.is_watertight
    assert common(mixed, chair()) > 10
    assert len(mixed.faces) > 100


def test_a_changed_or_missing_original_is_named(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "gone.obj"
    chair().export(path)
    result = engine.run(Encode(path=str(path), placement=PLACEMENT), Job())
    assert isinstance(result, Encoded)
    trimesh.creation.box((1, 2, 3)).export(path)
    with pytest.raises(EditError, match=r"gone\.obj has changed"):
        engine.run(Fit(base=result.shape), Job())
    path.unlink()
    with pytest.raises(EditError, match="is gone"):
        engine.run(Compare(base=result.shape, mesh=result.mesh), Job())
    bare = replace(result.shape, original=None)
    with pytest.raises(EditError, match="was not brought in"):
        engine.run(Fit(base=bare), Job())


def test_what_does_not_fit_or_has_no_inside_is_refused(engine: Engine, path: Path, tmp_path: Path) -> None:
    with pytest.raises(EditError, match="does not fit into the domain"):
        engine.run(Encode(path=str(path), placement=Placement()), Job())
    sheet = tmp_path / "sheet.obj"
    sheet.write_text("v -1 0 -1\nv 1 0 -1\nv 1 0 1\nv -1 0 1\nf 1 2 3\nf 1 3 4\n")
    result = engine.run(Encode(path=str(sheet), placement=Placement(scale=0.5)), Job())
    assert isinstance(result, Encoded)
    assert result.agreement.iou is None
    with pytest.raises(EditError, match="open sheet"):
        engine.run(Fit(base=result.shape), Job())
