"""What counts as sound, on bodies whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import trimesh

from core.edits.drafts import seed_of_try
from core.edits.soundness import WHOLE, Soundness, soundness
from core.meshing.solid import CHAIR_STANCE
from core.pipelines.sampling import Noise
from core.scene.shape import Mesh


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


def test_a_block_is_whole() -> None:
    assert soundness(as_mesh(BLOCK), CHAIR_STANCE) == WHOLE


def test_a_second_body_is_seen() -> None:
    found = soundness(as_mesh(BLOCK, ((0.8, 0.5, 0.8), (0.0, 0.7, 0.0))), None)
    assert not found.one_body
    assert 0.5 < found.largest_share < 0.7
    assert not found.meets(WHOLE)


def test_what_tips_over_stands_only_where_it_need_not() -> None:
    tipping = as_mesh(((0.1, 0.6, 0.1), (-0.6, -0.4, 0.0)), BLOCK)
    assert not soundness(tipping, CHAIR_STANCE).standing
    assert soundness(tipping, None).standing


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        (Soundness(False, True, 0.0, 0.9), Soundness(True, False, 0.0, 0.96)),
        (Soundness(True, False, 0.0, 1.0), Soundness(True, True, 0.0, 0.96)),
        (Soundness(True, True, -0.5, 1.0), Soundness(True, True, -0.1, 0.96)),
        (Soundness(False, False, 0.0, 0.5), Soundness(False, False, 0.0, 0.6)),
    ],
)
def test_order(worse: Soundness, better: Soundness) -> None:
    assert worse < better


def test_words_are_wanted_too() -> None:
    assert not soundness(as_mesh(BLOCK), CHAIR_STANCE, lambda _: -0.1).meets(WHOLE)
    assert soundness(as_mesh(BLOCK), CHAIR_STANCE, lambda _: 0.1).meets(WHOLE)


def test_every_try_draws_other_noise() -> None:
    seeds = [seed_of_try(seed, attempt) for seed in (0, 1, 2**32 - 1) for attempt in range(4)]
    assert seeds[::4] == [0, 1, 2**32 - 1]
    drawn = {Noise([seed], torch.device("cpu"))(4).numpy().tobytes() for seed in seeds}
    assert len(drawn) == len(seeds)
