"""Pictures of programs straight from their signed distance: sphere tracing, no mesh."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from core.corpus.distance import ProgramBatch, pack, signed_distance
from core.corpus.program import Program

PART_COLORS = torch.tensor(
    [
        [0.36, 0.55, 0.80],  # seat
        [0.93, 0.60, 0.36],  # back
        [0.45, 0.68, 0.44],  # leg
        [0.80, 0.44, 0.55],  # arm
        [0.56, 0.50, 0.72],  # base
        [0.35, 0.36, 0.40],  # wheel
        [0.80, 0.72, 0.38],  # stretcher
        [0.36, 0.56, 0.75],  # top
        [0.93, 0.60, 0.36],  # shelf
        [0.80, 0.44, 0.55],  # drawer
        [0.66, 0.62, 0.57],  # panel
        [0.36, 0.56, 0.75],  # fuselage
        [0.93, 0.60, 0.36],  # wing
        [0.45, 0.68, 0.44],  # tail
        [0.80, 0.44, 0.55],  # engine
        [0.80, 0.72, 0.38],  # propeller
        [0.35, 0.36, 0.40],  # gear
        [0.56, 0.50, 0.72],  # float
    ]
)
"""Colour of every part name (rows in the order of `PART_NAMES`), linear RGB in [0, 1]."""

BACKGROUND = 0.965
_EYE_DISTANCE = 4.2
_VIEW_HALF = 0.335  # half width of the image plane at distance 1
_STEPS = 72
_HIT = 1.5e-3


def _rays(size: int, azimuth: float, elevation: float) -> tuple[Tensor, Tensor]:
    """Eye [3] and unit directions [size * size, 3] of a perspective view of the origin; angles in degrees."""
    turn, lift = np.deg2rad(azimuth), np.deg2rad(elevation)
    back = np.array([np.sin(turn) * np.cos(lift), np.sin(lift), np.cos(turn) * np.cos(lift)])
    right = np.array([np.cos(turn), 0.0, -np.sin(turn)])
    up = np.cross(back, right)
    ticks = ((np.arange(size) + 0.5) / size * 2 - 1) * _VIEW_HALF
    plane = ticks[None, :, None] * right - ticks[:, None, None] * up - back
    plane /= np.linalg.norm(plane, axis=-1, keepdims=True)
    eye = torch.from_numpy(back * _EYE_DISTANCE).float()
    return eye, torch.from_numpy(plane.reshape(-1, 3)).float()


def _distance(batch: ProgramBatch, points: Tensor) -> tuple[Tensor, Tensor]:
    distance, names = signed_distance(batch, points[None])
    return distance[0], names[0]


def _trace(batch: ProgramBatch, eye: Tensor, directions: Tensor) -> Tensor:
    """Ray lengths [R] to the surface of the one shape of a batch; infinite where a ray misses the domain."""
    first = (-1 - eye) / directions
    second = (1 - eye) / directions
    enter = torch.minimum(first, second).amax(1)
    leave = torch.maximum(first, second).amin(1)
    length = torch.full_like(enter, torch.inf)
    active = torch.nonzero(enter < leave)[:, 0]
    here = enter[active]
    for _ in range(_STEPS):
        if len(active) == 0:
            break
        distance, _ = _distance(batch, eye + here[:, None] * directions[active])
        hit = distance < _HIT
        length[active[hit]] = here[hit]
        here = here + distance
        going = ~hit & (here < leave[active])
        active, here = active[going], here[going]
    return length


def _shade(batch: ProgramBatch, points: Tensor, toward_eye: Tensor) -> Tensor:
    """Colour [R, 3] of surface points: two lights, ambient occlusion, part colour."""
    step = 1e-3
    _, names = _distance(batch, points)
    offsets = torch.cat((torch.eye(3), -torch.eye(3))) * step
    around = torch.stack([_distance(batch, points + offset)[0] for offset in offsets])
    normal = torch.nn.functional.normalize((around[:3] - around[3:]).T, dim=-1)
    open_sky = torch.zeros(len(points))
    for reach, weight in ((0.05, 0.5), (0.14, 0.5)):
        free, _ = _distance(batch, points + reach * normal)
        open_sky += weight * (free / reach).clamp(0, 1)
    key = torch.nn.functional.normalize(torch.tensor([0.35, 0.8, 0.55]), dim=0)
    diffuse = (normal @ key).clamp(min=0)
    facing = (normal * toward_eye).sum(-1).clamp(min=0)
    light = (0.42 + 0.16 * normal[:, 1]) * (0.45 + 0.55 * open_sky) + 0.55 * diffuse + 0.12 * facing
    return (PART_COLORS[names.long()] * light[:, None]).clamp(0, 1)


def render_programs(
    programs: Sequence[Program],
    size: int,
    *,
    azimuth: float = 35.0,
    elevation: float = 22.0,
    supersample: int = 2,
) -> NDArray[np.uint8]:
    """Render every program in a 3/4 view on a light ground, coloured by part name.

    Returns
    -------
    uint8 [S, size, size, 3].
    """
    fine = size * supersample
    eye, directions = _rays(fine, azimuth, elevation)
    images = np.empty((len(programs), size, size, 3), np.uint8)
    with torch.inference_mode():
        for index, program in enumerate(programs):
            batch = pack([program])
            length = _trace(batch, eye, directions)
            hit = torch.isfinite(length)
            picture = torch.full((fine * fine, 3), BACKGROUND)
            if bool(hit.any()):
                points = eye + length[hit, None] * directions[hit]
                picture[hit] = _shade(batch, points, -directions[hit]) ** (1 / 1.25)
            picture = picture.view(size, supersample, size, supersample, 3).mean((1, 3))
            images[index] = (picture * 255 + 0.5).byte().numpy()
    return images


def save_sheet(images: NDArray[np.uint8], columns: int, path: Path | str) -> None:
    """Write images [S, H, W, 3] as one PNG, row by row in `columns` columns; missing cells stay light."""
    if columns < 1 or len(images) == 0:
        raise ValueError("a contact sheet needs at least one image and one column")
    count, height, width, _ = images.shape
    rows = -(-count // columns)
    cells = np.full((rows * columns, height, width, 3), round(BACKGROUND * 255), np.uint8)
    cells[:count] = images
    sheet = (
        cells.reshape(rows, columns, height, width, 3)
        .swapaxes(1, 2)
        .reshape(rows * height, columns * width, 3)
    )
    Image.fromarray(sheet).save(path)
