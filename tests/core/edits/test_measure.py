"""How far apart two surfaces are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.edits.engine import Engine
from core.edits.job import EditError, Job
from core.edits.requests import Measure
from core.edits.results import Measured
from tests.app.numpy_engine import make_mesh, make_shape


def test_distances_are_to_the_nearest_point_of_the_other_surface_both_ways(engine: Engine) -> None:
    mesh = make_mesh(make_shape().subset((0,)), 64)  # a box from -0.1 to 0.1
    moved = replace(mesh, vertices=mesh.vertices + np.float32((0.0, 0.05, 0.0)))
    result = engine.run(Measure(mesh=moved, before=mesh), Job())
    assert isinstance(result, Measured)
    top = mesh.vertices[:, 1] > 0
    # The lower corners have slid along the sides of the box, so that they still lie on it.
    np.testing.assert_allclose(result.distances, np.where(top, 0.05, 0.0), atol=1e-6)
    np.testing.assert_allclose(result.missed, np.where(top, 0.0, 0.05), atol=1e-6)


def test_an_empty_surface_is_refused(engine: Engine) -> None:
    mesh = make_mesh(make_shape(), 64)
    empty = replace(mesh, faces=mesh.faces[:0], face_parts=mesh.face_parts[:0])
    with pytest.raises(EditError, match="empty"):
        engine.run(Measure(mesh=mesh, before=empty), Job())
