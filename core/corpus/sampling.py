"""Training samples of a batch of programs: surface points with normals, and labelled points of the domain.

Surface points are uniform in area over the union. Candidates are drawn uniformly in each primitive's local
box; those within a thin symmetric shell of the primitive are projected onto it (the distance is exact, so
one step lands on it); a shell of constant thickness has constant volume per area, hence the uniformity.
What lies inside another primitive is dropped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from core.corpus.distance import DISTANCE, Group, ProgramBatch, signed_distance
from core.corpus.program import Kind

SHELL = 0.008
"""Half thickness of the candidate shell around each primitive."""

BURIED = -1e-3
"""Union distance below which a surface candidate lies inside another primitive."""

NEAR_SIGMAS = (0.02, 0.06)
"""Standard deviations of the near-surface noise; even points use the first, odd points the second."""

_OVERSAMPLING = 2.2
_MOST_CANDIDATES = 120_000
_ROUNDS = 6
_MOST_PRIMITIVES = 4096
"""More than any group has; keeps the primitives of two groups apart."""


@dataclass(frozen=True)
class Samples:
    """Samples of S shapes, world frame, on the batch's device.

    Attributes
    ----------
    surface : float32 [S, n, 3], on the surface of the union.
    normals : float32 [S, n, 3], outward unit normals.
    surface_names : uint8 [S, n], part name ids.
    points : float32 [S, m, 3], near-surface points first, then points uniform in [-1, 1]^3.
    inside : bool [S, m].
    distance : float16 [S, m], signed distance, negative inside.
    point_names : uint8 [S, m], name id of the nearest primitive.
    """

    surface: Tensor
    normals: Tensor
    surface_names: Tensor
    points: Tensor
    inside: Tensor
    distance: Tensor
    point_names: Tensor


def _random(generator: torch.Generator, device: torch.device, *shape: int) -> Tensor:
    """Uniform numbers in [0, 1), drawn on the generator's own device."""
    return torch.rand(*shape, generator=generator, device=generator.device).to(device)


def local_boxes(kind: Kind, params: Tensor) -> tuple[Tensor, Tensor]:
    """Local bounding boxes of primitives of one kind: low and high corner, each [..., 3]."""
    p = params.unbind(-1)
    if kind == Kind.PLATE:
        high = torch.stack((p[0], p[1], p[4]), -1)
        return -high, high
    if kind == Kind.ELLIPSOID:
        high = params[..., :3]
        return -high, high
    if kind == Kind.CONE:
        wide = torch.maximum(p[0], p[1])
        return torch.stack((-wide, -p[2] - p[0], -wide), -1), torch.stack((wide, p[2] + p[1], wide), -1)
    tube, half_z = (p[1], p[1]) if kind == Kind.ARC else (p[1], p[3])
    cosine = torch.cos(p[2])
    wide = p[0] * torch.sin(p[2].clamp(max=0.5 * torch.pi)) + tube
    low_y = torch.minimum(cosine * (p[0] - tube), cosine * (p[0] + tube)) - tube
    return torch.stack((-wide, low_y, -half_z), -1), torch.stack((wide, p[0] + tube, half_z), -1)


def approximate_area(kind: Kind, params: Tensor) -> Tensor:
    """Surface area of primitives of one kind, good to some ten percent; [...]."""
    p = params.unbind(-1)
    if kind == Kind.PLATE:
        corners = 0.43 * (p[2] ** 2 + p[3] ** 2)
        return 8 * (p[0] * p[1] - 0.5 * corners) + 8 * p[4] * (p[0] + p[1] - 0.43 * (p[2] + p[3]))
    if kind == Kind.CONE:
        return 2 * torch.pi * (p[0] + p[1]) * p[2] + 2 * torch.pi * (p[0] ** 2 + p[1] ** 2)
    if kind == Kind.ARC:
        return 4 * torch.pi * p[1] * p[0] * p[2] + 4 * torch.pi * p[1] ** 2
    if kind == Kind.BEND:
        length = 2 * p[0] * p[2]
        return 4 * length * (p[1] + p[3]) + 8 * p[1] * p[3]
    a, b, c = ((p[0] * p[1]) ** 1.6, (p[0] * p[2]) ** 1.6, (p[1] * p[2]) ** 1.6)
    return 4 * torch.pi * ((a + b + c) / 3) ** (1 / 1.6)


