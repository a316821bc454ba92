"""Coarse to fine against full evaluation, known shapes, thin parts and everything that can go wrong."""

from __future__ import annotations

import numpy as np
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st

from core.edits.job import Cancelled, EditError, Job, Progress
from core.meshing.components import component_areas, largest_share
from core.meshing.extract import extract_mesh, levels
from core.meshing.marching_cubes import march
from core.scene.shape import FloatArray, Mesh
from tests.core.meshing.analytic_fields import AnalyticField, box, capsule, chair, sphere, torus


def as_trimesh(mesh: Mesh) -> trimesh.Trimesh:
    return trimesh.Trimesh(mesh.vertices, mesh.faces, process=False)


def full_evaluation(field: AnalyticField, resolution: int) -> tuple[FloatArray, FloatArray]:
    """Vertices and faces of the surface when every corner is evaluated."""
    axis = np.arange(resolution + 1)
    index = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1).reshape(-1, 3)
    points = (index * (2.0 / resolution) - 1.0).astype(np.float32)
    values = np.concatenate([field(block) for block in np.array_split(points, -(-len(points) // 8192))])
    cells = np.flatnonzero((index < resolution).all(axis=1))
    vertices, faces, _ = march(values, cells, resolution)
    return vertices, faces


def capsule_volume(length: float, radius: float) -> float:
    return np.pi * radius**2 * length + 4 / 3 * np.pi * radius**3


@pytest.mark.parametrize("resolution", [32, 48, 64, 128])
def test_sphere(resolution: int) -> None:
    mesh = extract_mesh(AnalyticField(sphere((0.05, -0.1, 0.02), 0.6)), resolution, Job())
    solid = as_trimesh(mesh)
    assert solid.is_watertight
    assert solid.is_winding_consistent
    assert solid.euler_number == 2
    assert solid.volume == pytest.approx(4 / 3 * np.pi * 0.6**3, rel=0.4 * (8 / resolution) ** 2 + 1e-3)
    outward = (mesh.vertices - (0.05, -0.1, 0.02)) / 0.6
    assert np.abs(np.linalg.norm(outward, axis=1) - 1).max() < 1 / resolution
    assert (np.einsum("ij,ij->i", mesh.normals, outward) > 0.98).all()


def test_torus() -> None:
    solid = as_trimesh(extract_mesh(AnalyticField(torus((0, 0, 0), 0.6, 0.15)), 64, Job()))
    assert solid.is_watertight
    assert solid.euler_number == 0
    assert solid.volume == pytest.approx(2 * np.pi**2 * 0.6 * 0.15**2, rel=0.02)


@pytest.mark.parametrize(("resolution", "sharpness"), [(64, 1.0), (64, 60.0), (64, 300.0), (128, 60.0)])
def test_same_surface_as_full_evaluation_at_a_fraction_of_the_samples(
    resolution: int, sharpness: float
) -> None:
    field = AnalyticField(*chair()[0].distances, sharpness=sharpness)
    mesh = extract_mesh(field, resolution, Job())
    assert field.evaluated < {64: 60_000, 128: 110_000}[resolution]
    vertices, faces = full_evaluation(field, resolution)
    np.testing.assert_array_equal(mesh.vertices, vertices)
    np.testing.assert_array_equal(mesh.faces, faces)


def test_a_surface_near_a_known_one_is_followed_from_there_for_a_fraction_of_the_samples() -> None:
    before = extract_mesh(AnalyticField(sphere((0.0, 0.0, 0.0), 0.5)), 64, Job())
    field = AnalyticField(sphere((0.06, 0.02, -0.05), 0.5))
    followed = extract_mesh(field, 64, Job(), near=before.vertices)
    samples = field.evaluated
    whole = extract_mesh(field, 64, Job())
    np.testing.assert_array_equal(followed.vertices, whole.vertices)
    np.testing.assert_array_equal(followed.faces, whole.faces)
    assert samples < 0.6 * (field.evaluated - samples)


def test_nothing_near_the_known_surface_means_that_all_is_searched() -> None:
    before = extract_mesh(AnalyticField(sphere((0.6, 0.0, 0.0), 0.2)), 64, Job())
    field = AnalyticField(sphere((-0.6, 0.0, 0.0), 0.2))
    mesh = extract_mesh(field, 64, Job(), near=before.vertices)
    np.testing.assert_array_equal(mesh.vertices, extract_mesh(field, 64, Job()).vertices)


def test_only_what_is_within_reach_is_searched_and_followed_to_its_end() -> None:
    """The bar begins within reach and leads out of it; the other sphere lies wholly elsewhere."""
    bar = capsule((-0.6, -0.5, 0.0), (0.8, -0.5, 0.0), 0.08)
    field = AnalyticField(sphere((-0.5, -0.5, 0.0), 0.3), bar)
    whole = extract_mesh(field, 128, Job())
    samples = field.evaluated
    field = AnalyticField(*field.distances, sphere((0.5, 0.5, 0.5), 0.2))
    mesh = extract_mesh(field, 128, Job(), reach=lambda points: points[:, 0] < -0.1)
    np.testing.assert_array_equal(mesh.vertices, whole.vertices)
    np.testing.assert_array_equal(mesh.faces, whole.faces)
    assert field.evaluated < samples - 10_000


def test_nothing_within_reach_means_that_all_is_searched() -> None:
    field = AnalyticField(sphere((0.5, 0.5, 0.5), 0.2))
    mesh = extract_mesh(field, 64, Job(), reach=lambda points: points[:, 0] < -0.1)
    np.testing.assert_array_equal(mesh.vertices, extract_mesh(field, 64, Job()).vertices)


@pytest.mark.parametrize("resolution", [64, 128])
@pytest.mark.parametrize("cross_section", [(0.5, 0.5), (0.5, 0.0), (0.25, 0.6)])
@pytest.mark.parametrize("axis", [0, 1, 2])
def test_bar_thinner_than_a_coarse_cell_is_found(
    resolution: int, cross_section: tuple[float, float], axis: int
) -> None:
    """Along the grid, between the corners of the 32^3 grid: none of them is inside."""
    cell = 2 / 32
    start = np.insert((np.array(cross_section) + 3) * cell, axis, -0.6)
    end = start.copy()
    end[axis] = 0.5
    mesh = extract_mesh(AnalyticField(capsule(start, end, 0.025), sharpness=100), resolution, Job())
    solid = as_trimesh(mesh)
    assert solid.is_watertight
    assert solid.euler_number == 2
    assert np.ptp(mesh.vertices, axis=0)[axis] == pytest.approx(1.15, abs=0.03)
    # Flat facets inside a round bar 1.6 cells thick take a good third of it; the next level has most of it.
    assert solid.volume == pytest.approx(capsule_volume(1.1, 0.025), rel=0.45 if resolution == 64 else 0.15)


@settings(deadline=None, max_examples=12)
@given(st.integers(0, 2**32 - 1))
def test_thin_bar_in_any_direction_is_found(seed: int) -> None:
    rng = np.random.default_rng(seed)
    direction = rng.normal(size=3)
    direction *= 0.5 / np.linalg.norm(direction)
    middle = rng.uniform(-0.3, 0.3, 3)
    field = AnalyticField(capsule(middle - direction, middle + direction, 0.025), sphere((0, 0, 0), 0.2))
    mesh = extract_mesh(field, 64, Job())
    np.testing.assert_array_equal(mesh.vertices, full_evaluation(field, 64)[0])


def test_guide_finds_what_the_coarse_grid_cannot_see() -> None:
    """The logits are saturated at every coarse corner; one point on the bar is enough to follow it."""
    cell = 2 / 32
    x, z = 12.5 * cell - 1, 20.5 * cell - 1
    bar = capsule((x, -0.7, z), (x, 0.3, z), 0.025)
    field = AnalyticField(sphere((0.5, 0.5, -0.5), 0.3), bar, sharpness=5000, limit=8)
    assert len(component_areas(extract_mesh(field, 64, Job()))[0]) == 1
    guide = np.array([[x, 0.1, z], [3.0, 0.0, 0.0]], np.float32)
    mesh = extract_mesh(field, 64, Job(), guide)
    areas, _ = component_areas(mesh)
    assert len(areas) == 2
    assert np.ptp(mesh.vertices[mesh.vertices[:, 0] < 0][:, 1]) == pytest.approx(1.05, abs=0.04)
    assert as_trimesh(mesh).is_watertight


def test_surface_is_followed_out_of_the_cells_it_was_expected_in() -> None:
    """From one guide point through the whole of a long, thin, bent bar that no coarse corner feels."""
    cell = 2 / 32
    x, z, bend = 12.5 * cell - 1, 20.5 * cell - 1, 6.5 * cell - 1
    distances = [capsule((x, bend, z), (x, 0.9, z), 0.025), capsule((x, bend, z), (0.9, bend, z), 0.025)]
    field = AnalyticField(*distances, sharpness=5000, limit=8)
    mesh = extract_mesh(field, 64, Job(), np.array([[x, 0.8, z]], np.float32))
    assert len(component_areas(mesh)[0]) == 1
    assert as_trimesh(mesh).is_watertight
    assert mesh.vertices[:, 0].max() == pytest.approx(0.92, abs=0.03)


def test_what_reaches_the_border_is_closed_there() -> None:
    solid = as_trimesh(extract_mesh(AnalyticField(box((0, 0, 0), (0.4, 3, 3))), 64, Job()))
    assert solid.is_watertight
    assert np.abs(solid.bounds[:, 1:]).max() <= 1
    assert solid.volume == pytest.approx(0.8 * 4, rel=0.01)


def test_faces_get_the_part_at_their_centre() -> None:
    field, shape = chair()
    mesh = extract_mesh(field, 64, Job())
    centres = mesh.vertices[mesh.faces].mean(axis=1)
    assert (mesh.face_parts == field.part_rows(centres)).mean() > 0.98
    assert set(np.unique(mesh.face_parts)) == set(range(len(shape.parts)))


def test_crumbs_are_dropped_on_demand() -> None:
    field = AnalyticField(sphere((0, 0, 0), 0.5), sphere((0.8, 0.8, 0.8), 0.03))
    assert len(component_areas(extract_mesh(field, 64, Job()))[0]) == 2
    mesh = extract_mesh(field, 64, Job(), drop_below=0.01)
    assert largest_share(mesh) == 1.0
    assert as_trimesh(mesh).is_watertight


def test_smoothing_keeps_the_volume() -> None:
    field = AnalyticField(box((0, 0, 0), (0.5, 0.3, 0.4)))
    rough, smooth = (extract_mesh(field, 64, Job(), smooth=rounds) for rounds in (0, 2))
    assert as_trimesh(smooth).volume == pytest.approx(as_trimesh(rough).volume, rel=0.01)
    assert not np.array_equal(rough.vertices, smooth.vertices)


@pytest.mark.parametrize("resolution", [32, 64])
def test_empty_field_is_refused(resolution: int) -> None:
    def far(points: FloatArray) -> FloatArray:
        return np.full(len(points), 0.5)

    with pytest.raises(EditError, match="empty"):
        extract_mesh(AnalyticField(far), resolution, Job())


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_numbers_that_are_not_finite_are_refused(bad: float) -> None:
    class Broken(AnalyticField):
        def __call__(self, points: FloatArray) -> FloatArray:
            logits = super().__call__(points)
            logits[np.abs(points[:, 0] - 0.5) < 0.02] = bad
            return logits

    with pytest.raises(EditError, match="not finite"):
        extract_mesh(Broken(sphere((0, 0, 0), 0.5)), 64, Job())


def test_progress_only_grows_and_ends_at_one() -> None:
    seen: list[Progress] = []
    extract_mesh(chair()[0], 128, Job(on_progress=seen.append))
    fractions = [progress.fraction for progress in seen]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert {progress.stage for progress in seen} == {"mesh"}
    assert len(seen) > 8


@pytest.mark.parametrize("after", [1, 3, 6])
def test_cancel_stops_it_at_the_next_block(after: int) -> None:
    steps: list[Progress] = []

    def count(progress: Progress) -> None:
        steps.append(progress)
        if len(steps) == after:
            job.cancel()

    job = Job(on_progress=count)
    with pytest.raises(Cancelled):
        extract_mesh(chair()[0], 128, job)
    assert len(steps) == after


def test_levels() -> None:
    assert levels(32) == [32]
    assert levels(128) == [32, 64, 128]
    assert levels(96) == [48, 96]
    with pytest.raises(ValueError, match="at least 32"):
        levels(31)
