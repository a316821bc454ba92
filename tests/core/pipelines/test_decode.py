"""Surfaces of the sample shapes lie where their parts reach."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.checkpoints.loading import load_checkpoint
from core.edits.job import Job
from core.meshing.extract import extract_mesh
from core.models.occupancy import Occupancy
from core.models.representation import Decoder
from core.pipelines.decode import DecodedField, guide_points
from core.scene.storage import read_scene

RESOURCES = Path(__file__).resolve().parents[3] / "resources"


@pytest.fixture(params=["chair", "table", "airplane"])
def field(request: pytest.FixtureRequest) -> tuple[DecodedField, np.ndarray]:
    """The first sample of a category and its extrinsics."""
    shape = read_scene(RESOURCES / "scenes" / f"{request.param}s.partsmith").shapes[0]
    model = load_checkpoint(RESOURCES / "models" / request.param)
    return DecodedField(model.representation, shape.extrinsics, shape.intrinsics), shape.extrinsics


def test_the_surface_lies_within_reach_of_the_parts(field: tuple[DecodedField, np.ndarray]) -> None:
    surface, extrinsics = field
    guide = guide_points(extrinsics)
    everywhere = extract_mesh(surface, 64, Job(), guide)
    found = extract_mesh(surface, 64, Job(), guide, reach=surface.reach)
    np.testing.assert_array_equal(found.vertices, everywhere.vertices)
    np.testing.assert_array_equal(found.faces, everywhere.faces)
    points = np.random.default_rng(0).uniform(-1.0, 1.0, (4000, 3)).astype(np.float32)
    assert surface.reach(everywhere.vertices).all()
    assert surface.reach(points).mean() < 0.5


def test_a_network_without_frames_is_searched_everywhere(field: tuple[DecodedField, np.ndarray]) -> None:
    _, extrinsics = field
    model = load_checkpoint(RESOURCES / "models" / "table").representation
    published = Occupancy(128, 13, 1, 2, head_width=16).requires_grad_(False)
    surface = DecodedField(
        Decoder(model.mixing, published), extrinsics, np.zeros((len(extrinsics), 64), np.float32)
    )
    assert surface.reach(np.full((3, 3), 0.99, np.float32)).all()
    assert np.isfinite(surface(np.zeros((5, 3), np.float32))).all()