def _candidate_density(batch: ProgramBatch, wanted: int) -> tuple[Tensor, list[tuple[Tensor, Tensor]]]:
    """Candidates per volume [S] that give about `wanted` shell points per shape, and every group's boxes."""
    area = torch.zeros(batch.size, device=batch.device)
    volume = torch.zeros_like(area)
    boxes = []
    for group in batch.groups:
        low, high = local_boxes(group.kind, group.params)
        low, high = low - SHELL, high + SHELL
        boxes.append((low, high))
        area += (approximate_area(group.kind, group.params) * group.valid).sum(1)
        volume += ((high - low).prod(-1) * group.valid).sum(1)
    density = wanted / (2 * SHELL * area)
    return torch.minimum(density, _MOST_CANDIDATES / volume), boxes


def _shell_points(
    group: Group, box: tuple[Tensor, Tensor], density: Tensor, shapes: slice, generator: torch.Generator
) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor] | None:
    """Candidates of one group on the surfaces of their own primitives.

    Returns shape index [c] (within the block), world points [c, 3], world normals [c, 3], name ids [c] and
    the number of the primitive within its group [c].
    """
    most = max(group.counts[shapes])
    if most == 0:
        return None
    low, high = (corner[shapes, :most].reshape(-1, 3) for corner in box)
    expected = (high - low).prod(-1) * density[shapes].repeat_interleave(most)
    counts = (expected * group.valid[shapes, :most].reshape(-1)).round().long()
    owner = torch.repeat_interleave(counts)
    params = group.params[shapes, :most].reshape(counts.shape[0], -1)
    local = low[owner] + (high - low)[owner] * _random(generator, low.device, len(owner), 3)
    columns = params[owner].unbind(-1)
    evaluate = DISTANCE[group.kind]
    keep = evaluate(local[:, 0], local[:, 1], local[:, 2], columns).abs() < SHELL
    owner, local = owner[keep], local[keep]
    with torch.inference_mode(False), torch.enable_grad():
        local = local.clone().requires_grad_()
        distance = evaluate(local[:, 0], local[:, 1], local[:, 2], params.clone()[owner].unbind(-1))
        (normal,) = torch.autograd.grad(distance.sum(), local)
    normal = torch.nn.functional.normalize(normal, dim=-1)
    local = local.detach() - distance.detach()[:, None] * normal
    rotation = group.rotations[shapes, :most].reshape(-1, 3, 3)[owner]
    center = group.centers[shapes, :most].reshape(-1, 3)[owner]
    points = (local[:, None, :] @ rotation)[:, 0] + center
    normals = (normal[:, None, :] @ rotation)[:, 0]
    names = group.names[shapes, :most].reshape(-1)[owner]
    return torch.div(owner, most, rounding_mode="floor"), points, normals, names, owner % most


def _first_per_shape(owner: Tensor, keys: Tensor, shapes: int, count: int) -> tuple[Tensor, Tensor]:
    """Pick up to `count` random rows per shape: padded row numbers [shapes, count] and rows found [shapes].

    Rows are ordered by their random keys; a shape with too few rows repeats them.
    """
    order = torch.argsort(owner.double() + keys.double())
    found = torch.bincount(owner, minlength=shapes)
    first = torch.cumsum(found, 0) - found
    column = torch.arange(count, device=owner.device)
    within = column[None, :] % found.clamp(min=1)[:, None]
    return order[(first[:, None] + within).clamp(max=len(order) - 1)], found


def _narrow(batch: ProgramBatch, shapes: slice) -> ProgramBatch:
    """Return the batch of some of its shapes."""
    groups = tuple(
        Group(
            group.kind,
            group.params[shapes],
            group.rotations[shapes],
            group.centers[shapes],
            group.offsets[shapes],
            group.names[shapes],
            group.valid[shapes],
            group.counts[shapes],
        )
        for group in batch.groups
        if max(group.counts[shapes]) > 0
    )
    return ProgramBatch(groups, len(range(batch.size)[shapes]), batch.device)


