"""Exact signed distance to batches of programs, in torch, on any device.

Every primitive's distance is exact inside and outside (negative inside); the union is their minimum, which is
exact outside and a lower bound of the depth inside. Formulas follow the well-known closed forms for rounded
boxes, round cones, capped tori and ring sectors; the ellipsoid solves its secular equation by Newton's
method.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from core.corpus.program import Kind, Program

FAR = 1e3
"""Distance of a padding primitive."""

Parameters = Sequence[Tensor]

_TINY = 1e-20  # keeps square roots differentiable at zero, far below float32 resolution of the result


def _length(x: Tensor, y: Tensor) -> Tensor:
    return (x * x + y * y + _TINY).sqrt()


def _corner(x: Tensor, y: Tensor) -> Tensor:
    """Distance to the quadrant {x <= 0, y <= 0}: exact intersection of two orthogonal half spaces."""
    return torch.maximum(x, y).clamp(max=0) + _length(x.clamp(min=0), y.clamp(min=0))


def plate_distance(x: Tensor, y: Tensor, z: Tensor, p: Parameters) -> Tensor:
    """Extruded rounded rectangle with different corner radii at +y and -y, and rounded edges."""
    edge = p[5]
    radius = torch.where(y > 0, (p[2] - edge).clamp(min=0), (p[3] - edge).clamp(min=0))
    outline = _corner(x.abs() - (p[0] - edge) + radius, y.abs() - (p[1] - edge) + radius) - radius
    return _corner(outline, z.abs() - (p[4] - edge)) - edge


def cone_distance(x: Tensor, y: Tensor, z: Tensor, p: Parameters) -> Tensor:
    """Round cone: convex hull of two spheres on the y axis (neither sphere may contain the other)."""
    low, high, half = p[0], p[1], p[2]
    across = _length(x, z)
    along = y + half
    sine = (low - high) / (2 * half).clamp(min=1e-6)
    cosine = (1 - sine * sine).clamp(min=1e-6).sqrt()
    side = cosine * along - sine * across
    mantle = cosine * across + sine * along - low
    distance = torch.where(side < 0, _length(across, along) - low, mantle)
    return torch.where(side > 2 * half * cosine, _length(across, y - half) - high, distance)


def arc_distance(x: Tensor, y: Tensor, z: Tensor, p: Parameters) -> Tensor:
    """Capped torus: tube of constant radius along a circular arc, with hemispherical ends."""
    ring, tube = p[0], p[1]
    # at a rounded pi the sine turns negative and the whole plane x = 0 would count as beyond the end
    angle = p[2].clamp(max=3.1415)
    sine, cosine = torch.sin(angle), torch.cos(angle)
    x = x.abs()
    beyond = cosine * x > sine * y
    gap_ring = _length(_length(x, y) - ring, z)
    gap_end = ((x - ring * sine) ** 2 + (y - ring * cosine) ** 2 + z * z + _TINY).sqrt()
    return torch.where(beyond, gap_end, gap_ring) - tube


def bend_distance(x: Tensor, y: Tensor, z: Tensor, p: Parameters) -> Tensor:
    """Extruded ring sector (a slab bent along a circular arc) with rounded edges; half angle <= pi/2."""
    ring, edge = p[0], p[4]
    thick = p[1] - edge
    sine, cosine = torch.sin(p[2]), torch.cos(p[2])
    x = x.abs()
    past_end = cosine * x - sine * y
    along_end = sine * x + cosine * y
    to_end = _length(past_end, ((along_end - ring).abs() - thick).clamp(min=0))
    outline = torch.maximum((_length(x, y) - ring).abs() - thick, torch.where(past_end < 0, -to_end, to_end))
    return _corner(outline, z.abs() - (p[3] - edge)) - edge


def ellipsoid_distance(x: Tensor, y: Tensor, z: Tensor, p: Parameters) -> Tensor:
    """Ellipsoid: nearest point q_i = a_i^2 p_i / (a_i^2 + t), t the largest root of |a p / (a^2 + t)| = 1."""
    axes = torch.stack(torch.broadcast_tensors(p[0], p[1], p[2]))
    points = torch.stack((x, y, z)).abs().clamp(min=1e-6)
    squares = axes * axes
    smallest = squares.amin(0)
    excess = squares - smallest  # u = t + smallest, so that nothing cancels near the pole t = -smallest
    scaled = axes * points
    root = (scaled - excess).amax(0).clamp(min=1e-12)
    # Newton on 1/|.| - 1 (nearly linear, concave): monotone from the left, quadratic
    for _ in range(7):
        term = scaled / (root + excess)
        norm2 = (term * term).sum(0)
        slope = (term * term / (root + excess)).sum(0)
        root = root + (norm2.sqrt() - 1) * norm2 / slope
    nearest = squares * points / (root + excess)
    gap = points - nearest
    distance = ((gap * gap).sum(0) + _TINY).sqrt()
    return torch.where(((points / axes) ** 2).sum(0) < 1, -distance, distance)


DISTANCE: dict[Kind, Callable[[Tensor, Tensor, Tensor, Parameters], Tensor]] = {
    Kind.PLATE: plate_distance,
    Kind.CONE: cone_distance,
    Kind.ARC: arc_distance,
    Kind.BEND: bend_distance,
    Kind.ELLIPSOID: ellipsoid_distance,
}


@dataclass(frozen=True)
class Group:
    """All primitives of one kind in a batch, padded to the largest count M of any shape.

    params [S, M, 8], rotations [S, M, 3, 3] (world -> local), centers [S, M, 3], offsets [S, M, 3] (= -R c),
    names int64 [S, M], valid bool [S, M]; `counts` holds the real number per shape (on the host).
    """

    kind: Kind
    params: Tensor
    rotations: Tensor
    centers: Tensor
    offsets: Tensor
    names: Tensor
    valid: Tensor
    counts: tuple[int, ...]


@dataclass(frozen=True)
class ProgramBatch:
    """S programs, grouped by primitive kind, on one device."""

    groups: tuple[Group, ...]
    size: int
    device: torch.device


def pack(programs: Sequence[Program], device: torch.device | str = "cpu") -> ProgramBatch:
    """Group the primitives of S programs by kind into padded tensors on `device`."""
    if not programs:
        raise ValueError("pack needs at least one program")
    size, place = len(programs), torch.device(device)
    groups = []
    for kind in Kind:
        rows = [np.flatnonzero(program.kinds == kind) for program in programs]
        counts = tuple(len(row) for row in rows)
        most = max(counts)
        if most == 0:
            continue
        params = np.ones((size, most, programs[0].params.shape[1]), np.float32)
        rotations = np.tile(np.eye(3, dtype=np.float32), (size, most, 1, 1))
        centers = np.zeros((size, most, 3), np.float32)
        names = np.zeros((size, most), np.int64)
        for index, (program, row) in enumerate(zip(programs, rows, strict=True)):
            params[index, : len(row)] = program.params[row]
            rotations[index, : len(row)] = program.rotations[row]
            centers[index, : len(row)] = program.centers[row]
            names[index, : len(row)] = program.name_ids[row]
        offsets = -np.einsum("smij,smj->smi", rotations, centers)
        valid = np.arange(most)[None, :] < np.array(counts)[:, None]
        groups.append(
            Group(
                kind=kind,
                params=torch.from_numpy(params).to(place),
                rotations=torch.from_numpy(rotations).to(place),
                centers=torch.from_numpy(centers).to(place),
                offsets=torch.from_numpy(offsets).to(place),
                names=torch.from_numpy(names).to(place),
                valid=torch.from_numpy(valid).to(place),
                counts=counts,
            )
        )
    return ProgramBatch(tuple(groups), size, place)


def _block_size(device: torch.device) -> int:
    """Elements per temporary: what fits a core's cache, or enough to fill a GPU."""
    return 1 << 16 if device.type == "cpu" else 1 << 25


