"""Pictures: what is where, in which colour, framed how."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.edits.job import Job
from core.meshing.camera import framing_camera
from core.meshing.color import linear_to_srgb, srgb_to_linear
from core.meshing.extract import extract_mesh
from core.meshing.raycast import BACKGROUND, contact_sheet, on_paper, render, write_picture
from core.meshing.studio import sphere_directions
from core.scene.palette import part_colors
from core.scene.shape import Mesh, Shape
from tests.core.meshing.analytic_fields import AnalyticField, box, chair, shape_of


@pytest.fixture(scope="module")
def stool() -> tuple[Mesh, Shape]:
    """A wide seat (blue) above a block (green)."""
    field = AnalyticField(box((0, 0.1, 0), (0.6, 0.1, 0.6)), box((0, -0.4, 0), (0.3, 0.4, 0.3)))
    return extract_mesh(field, 32, Job()), shape_of([("seat", "Seat"), ("leg", "Leg")])


def hue_distance(pixel: np.ndarray, color: np.ndarray) -> float:
    """Angle between colours as directions from black, in linear light."""
    a, b = srgb_to_linear(np.asarray(pixel[:3]) / 255), srgb_to_linear(color)
    return float(np.arccos(np.clip(a @ b / np.linalg.norm(a) / np.linalg.norm(b), -1, 1)))


def test_opaque_picture_shows_parts_in_their_colours(stool: tuple[Mesh, Shape]) -> None:
    mesh, shape = stool
    image = render([mesh], [shape], (90, 60), background=(1.0, 1.0, 1.0))
    assert image.shape == (60, 90, 3)
    assert image.dtype == np.uint8
    np.testing.assert_array_equal(image[0, 0], (255, 255, 255))
    seat, leg = part_colors(shape)
    assert hue_distance(image[18, 45], seat) < 0.2
    assert hue_distance(image[46, 45], leg) < 0.3
    assert hue_distance(image[18, 45], leg) > 0.5


def test_transparent_picture_has_a_shadow_below_and_nothing_above(stool: tuple[Mesh, Shape]) -> None:
    mesh, shape = stool
    image = render([mesh], [shape], (64, 64), background=None)
    assert image.shape == (64, 64, 4)
    assert image[0, 0, 3] == 0
    assert image[30, 32, 3] == 255
    partly = (image[..., 3] > 10) & (image[..., 3] < 200)
    rows = np.nonzero(partly & (image[..., :3].max(axis=2) < 30))[0]
    assert len(rows) > 50
    assert rows.mean() > 32


@pytest.mark.parametrize("aspect", [(64, 64), (96, 48), (48, 96)])
@pytest.mark.parametrize(("azimuth", "elevation"), [(35, 20), (0, 0), (180, 60), (-90, -10), (0, 90)])
def test_the_subject_fills_the_picture_and_is_not_cut(
    stool: tuple[Mesh, Shape], aspect: tuple[int, int], azimuth: float, elevation: float
) -> None:
    mesh, shape = stool
    image = render(
        [mesh], [shape], aspect, azimuth=azimuth, elevation=elevation, background=None, supersample=1
    )
    rows, columns = np.nonzero(image[..., 3] == 255)
    margins = [rows.min(), aspect[1] - 1 - rows.max(), columns.min(), aspect[0] - 1 - columns.max()]
    assert min(margins) >= 0
    assert min(margins[0], margins[2]) <= 0.1 * min(aspect)
    assert abs(margins[0] - margins[1]) <= 3
    assert abs(margins[2] - margins[3]) <= 3


def test_camera_looks_where_it_should() -> None:
    front = framing_camera(np.array([[-1.0, 0, 0], [1, 0, 0], [0, 0, 0.5]]), 0, 0, 1.0)
    np.testing.assert_allclose(front.basis, np.eye(3), atol=1e-9)
    assert front.eye[2] > 2
    side = framing_camera(np.array([[-1.0, 0, 0], [1, 1, 0]]), 90, 0, 1.0)
    np.testing.assert_allclose(side.basis[2], (1, 0, 0), atol=1e-9)
    rays = front.rays(4, 4, range(4))
    np.testing.assert_allclose(np.linalg.norm(rays[:, 3:], axis=1), 1, atol=1e-6)
    assert rays[0, 3] < 0 < rays[0, 4]
    np.testing.assert_array_equal(front.rays(4, 4, range(1, 3)), rays[4:12])


def test_a_fixed_frame_makes_sizes_comparable(stool: tuple[Mesh, Shape]) -> None:
    mesh, shape = stool
    corners = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], np.float32)
    small = Mesh(mesh.vertices / 2, mesh.normals, mesh.faces, mesh.face_parts)
    covered = [
        (render([each], [shape], (64, 64), background=None, frame=corners)[..., 3] == 255).sum()
        for each in (mesh, small)
    ]
    assert covered[0] == pytest.approx(4 * covered[1], rel=0.2)


def test_highlight_turns_other_parts_grey(stool: tuple[Mesh, Shape]) -> None:
    mesh, shape = stool

    def colourfulness(image: np.ndarray, row: int) -> int:
        return int(np.ptp(image[row, 32].astype(int)))

    plain = render([mesh], [shape], (64, 64))
    seat_only = render([mesh], [shape], (64, 64), highlight={0})
    assert colourfulness(seat_only, 20) == pytest.approx(colourfulness(plain, 20), abs=10)
    assert colourfulness(seat_only, 48) < 0.5 * colourfulness(plain, 48)


def test_hidden_parts_and_shapes_are_left_out(stool: tuple[Mesh, Shape]) -> None:
    mesh, shape = stool
    white = render([mesh], [replace(shape, visible=False)], (32, 32), background=(1.0, 1.0, 1.0))
    assert (white == 255).all()
    assert (render([], [], (32, 16), background=None) == 0).all()
    image = render([mesh], [shape.with_part(0, visible=False)], (48, 48), background=None)
    solid = image[image[..., 3] == 255]
    seat, leg = part_colors(shape)
    assert hue_distance(solid.mean(axis=0), leg) < 0.3 < hue_distance(solid.mean(axis=0), seat)


def test_position_moves_shapes_apart(stool: tuple[Mesh, Shape]) -> None:
    mesh, shape = stool
    right = replace(shape, id="s2", position=(2.0, 0.0, 0.0))
    image = render([mesh, mesh], [shape, right], (96, 48), azimuth=0, elevation=5, background=None)
    solid = image[..., 3] == 255
    assert solid[:, 10:40].any()
    assert solid[:, 56:86].any()
    assert not solid[:, 46:50].any()


def test_same_picture_whatever_the_threads(stool: tuple[Mesh, Shape]) -> None:
    mesh, shape = stool
    one, two = (render([mesh], [shape], (40, 40), threads=threads) for threads in (1, 2))
    np.testing.assert_array_equal(one, two)


def test_under_the_seat_it_is_darker_than_beside_it() -> None:
    field, shape = chair()
    mesh = extract_mesh(field, 32, Job())
    image = render([mesh], [shape], (64, 64), background=None, azimuth=0, elevation=30)
    shadow = (image[..., 3] > 0) & (image[..., :3].max(axis=2) == 0)
    assert image[shadow][:, 3].max() > 60


def test_a_transparent_picture_on_paper_is_the_one_with_the_background(stool: tuple[Mesh, Shape]) -> None:
    mesh, shape = stool
    paper, clear = (
        render([mesh], [shape], (64, 64), background=background) for background in (BACKGROUND, None)
    )
    laid = on_paper(clear)
    assert laid.shape == paper.shape
    assert np.abs(laid.astype(int) - paper).max() <= 2
    assert on_paper(paper) is paper


def test_contact_sheet_places_pictures_row_by_row(tmp_path: Path) -> None:
    pictures = [np.full((4, 6, 3), 40 * index, np.uint8) for index in range(5)]
    pictures[0] = np.dstack([pictures[0], np.zeros((4, 6), np.uint8)])  # transparent: the sheet is paper
    contact_sheet(pictures, 3, tmp_path / "sheet.png")
    sheet = np.asarray(Image.open(tmp_path / "sheet.png"))
    assert sheet.shape == (8, 18, 3)
    assert (sheet[:4, :6] > 240).all()
    assert (sheet[:4, 6:12] == 40).all()
    assert (sheet[4:, :6] == 120).all()
    assert (sheet[4:, 12:] == 255).all()
    with pytest.raises(ValueError, match="same size"):
        contact_sheet([pictures[0], pictures[1][:2]], 2, tmp_path / "bad.png")
    with pytest.raises(ValueError, match="at least one"):
        contact_sheet([], 2, tmp_path / "bad.png")
    assert [entry.name for entry in tmp_path.iterdir()] == ["sheet.png"]


def test_pictures_keep_their_transparency(tmp_path: Path) -> None:
    image = np.random.default_rng(0).integers(0, 255, (5, 7, 4), np.uint8)
    write_picture(image, tmp_path / "a.png")
    np.testing.assert_array_equal(np.asarray(Image.open(tmp_path / "a.png")), image)


def test_colour_conversions_are_inverse() -> None:
    values = np.linspace(0, 1, 256, dtype=np.float32)
    np.testing.assert_allclose(linear_to_srgb(srgb_to_linear(values)), values, atol=1e-5)


def test_directions_are_spread_evenly() -> None:
    directions = sphere_directions(64)
    np.testing.assert_allclose(np.linalg.norm(directions, axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(directions.mean(axis=0), 0, atol=0.02)
