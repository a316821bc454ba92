"""Blends: ends are exact, the way between them is what it promises, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from core.edits.blending import blend_parts, candidate_state, counterparts, turned
from core.edits.job import EditError
from core.edits.requests import Generate, Vary
from core.edits.results import Candidate
from core.scene.gaussians import axes, covariances, mirrored
from core.scene.shape import EIGENVALUES, MIN_EIGENVALUE, Mesh, Part, Shape

EMPTY = Mesh(np.zeros((0, 3)), np.zeros((0, 3)), np.zeros((0, 3)), np.zeros(0))


def rotation(rng: np.random.Generator) -> np.ndarray:
    matrix = np.linalg.qr(rng.standard_normal((3, 3)))[0]
    return matrix * np.sign(np.linalg.det(matrix))


def symmetric(seed: int, shape_id: str = "a", halves: int = 4) -> Shape:
    """Parts and their exact mirror images, as a model makes them."""
    rng = np.random.default_rng(seed)
    half = np.zeros((halves, 16), np.float32)
    half[:, :3] = rng.uniform(0.1, 0.8, (halves, 3))
    half[:, 3:12] = [rotation(rng).ravel() for _ in range(halves)]
    half[:, 12] = rng.normal(size=halves)
    half[:, 13:] = rng.uniform(MIN_EIGENVALUE, 0.1, (halves, 3))
    latents = rng.standard_normal((halves, 8)).astype(np.float32)
    parts = tuple(
        Part(10 + row, "leg" if row % 2 else "seat", f"part {row}", row) for row in range(2 * halves)
    )
    return Shape(
        shape_id,
        np.concatenate([half, mirrored(half)]),
        np.concatenate([latents, latents]),
        parts,
        shape_id,
        "m",
    )


def test_the_ends_are_exact() -> None:
    first, second = symmetric(1), symmetric(2, "b")
    assert blend_parts(first, second, 0.0) is first
    end = blend_parts(first, second, 1.0)
    assert end.extrinsics.tobytes() == second.extrinsics.tobytes()
    assert end.intrinsics.tobytes() == second.intrinsics.tobytes()
    assert end.part_ids == first.part_ids
    assert (end.id, end.name) == ("a", "a")


@pytest.mark.parametrize("amount", [1e-6, 0.25, 0.5, 0.999999])
def test_the_way_between(amount: float) -> None:
    first, second = symmetric(1), symmetric(2, "b")
    got = blend_parts(first, second, amount)
    one, two = first.extrinsics.astype(float), second.extrinsics.astype(float)
    straight = (1 - amount) * one + amount * two
    assert got.extrinsics[:, :3] == pytest.approx(straight[:, :3], abs=1e-6)
    assert got.extrinsics[:, 12] == pytest.approx(straight[:, 12], abs=1e-6)
    geometric = one[:, EIGENVALUES] ** (1 - amount) * two[:, EIGENVALUES] ** amount
    assert got.extrinsics[:, EIGENVALUES] == pytest.approx(geometric, rel=1e-5)
    basis = axes(got.extrinsics).astype(float)
    assert basis @ basis.transpose(0, 2, 1) == pytest.approx(np.tile(np.eye(3), (8, 1, 1)), abs=1e-5)
    assert np.sign(np.linalg.det(basis)).tolist() == [1] * 4 + [-1] * 4
    # It has turned that share of the whole angle, from either end.
    whole, done = angles(first, second), angles(first, got)
    assert done == pytest.approx(amount * whole, abs=2e-3)
    assert angles(got, second) == pytest.approx((1 - amount) * whole, abs=2e-3)
    lengths = [np.linalg.norm(shape.intrinsics, axis=1) for shape in (first, second, got)]
    assert lengths[2] == pytest.approx((1 - amount) * lengths[0] + amount * lengths[1], rel=1e-5)


def angles(first: Shape, second: Shape) -> np.ndarray:
    """Angle between the axes of each part, radians."""
    between = np.einsum(
        "pki,pkj->pij", axes(first.extrinsics).astype(float), axes(second.extrinsics).astype(float)
    )
    return np.arccos(np.clip((np.trace(between, axis1=1, axis2=2) - 1) / 2, -1, 1))


def test_a_symmetric_shape_stays_symmetric() -> None:
    got = blend_parts(symmetric(1), symmetric(2, "b"), 0.3)
    assert mirrored(got.extrinsics[:4]) == pytest.approx(got.extrinsics[4:], abs=1e-6)
    assert got.intrinsics[:4].tobytes() == got.intrinsics[4:].tobytes()


def test_a_half_turn_has_no_gap() -> None:
    """The worst case of slerp: the way is one of two, but it is one, at even speed."""
    start = np.eye(3)[None]
    end = np.diag([-1.0, -1.0, 1.0])[None]
    way = [turned(start, end, amount)[0] for amount in np.linspace(0, 1, 9)]
    steps = [np.degrees(np.arccos((np.trace(a.T @ b) - 1) / 2)) for a, b in pairwise(way)]
    assert steps == pytest.approx([22.5] * 8, abs=1e-6)
    assert way[-1] == pytest.approx(end[0], abs=1e-12)


@pytest.mark.parametrize("reflect_first", [True, False])
def test_a_reflection_reaches_the_same_gaussian(reflect_first: bool) -> None:
    """Axes of the other hand: one axis is turned round, so the Gaussian at the end is that of the end."""
    first, second = symmetric(1), symmetric(2, "b")
    axis = np.array([1, 1, 1, -1, -1, -1, 1, 1, 1], np.float32)
    changed = first if reflect_first else second
    extrinsics = np.array(changed.extrinsics)
    extrinsics[:, 3:12] *= axis
    changed = replace(changed, extrinsics=extrinsics)
    first, second = (changed, second) if reflect_first else (first, changed)
    got = blend_parts(first, second, 1 - 1e-7)
    assert covariances(got.extrinsics) == pytest.approx(covariances(second.extrinsics), abs=1e-5)
    half = blend_parts(first, second, 0.5)
    assert np.sign(np.linalg.det(axes(half.extrinsics))).tolist() == (
        np.sign(np.linalg.det(axes(first.extrinsics))).tolist()
    )


def test_parallel_opposite_and_zero_latents_are_mixed_in_a_straight_line() -> None:
    first = symmetric(1)
    for factor in (2.0, -1.0, 0.0):
        second = replace(first, id="b", intrinsics=first.intrinsics * np.float32(factor))
        got = blend_parts(first, second, 0.25)
        assert got.intrinsics == pytest.approx(first.intrinsics * (0.75 + 0.25 * factor), abs=1e-5)


def test_only_named_parts_move_and_the_rest_stays_bit_for_bit() -> None:
    first, second = symmetric(1), symmetric(2, "b")
    got = blend_parts(first, second, 0.5, [11], twins=True)
    moved = (got.extrinsics != first.extrinsics).any(axis=1)
    assert [part.id for part, so in zip(got.parts, moved, strict=True) if so] == [11, 15]
    rest = np.flatnonzero(~moved)
    assert got.intrinsics[rest].tobytes() == first.intrinsics[rest].tobytes()
    assert got.part(11).origin == "part 1 blended with b"
    assert got.part(10) is first.part(10)


def test_locked_parts_are_refused_by_name_and_left_alone_otherwise() -> None:
    first, second = symmetric(1).with_part(12, locked=True), symmetric(2, "b")
    got = blend_parts(first, second, 0.5)
    assert got.extrinsics[2].tobytes() == first.extrinsics[2].tobytes()
    with pytest.raises(EditError, match="part 2 is locked"):
        blend_parts(first, second, 0.5, [12])
    twin = blend_parts(first, second, 0.5, [16], twins=True)
    assert twin.extrinsics[2].tobytes() == first.extrinsics[2].tobytes()


def test_counterparts_are_those_of_the_slot_in_any_order() -> None:
    first, second = symmetric(1), symmetric(2, "b")
    order = [3, 1, 0, 2, 7, 6, 5, 4]
    shuffled = second.with_latents(
        second.extrinsics[order],
        second.intrinsics[order],
        [replace(second.parts[row], id=100 + place) for place, row in enumerate(order)],
    )
    found = counterparts(first, shuffled, first.part_ids)
    assert {first.part(a).slot: shuffled.part(b).slot for a, b in found.items()} == {n: n for n in range(8)}


def test_without_slots_the_nearest_of_the_same_label_is_the_counterpart() -> None:
    first = symmetric(1)
    parts = [replace(part, slot=-1) for part in first.parts]
    first = first.with_latents(first.extrinsics, first.intrinsics, parts)
    shift = np.zeros((8, 16), np.float32)
    shift[:, 1] = 0.01
    second = replace(first, id="b", extrinsics=first.extrinsics + shift)
    second = second.subset(first.part_ids[:7]).with_part(13, label="wheel")
    found = counterparts(first, second, first.part_ids)
    assert found == {part_id: part_id for part_id in first.part_ids if part_id not in (13, 17)}


def test_another_state_of_the_shape_is_matched_by_id() -> None:
    first = symmetric(1)
    candidate = Candidate(replace(symmetric(2, "a"), name="x"), EMPTY, np.zeros((1, 1, 3), np.uint8), 7)
    state = candidate_state(candidate, Vary(base=first, parts=(10,)), first)
    assert counterparts(first, state, first.part_ids) == {part_id: part_id for part_id in first.part_ids}
    assert state.name == "candidate 7"
    other = candidate_state(candidate, Generate(), replace(first, id="s9"))
    assert other.id == "a"


def test_refusals() -> None:
    first, second = symmetric(1), symmetric(2, "b")
    with pytest.raises(EditError, match="0 to 1"):
        blend_parts(first, second, 1.5)
    with pytest.raises(EditError, match="different models"):
        blend_parts(first, replace(second, checkpoint="other"), 0.5)
    with pytest.raises(EditError, match="has no part 99"):
        blend_parts(first, second, 0.5, [99])
    lonely = second.subset([10]).with_part(10, slot=-1, label="wheel")
    with pytest.raises(EditError, match="has no parts like these"):
        blend_parts(first, lonely, 0.5, [11])
