"""Picking against analytic ground truth: spheres, ellipsoids, boxes on an orthographic screen."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.scene.picking import (
    PickMesh,
    Ray,
    in_polygon,
    parts_within,
    pick,
    pick_ellipsoid,
    pick_mesh,
    prepared,
)
from core.scene.scene import Scene
from core.scene.selection import PartRef
from core.scene.shape import Mesh, Part, Shape
from tests.core.scene.strategies import generators, make_shape, random_extrinsics, sphere_mesh

RADIUS = 0.5
BALL = sphere_mesh(60, 90)


def round_part(centre: tuple[float, float, float], radius: float) -> np.ndarray:
    """A Gaussian whose two-sigma ellipsoid is a sphere of this radius."""
    row = np.zeros(16, np.float32)
    row[:3] = centre
    row[3:12] = np.eye(3).reshape(9)
    row[13:] = (radius / 2.0) ** 2
    return row


def two_balls() -> Shape:
    """Part 5 (row 0) around (0, .5, 0) above part 9 (row 1) around (0, -.5, 0), radius .3 each."""
    parts = (Part(5, "back"), Part(9, "seat"))
    extrinsics = np.stack([round_part((0, 0.5, 0), 0.3), round_part((0, -0.5, 0), 0.3)])
    return Shape("s1", extrinsics, np.zeros((2, 4)), parts)


def sphere_distance(ray: Ray, centre: np.ndarray, radius: float) -> float:
    offset = ray.origin - centre
    along = float(offset @ ray.direction)
    rest = along**2 - float(offset @ offset) + radius**2
    return -along - np.sqrt(rest) if rest >= 0.0 else np.inf


def all_hits(mesh: Mesh, ray: Ray) -> tuple[int, float] | None:
    """Brute force: every triangle as a plane and three half planes."""
    corners = mesh.vertices[mesh.faces].astype(np.float64)
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = ((corners[:, 0] - ray.origin) * normals).sum(1) / (normals @ ray.direction)
    points = ray.origin + distance[:, None] * ray.direction
    inside = np.isfinite(distance) & (distance >= 0.0)
    for k in range(3):
        edge = corners[:, (k + 1) % 3] - corners[:, k]
        inside &= (np.cross(edge, points - corners[:, k]) * normals).sum(1) >= 0.0
    distance = np.where(inside, distance, np.inf)
    best = int(distance.argmin())
    return (best, float(distance[best])) if np.isfinite(distance[best]) else None


def parts_in_box(
    scene: Scene,
    meshes: dict[str, Mesh],
    project: Callable[..., object],
    x0: float,
    y0: float,
    x1: float,
    y1: float,
) -> frozenset[PartRef]:
    return parts_within(scene, meshes, project, np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]]))


def test_points_in_an_outline_of_any_form() -> None:
    hollow = np.array([[0, 0], [4, 0], [4, 4], [2, 1], [0, 4]], float)
    points = np.array([[2, 0.5], [2, 2], [0.2, 3], [3.8, 3], [5, 1], [-1, 1]])
    assert in_polygon(points, hollow).tolist() == [True, False, True, True, False, False]


def test_rays_are_unit_and_checked() -> None:
    ray = Ray(np.array([1.0, 0.0, 0.0]), np.array([0.0, 0.0, -4.0]))
    np.testing.assert_array_equal(ray.direction, [0, 0, -1])
    np.testing.assert_array_equal(ray.at(2.0), [1, 0, -2])
    np.testing.assert_array_equal(ray.moved([0, 1, 0]).origin, [1, 1, 0])
    with pytest.raises(ValueError, match="ray needs"):
        Ray(np.zeros(3), np.zeros(3))
    with pytest.raises(ValueError, match="ray needs"):
        Ray(np.zeros(2), np.ones(3))
    with pytest.raises(ValueError, match="ray needs"):
        Ray(np.array([np.nan, 0, 0]), np.ones(3))


@given(generators)
def test_sphere_mesh_is_hit_where_the_sphere_is(rng: np.random.Generator) -> None:
    origin = rng.normal(size=3)
    origin *= 3.0 / np.linalg.norm(origin)
    hits = 0
    for _ in range(20):
        ray = Ray(origin, rng.uniform(-0.7, 0.7, 3) - origin)
        miss = np.linalg.norm(np.cross(ray.direction, origin))
        found = pick_mesh(BALL, ray)
        if miss < 0.49:
            hits += 1
            assert found is not None
            assert found[1] == pytest.approx(sphere_distance(ray, np.zeros(3), RADIUS), abs=0.02)
            centre = BALL.vertices[BALL.faces[found[0]]].mean(axis=0)
            assert np.linalg.norm(ray.at(found[1]) - centre) < 0.03
        elif miss > 0.501:
            assert found is None
    assert hits > 0


@given(generators)
def test_blocks_change_nothing(rng: np.random.Generator) -> None:
    """Any triangle soup: the same face as by trying every triangle."""
    count = 300
    vertices = (rng.uniform(-1, 1, (count, 1, 3)) + rng.normal(0, 0.1, (count, 3, 3))).reshape(-1, 3)
    faces = np.arange(3 * count).reshape(-1, 3)
    mesh = Mesh(vertices, np.zeros_like(vertices), faces, np.zeros(count))
    for _ in range(10):
        ray = Ray(rng.uniform(-2, 2, 3), rng.normal(size=3))
        found, wanted = pick_mesh(mesh, ray), all_hits(mesh, ray)
        assert (found is None) == (wanted is None)
        if found is not None and wanted is not None:
            assert found[0] == wanted[0]
            assert found[1] == pytest.approx(wanted[1], abs=1e-9)


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_axis_parallel_rays_and_rays_through_vertices_never_slip_through(axis: int) -> None:
    direction = np.zeros(3)
    direction[axis] = -1.0
    for vertex in BALL.vertices[:: len(BALL.vertices) // 40].astype(np.float64):
        if abs(vertex[axis]) < 0.05:
            continue
        found = pick_mesh(BALL, Ray(vertex - 2.0 * direction, direction))
        assert found is not None
        assert found[1] <= 2.0 + 1e-6
    for first, second, _ in BALL.vertices[BALL.faces[::97]].astype(np.float64):
        middle = (first + second) / 2
        found = pick_mesh(BALL, Ray(3.0 * middle, -middle))
        assert found is not None
        assert found[1] == pytest.approx(2.0 * np.linalg.norm(middle), abs=1e-6)


def test_only_a_few_triangles_of_a_large_mesh_are_looked_at() -> None:
    mesh = sphere_mesh(174, 174)
    assert len(mesh.faces) > 60_000
    rng = np.random.default_rng(0)
    counts = [
        len(prepared(mesh).candidates(Ray(np.array([0.0, 0.0, 3.0]), rng.uniform(-0.4, 0.4, 3) - [0, 0, 3])))
        for _ in range(50)
    ]
    assert max(counts) < 0.1 * len(mesh.faces)


def test_the_accelerator_is_made_once_and_dies_with_its_mesh() -> None:
    mesh = sphere_mesh(6, 6)
    accelerator = weakref.ref(prepared(mesh))
    assert prepared(mesh) is accelerator()
    del mesh
    gc.collect()
    assert accelerator() is None


def test_surfaces_are_hit_from_inside_and_behind_the_origin_is_nothing() -> None:
    found = pick_mesh(BALL, Ray(np.zeros(3), np.array([0.3, 0.2, 1.0])))
    assert found is not None
    assert found[1] == pytest.approx(RADIUS, abs=0.01)
    assert pick_mesh(BALL, Ray(np.array([0, 0, 3.0]), np.array([0, 0, 1.0]))) is None
    empty = Mesh(np.zeros((0, 3)), np.zeros((0, 3)), np.zeros((0, 3)), np.zeros(0))
    assert pick_mesh(empty, Ray(np.zeros(3), np.ones(3))) is None


@given(generators, st.floats(1.0, 3.0), st.floats(1.0, 1000.0))
def test_ellipsoids_are_hit_on_their_surface(rng: np.random.Generator, sigmas: float, far: float) -> None:
    """The reported point lies on the ellipsoid and none lies before it; thin parts and far cameras too."""
    shape = replace(make_shape(random_extrinsics(rng, 4), rng), position=(0.5, -0.25, 2.0))
    scene = Scene((shape,))
    target = shape.extrinsics[0, :3] + np.asarray(shape.position)
    outward = rng.normal(size=3)
    ray = Ray(target + far * outward, -outward + rng.normal(size=3) * 0.02 / far)
    found = pick_ellipsoid(scene, ray, sigmas)
    radii = sigmas * np.sqrt(shape.extrinsics[:, 13:].astype(np.float64))
    basis = shape.extrinsics[:, 3:12].reshape(-1, 3, 3).astype(np.float64)
    centres = shape.extrinsics[:, :3] + np.asarray(shape.position)

    def level(distance: float) -> np.ndarray:
        return (np.einsum("pki,pi->pk", basis, ray.at(distance) - centres) / radii) ** 2

    if found is not None:
        row = shape.row(found[0].part_id)
        assert level(found[1])[row].sum() == pytest.approx(1.0, rel=1e-5)
        if (level(0.0).sum(axis=1) > 1.0).all():
            for fraction in np.linspace(0.0, 0.999, 50):
                assert (level(fraction * found[1]).sum(axis=1) > 1.0 - 1e-6).all()
    else:
        for distance in np.linspace(0.0, 4.0 * far, 200):
            assert (level(distance).sum(axis=1) > 1.0 - 1e-6).all()


def test_from_inside_an_ellipsoid_its_far_wall_counts() -> None:
    found = pick_ellipsoid(Scene((two_balls(),)), Ray(np.array([0, 0.5, 0.0]), np.array([0, 0, 1.0])))
    assert found == (PartRef("s1", 5), pytest.approx(0.3, abs=1e-6))


def test_pick_takes_the_nearest_shape_and_respects_position() -> None:
    front = replace(two_balls(), id="front", position=(0.0, 0.0, 2.0))
    behind = replace(two_balls(), id="behind", position=(0.0, 0.0, -1.0))
    scene = Scene((behind, front))
    meshes = {"front": BALL, "behind": BALL}
    above, below = (Ray(np.array([0, y, 9.0]), np.array([0, 0, -1.0])) for y in (0.25, -0.25))
    assert pick(scene, meshes, above) == PartRef("front", 5)
    assert pick(scene, meshes, below) == PartRef("front", 9)
    assert pick(scene, meshes, below, "ellipsoids") == PartRef("front", 9)
    assert pick(scene, meshes, Ray(np.array([4, 0, 9.0]), np.array([0, 0, -1.0]))) is None
    hidden = scene.with_shape(replace(front, visible=False))
    assert pick(hidden, meshes, above) == PartRef("behind", 5)
    assert pick(hidden, meshes, above, "ellipsoids") == PartRef("behind", 5)


def test_hidden_parts_are_looked_through_and_locked_ones_are_hit() -> None:
    scene = Scene((two_balls().with_part(5, visible=False).with_part(9, locked=True),))
    ray = Ray(np.array([0.0, 3.0, 0.01]), np.array([0.0, -1.0, 0.0]))
    assert pick(Scene((two_balls(),)), {"s1": BALL}, ray) == PartRef("s1", 5)
    assert pick(scene, {"s1": BALL}, ray) == PartRef("s1", 9)
    assert pick(scene, {}, ray) == PartRef("s1", 9)
    nothing = Scene((scene.shapes[0].with_part(9, visible=False),))
    assert pick(nothing, {"s1": BALL}, ray) is None
    assert pick(nothing, {}, ray, "ellipsoids") is None


def test_shapes_without_a_mesh_are_picked_by_their_ellipsoids() -> None:
    scene = Scene((two_balls(),))
    ray = Ray(np.array([0.0, 0.7, 3.0]), np.array([0.0, 0.0, -1.0]))
    assert pick(scene, {"s1": BALL}, ray) is None
    assert pick(scene, {}, ray) == PartRef("s1", 5)
    with pytest.raises(ValueError, match="pick mode"):
        pick(scene, {}, ray, "points")  # type: ignore[arg-type]


def test_faces_of_parts_the_shape_no_longer_has_are_ignored() -> None:
    shape = two_balls().subset([5])
    ray = Ray(np.array([0.0, -0.25, 3.0]), np.array([0.0, 0.0, -1.0]))
    assert pick(Scene((shape,)), {"s1": BALL}, ray) is None


def screen(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Orthographic screen of 100 pixels a unit, seen from +z; what is behind z = 5 is behind the camera."""
    return points[:, :2] * (100.0, -100.0), points[:, 2] < 5.0


