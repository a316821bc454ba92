"""What counts as sound, on bodies whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import trimesh

from core.edits.drafts import seed_of_try
from core.edits.soundness import WHOLE, Soundness, always_there, is_complete, soundness
from core.meshing.solid import CHAIR_STANCE
from core.pipelines.sampling import Noise
from core.scene.shape import Mesh, Part, Shape


def as_mesh(*boxes: tuple[tuple[float, float, float], tuple[float, float, float]]) -> Mesh:
    """Boxes (size, centre) as one mesh; boxes that touch are merged by hand into one vertex set."""
    bodies = [
        trimesh.creation.box(size, trimesh.transformations.translation_matrix(centre))
        for size, centre in boxes
    ]
    body = trimesh.util.concatenate(bodies)
    return Mesh(
        np.asarray(body.vertices, np.float32),
        np.asarray(body.vertex_normals, np.float32),
        np.asarray(body.faces, np.int32),
        np.zeros(len(body.faces), np.int32),
    )


BLOCK = ((1.0, 0.5, 1.0), (0.0, 0.0, 0.0))
LABELS = ("leg", "seat", "seat")
SHAPE = Shape(
    id="s",
    extrinsics=np.zeros((3, 16), np.float32),
    intrinsics=np.zeros((3, 4), np.float32),
    parts=tuple(Part(row, label, label, row) for row, label in enumerate(LABELS)),
)


def test_a_block_is_whole() -> None:
    assert soundness(SHAPE, as_mesh(BLOCK), CHAIR_STANCE) == WHOLE


def test_a_second_body_is_seen() -> None:
    found = soundness(SHAPE, as_mesh(BLOCK, ((0.8, 0.5, 0.8), (0.0, 0.7, 0.0))), None)
    assert not found.one_body
    assert 0.5 < found.largest_share < 0.7
    assert not found.meets(WHOLE)


def test_what_tips_over_stands_only_where_it_need_not() -> None:
    tipping = as_mesh(((0.1, 0.6, 0.1), (-0.6, -0.4, 0.0)), BLOCK)
    assert not soundness(SHAPE, tipping, CHAIR_STANCE).standing
    assert soundness(SHAPE, tipping, None).standing


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        (Soundness(False, True, True, 0.0, 0.9), Soundness(True, False, False, 0.0, 0.96)),
        (Soundness(True, False, True, 0.0, 0.9), Soundness(True, True, False, 0.0, 0.96)),
        (Soundness(True, True, False, 0.0, 1.0), Soundness(True, True, True, 0.0, 0.96)),
        (Soundness(True, True, True, -0.5, 1.0), Soundness(True, True, True, -0.1, 0.96)),
        (Soundness(False, True, False, 0.0, 0.5), Soundness(False, True, False, 0.0, 0.6)),
    ],
)
def test_order(worse: Soundness, better: Soundness) -> None:
    assert worse < better


def test_words_are_wanted_too() -> None:
    assert not soundness(SHAPE, as_mesh(BLOCK), CHAIR_STANCE, fit=lambda _: -0.1).meets(WHOLE)
    assert soundness(SHAPE, as_mesh(BLOCK), CHAIR_STANCE, fit=lambda _: 0.1).meets(WHOLE)


def test_parts_that_are_always_there() -> None:
    assert always_there({"top": [0.2, 1.0], "leg": [0.6, 0.98], "none": []}) == ("top",)


def test_what_is_always_there_must_be_seen() -> None:
    block = as_mesh(BLOCK, ((0.8, 0.5, 0.8), (0.0, 0.5, 0.0)))
    rows = np.repeat(np.int32([0, 2]), 12)
    both = Mesh(block.vertices, block.normals, block.faces, rows)
    assert is_complete(SHAPE, both, ("seat", "leg"))
    assert not is_complete(SHAPE, block, ("seat",))
    assert is_complete(SHAPE, block, ("leg",))
    assert not is_complete(SHAPE, both, ("back",))
    assert not soundness(SHAPE, block, None, ("seat",)).meets(WHOLE)


def test_every_try_draws_other_noise() -> None:
    seeds = [seed_of_try(seed, attempt) for seed in (0, 1, 2**32 - 1) for attempt in range(4)]
    assert seeds[::4] == [0, 1, 2**32 - 1]
    drawn = {Noise([seed], torch.device("cpu"))(4).numpy().tobytes() for seed in seeds}
    assert len(drawn) == len(seeds)