def _blocks(batch: ProgramBatch, points: int) -> Iterator[tuple[slice, slice]]:
    """Cut shapes x points into blocks; on the CPU one shape at a time, so that nothing is spent on
    padding.
    """
    widest = max(max(group.counts) for group in batch.groups)
    limit = _block_size(batch.device)
    shapes = 1 if batch.device.type == "cpu" else max(1, limit // max(1, widest * points))
    step = max(256, limit // max(1, widest * min(shapes, batch.size)))
    for first in range(0, batch.size, shapes):
        for start in range(0, points, step):
            yield slice(first, min(first + shapes, batch.size)), slice(start, min(start + step, points))


def _group_distance(group: Group, shapes: slice, points: Tensor) -> tuple[Tensor, Tensor] | None:
    """Smallest distance [s, n] to the group's primitives of some shapes, and its index [s, n]."""
    most = max(group.counts[shapes])
    if most == 0:
        return None
    rotations, offsets = group.rotations[shapes, :most], group.offsets[shapes, :most]
    count = rotations.shape[0]
    local = torch.baddbmm(
        offsets.reshape(count, most * 3, 1), rotations.reshape(count, most * 3, 3), points.transpose(1, 2)
    ).view(count, most, 3, -1)
    params = [group.params[shapes, :most, i, None] for i in range(group.params.shape[-1])]
    distance = DISTANCE[group.kind](local[:, :, 0], local[:, :, 1], local[:, :, 2], params)
    if min(group.counts[shapes]) < most:
        distance = distance.masked_fill(~group.valid[shapes, :most, None], FAR)
    return distance.min(1)


def signed_distance(batch: ProgramBatch, points: Tensor) -> tuple[Tensor, Tensor]:
    """Signed distance to the union of each program's primitives.

    Parameters
    ----------
    batch : S programs.
    points : float32 [S, N, 3], world frame, on the batch's device.

    Returns
    -------
    distance : float32 [S, N], negative inside.
    part_name_id : uint8 [S, N], id of the nearest primitive's part name.
    """
    if points.ndim != 3 or points.shape[0] != batch.size or points.shape[2] != 3:
        raise ValueError(f"points must be [{batch.size}, N, 3], not {tuple(points.shape)}")
    distance = torch.full(points.shape[:2], FAR, dtype=torch.float32, device=batch.device)
    names = torch.zeros(points.shape[:2], dtype=torch.uint8, device=batch.device)
    for shapes, columns in _blocks(batch, points.shape[1]):
        here = points[shapes, columns]
        best, best_names = distance[shapes, columns], names[shapes, columns]
        for group in batch.groups:
            found = _group_distance(group, shapes, here)
            if found is None:
                continue
            value, index = found
            group_names = group.names[shapes].gather(1, index).to(torch.uint8)
            closer = value < best
            best = torch.where(closer, value, best)
            best_names = torch.where(closer, group_names, best_names)
        distance[shapes, columns], names[shapes, columns] = best, best_names
    return distance, names