@pytest.mark.parametrize("meshes", [{}, {"s1": BALL}])
def test_a_box_takes_the_parts_that_mostly_lie_in_it(meshes: dict[str, Mesh]) -> None:
    scene = Scene((two_balls(),))
    upper, lower = PartRef("s1", 5), PartRef("s1", 9)
    assert parts_in_box(scene, meshes, screen, -90, -90, 90, 90) == {upper, lower}
    assert parts_in_box(scene, meshes, screen, 90, -5, -90, -90) == {upper}
    assert parts_in_box(scene, meshes, screen, -90, 5, 90, 90) == {lower}
    assert parts_in_box(scene, meshes, screen, 60, -90, 90, 90) == frozenset()
    assert parts_in_box(scene, meshes, screen, -90, -90, 90, -58) == frozenset()


def test_a_box_leaves_out_hidden_locked_and_what_is_behind_the_camera() -> None:
    box = (-200.0, -200.0, 200.0, 200.0)
    shape = two_balls().with_part(5, locked=True)
    assert parts_in_box(Scene((shape,)), {"s1": BALL}, screen, *box) == {PartRef("s1", 9)}
    shape = shape.with_part(9, visible=False)
    assert parts_in_box(Scene((shape,)), {"s1": BALL}, screen, *box) == frozenset()
    away = replace(two_balls(), position=(0.0, 0.0, 9.0))
    assert parts_in_box(Scene((away,)), {"s1": BALL}, screen, *box) == frozenset()
    aside = replace(two_balls(), position=(5.0, 0.0, 0.0))
    assert parts_in_box(Scene((aside,)), {"s1": BALL}, screen, *box) == frozenset()
    invisible = replace(two_balls(), visible=False)
    assert parts_in_box(Scene((invisible,)), {}, screen, *box) == frozenset()


def test_points_of_a_part_are_bounded_and_on_its_faces() -> None:
    accelerator = PickMesh(BALL)
    points = accelerator.points(0)
    assert 100 < len(points) <= 256
    assert (points[:, 1] >= 0.0).all()
    np.testing.assert_allclose(np.linalg.norm(points, axis=1), RADIUS, atol=0.01)
    assert accelerator.points(7).shape == (0, 3)
