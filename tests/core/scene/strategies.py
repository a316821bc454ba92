"""Random Gaussians, shapes, scenes and meshes for property tests; all values, no files."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from core.scene.gaussians import mirrored
from core.scene.scene import Scene
from core.scene.shape import Mesh, Part, Shape

LABELS = ("seat", "back", "leg", "arm", "base", "wheel", "stretcher", "part")


def random_rotations(rng: np.random.Generator, count: int, reflections: bool = False) -> NDArray[np.float64]:
    """Orthogonal matrices [count, 3, 3]: rotations, or with `reflections` also their opposites."""
    matrices, _ = np.linalg.qr(rng.normal(size=(count, 3, 3)))
    matrices *= np.sign(np.linalg.det(matrices))[:, None, None]
    if reflections:
        matrices[:, 0] *= rng.choice([-1.0, 1.0], size=count)[:, None]
    return matrices


def random_extrinsics(rng: np.random.Generator, count: int) -> NDArray[np.float32]:
    """Gaussians [count, 16] inside the domain, on both sides of the mirror plane, half of them reflected."""
    result = np.zeros((count, 16), np.float32)
    result[:, :3] = rng.uniform(-0.8, 0.8, (count, 3))
    result[:, 3:12] = random_rotations(rng, count, reflections=True).reshape(count, 9)
    result[:, 12] = rng.normal(size=count)
    result[:, 13:] = np.exp(rng.uniform(np.log(2e-4), np.log(0.1), (count, 3)))
    return result


def twin_extrinsics(rng: np.random.Generator, pairs: int, singles: int) -> NDArray[np.float32]:
    """`pairs` Gaussians well off the mirror plane, their mirror images, then `singles` without a twin.

    Heights differ by 0.2 and more, so that no other pairing is possible.
    """
    count = pairs + singles
    half = random_extrinsics(rng, count)
    half[:, 0] = rng.uniform(0.3, 0.8, count)
    half[:, 1] = np.linspace(-0.8, 0.8, max(count, 2))[:count] if count < 9 else np.arange(count) * 0.2
    half[:, 13:] = np.minimum(half[:, 13:], 0.01)
    return np.concatenate([half[:pairs], mirrored(half[:pairs]), half[pairs:]])


def make_shape(
    extrinsics: NDArray[np.float32],
    rng: np.random.Generator,
    shape_id: str = "s1",
    labels: tuple[str, ...] = LABELS,
    **fields: object,
) -> Shape:
    """A shape with these Gaussians, random latents [P, 8], and ids that are not rows."""
    count = len(extrinsics)
    parts = tuple(
        Part(id=3 * row + 2, label=labels[row % len(labels)], name=f"part {row}", slot=row % 16)
        for row in range(count)
    )
    intrinsics = rng.normal(size=(count, 8)).astype(np.float32)
    return Shape(shape_id, extrinsics, intrinsics, parts, name="Chair", **fields)  # type: ignore[arg-type]


generators = st.integers(0, 2**32 - 1).map(np.random.default_rng)
"""Seeded numpy generators; shrink to small seeds."""

texts = st.text(max_size=20)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda children: st.lists(children, max_size=3) | st.dictionaries(texts, children, max_size=3),
    max_leaves=6,
)
unknown_fields = st.dictionaries(texts.map(lambda text: f"x-{text}"), json_values, max_size=3)
finite32 = st.floats(-1e6, 1e6, width=32)


@st.composite
def parts_lists(draw: st.DrawFn) -> tuple[Part, ...]:
    ids = draw(st.lists(st.integers(0, 2**31 - 1), max_size=5, unique=True))
    return tuple(
        Part(
            id=part_id,
            label=draw(st.sampled_from(LABELS) | texts),
            name=draw(texts),
            slot=draw(st.integers(-1, 15)),
            visible=draw(st.booleans()),
            locked=draw(st.booleans()),
            origin=draw(texts),
            group=draw(st.sampled_from(("", "", "left side")) | texts),
        )
        for part_id in ids
    )


@st.composite
def any_shapes(draw: st.DrawFn, shape_id: str) -> Shape:
    """Shapes of any finite numbers, including -0.0, denormals and no parts at all."""
    parts = draw(parts_lists())
    width = draw(st.integers(1, 6))
    numbers = st.lists(finite32, min_size=len(parts) * (16 + width), max_size=len(parts) * (16 + width))
    values = np.array(draw(numbers), np.float32).reshape(len(parts), 16 + width)
    extra = dict(draw(unknown_fields))
    part_fields = {str(part.id): fields for part in parts if (fields := draw(unknown_fields))}
    if part_fields:
        extra["part_fields"] = part_fields
    return Shape(
        shape_id,
        values[:, :16],
        values[:, 16:],
        parts,
        name=draw(texts),
        checkpoint=draw(texts),
        position=draw(st.tuples(*[st.floats(-1e6, 1e6)] * 3)),
        visible=draw(st.booleans()),
        origin=draw(texts),
        extra=extra,
    )


@st.composite
def any_scenes(draw: st.DrawFn) -> Scene:
    ids = draw(st.lists(st.from_regex(r"\A[A-Za-z0-9_-]{1,12}\Z"), max_size=3, unique=True))
    return Scene(
        shapes=tuple(draw(any_shapes(shape_id)) for shape_id in ids),
        prompts=tuple(draw(st.lists(texts, max_size=3))),
        extra=draw(unknown_fields),
    )


def sphere_mesh(
    rows: int, columns: int, centre: tuple[float, float, float] = (0.0, 0.0, 0.0), radius: float = 0.5
) -> Mesh:
    """A closed triangulated sphere; faces above the centre belong to row 0, those below to row 1."""
    polar = np.linspace(0.0, np.pi, rows + 1)[1:-1]
    around = np.arange(columns) * (2.0 * np.pi / columns)
    ring = np.stack(
        [
            np.sin(polar)[:, None] * np.cos(around),
            np.repeat(np.cos(polar)[:, None], columns, axis=1),
            np.sin(polar)[:, None] * np.sin(around),
        ],
        axis=2,
    ).reshape(-1, 3)
    normals = np.concatenate([[[0.0, 1.0, 0.0]], ring, [[0.0, -1.0, 0.0]]])
    this, right = np.arange(columns), (np.arange(columns) + 1) % columns
    start = 1 + np.arange(rows - 2)[:, None] * columns
    upper = np.stack([start + this, start + right, start + columns + this], axis=2).reshape(-1, 3)
    lower = np.stack([start + right, start + columns + right, start + columns + this], axis=2).reshape(-1, 3)
    last = len(normals) - 1
    top = np.stack([np.zeros(columns), 1 + right, 1 + this], axis=1)
    bottom = np.stack([np.full(columns, last), last - columns + this, last - columns + right], axis=1)
    faces = np.concatenate([top, upper, lower, bottom]).astype(np.int32)
    heights = normals[faces][:, :, 1].mean(axis=1)
    return Mesh(np.asarray(centre) + radius * normals, normals, faces, (heights < 0.0).astype(np.int32))