def _surface(
    batch: ProgramBatch, count: int, generator: torch.Generator
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Surface points [S, count, 3], normals, name ids and primitives of a batch that is one block."""
    wanted = int(_OVERSAMPLING * count)
    density, boxes = _candidate_density(batch, wanted)
    whole = slice(0, batch.size)
    kept: list[tuple[Tensor, Tensor, Tensor, Tensor, Tensor]] = []
    for attempt in range(_ROUNDS):
        parts = []
        for index, (group, box) in enumerate(zip(batch.groups, boxes, strict=True)):
            part = _shell_points(group, box, density, whole, generator)
            if part is not None:
                parts.append((*part[:4], part[4] + index * _MOST_PRIMITIVES))
        owner, points, normals, names, primitives = (torch.cat(c) for c in zip(*parts, strict=True))
        # look up the union's distance of an equal, random share per shape
        share = max(1, int(torch.bincount(owner, minlength=batch.size).max()))
        share = min(share, int(1.35 * wanted))
        rows, found = _first_per_shape(owner, _random(generator, batch.device, len(owner)), batch.size, share)
        distance, _ = signed_distance(batch, points[rows])
        real = torch.arange(share, device=batch.device)[None, :] < found[:, None]
        visible = rows[real & (distance > BURIED)]
        kept.append((owner[visible], points[visible], normals[visible], names[visible], primitives[visible]))
        owner, points, normals, names, primitives = (torch.cat(c) for c in zip(*kept, strict=True))
        rows, found = _first_per_shape(owner, _random(generator, batch.device, len(owner)), batch.size, count)
        if int(found.min()) >= count or attempt == _ROUNDS - 1:
            break
    if int(found.min()) == 0:
        raise RuntimeError("a program has no surface to sample")
    return points[rows], normals[rows], names[rows].to(torch.uint8), primitives[rows]


def _evenly_over_primitives(primitives: Tensor, count: int, generator: torch.Generator) -> Tensor:
    """Rows [S, count] of surface points; every primitive of a shape is as likely as any other."""
    weights = torch.empty(primitives.shape)
    for row, members in enumerate(primitives.cpu()):
        _, which, sizes = members.unique(return_inverse=True, return_counts=True)
        weights[row] = 1.0 / sizes[which]
    return torch.multinomial(weights.to(generator.device), count, True, generator=generator).to(
        primitives.device
    )


def _sample_blocks(batch: ProgramBatch) -> Iterator[ProgramBatch]:
    """Cut a batch so that one block fits the cache (CPU) or fills the device."""
    step = 1 if batch.device.type == "cpu" else 64
    for first in range(0, batch.size, step):
        yield _narrow(batch, slice(first, min(first + step, batch.size)))


def sample(
    batch: ProgramBatch,
    generator: torch.Generator,
    surface: int = 2048,
    near: int = 4096,
    uniform: int = 4096,
    balanced: bool = False,
) -> Samples:
    """Draw samples of every shape of a batch.

    Parameters
    ----------
    batch : S programs.
    generator : the only source of randomness; it may live on another device than the batch.
    surface, near, uniform : points per shape on the surface, near it (surface points plus Gaussian noise,
        even ones with sigma 0.02 and odd ones with 0.06, clipped to the domain) and uniform in [-1, 1]^3.
    balanced : the second half of the near points is drawn evenly over the primitives instead of over the
        area, so that slats and posts, which have little area, are learned as well as seats.
    """
    columns = []
    for block in _sample_blocks(batch):
        points, normals, names, primitives = _surface(block, surface, generator)
        place = block.device
        noise = torch.randn(block.size, near, 3, generator=generator, device=generator.device).to(place)
        index = torch.arange(near, device=place)
        sigma = torch.where(index % 2 == 0, NEAR_SIGMAS[0], NEAR_SIGMAS[1])
        around = (torch.div(index, 2, rounding_mode="floor") % surface).expand(block.size, -1)
        if balanced:
            even = _evenly_over_primitives(primitives, near - near // 2, generator)
            around = torch.cat((around[:, : near // 2], even), 1)
        rows = torch.arange(block.size, device=place)[:, None]
        close = points[rows, around] + noise * sigma[:, None]
        spread = 2 * _random(generator, place, block.size, uniform, 3) - 1
        labelled = torch.cat((close.clamp(-1, 1), spread), 1)
        distance, point_names = signed_distance(block, labelled)
        columns.append((points, normals, names, labelled, distance < 0, distance.half(), point_names))
    return Samples(*(torch.cat(column) for column in zip(*columns, strict=True)))
