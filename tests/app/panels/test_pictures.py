"""numpy portraits, pixmaps, chips."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.panels.images import chip_icon, qt_colors, shrunk, to_pixmap
from app.panels.portrait import EXTENT, draw_portrait, view_rotation
from core.scene.palette import part_colors
from core.scene.shape import CENTRE, Mesh, Shape
from tests.app.numpy_engine import make_shape

BACKGROUND = (10, 20, 30)
SIZE = 96


def inked(picture: np.ndarray) -> np.ndarray:
    return np.any(picture != np.array(BACKGROUND, np.uint8), axis=2)


def pixel_of(point: np.ndarray) -> tuple[int, int]:
    """Line and column of a point of the shape's frame."""
    seen = view_rotation() @ point
    scale = SIZE / (2.0 * EXTENT)
    return int(SIZE / 2 - seen[1] * scale), int(SIZE / 2 + seen[0] * scale)


def sphere_mesh(shape: Shape, rows: int = 40) -> Mesh:
    """A dense ball of radius .5 whose upper half belongs to part 1, the lower to part 0."""
    polar, turn = np.meshgrid(
        np.linspace(0.0, np.pi, rows), np.linspace(0.0, 2 * np.pi, 2 * rows), indexing="ij"
    )
    points = np.stack(
        [np.sin(polar) * np.cos(turn), np.cos(polar), np.sin(polar) * np.sin(turn)], axis=-1
    ).reshape(-1, 3)
    index = np.arange(rows * 2 * rows).reshape(rows, 2 * rows)
    a, b, c, d = index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]
    faces = np.concatenate([np.stack([a, b, c], -1).reshape(-1, 3), np.stack([a, c, d], -1).reshape(-1, 3)])
    upper = points[faces].mean(axis=1)[:, 1] > 0.0
    return Mesh(0.5 * points, points, faces, upper.astype(np.int32))


def test_the_view_is_a_rotation_from_the_front_right() -> None:
    rotation = view_rotation()
    assert rotation @ rotation.T == pytest.approx(np.eye(3), abs=1e-6)
    assert np.linalg.det(rotation) == pytest.approx(1.0, abs=1e-6)
    assert rotation[2] @ np.array([0.3, 0.2, 1.0]) > 0.9
    assert rotation[1, 1] > 0.9


def test_gaussians_are_drawn_where_they_are() -> None:
    shape = make_shape()
    mask = inked(draw_portrait(shape, None, SIZE, BACKGROUND))
    for centre in shape.extrinsics[:, CENTRE]:
        assert mask[pixel_of(centre)]
    assert not mask[0].any()
    assert not mask[:, 0].any()


def test_a_dense_mesh_is_drawn_without_holes_in_its_parts_colours() -> None:
    shape = make_shape()
    picture = draw_portrait(shape, sphere_mesh(shape), SIZE, BACKGROUND)
    mask = inked(picture)
    radius = 0.5 * SIZE / (2.0 * EXTENT)
    lines, columns = np.mgrid[:SIZE, :SIZE]
    distance = np.hypot(lines + 0.5 - SIZE / 2, columns + 0.5 - SIZE / 2)
    assert mask[distance < radius - 1.5].all()
    assert not mask[distance > radius + 2.5].any()
    colors = part_colors(shape)
    for row, point in ((1, np.array([0.1, 0.45, 0.2])), (0, np.array([0.2, -0.25, 0.37]))):
        drawn = picture[pixel_of(point)].astype(float)
        hue = drawn / np.linalg.norm(drawn)
        expected = colors[row] / np.linalg.norm(colors[row])
        assert hue == pytest.approx(expected, abs=0.05)


def test_hidden_parts_are_not_drawn() -> None:
    shape = make_shape().with_part(1, visible=False)
    mask = inked(draw_portrait(shape, None, SIZE, BACKGROUND))
    assert not mask[pixel_of(shape.extrinsics[1, CENTRE])]
    assert mask[pixel_of(shape.extrinsics[0, CENTRE])]


def test_highlighting_fades_the_others() -> None:
    shape = make_shape()
    plain = draw_portrait(shape, None, SIZE, BACKGROUND).astype(int)
    lit = draw_portrait(shape, None, SIZE, BACKGROUND, highlight={1}).astype(int)
    back, seat = pixel_of(shape.extrinsics[1, CENTRE]), pixel_of(shape.extrinsics[0, CENTRE])
    assert np.array_equal(plain[back], lit[back])
    assert np.ptp(lit[seat]) < 0.5 * np.ptp(plain[seat])


def test_a_shape_without_parts_is_background() -> None:
    empty = make_shape().subset([])
    assert not inked(draw_portrait(empty, None, SIZE, BACKGROUND)).any()


@pytest.mark.parametrize("channels", [3, 4])
def test_pixmaps_keep_the_pixels(qtbot: QtBot, channels: int) -> None:
    rng = np.random.default_rng(0)
    picture = rng.integers(0, 256, (5, 7, channels), dtype=np.uint8)
    if channels == 4:
        picture[..., 3] = 255
    image = to_pixmap(picture).toImage()
    assert (image.width(), image.height()) == (7, 5)
    for line in range(5):
        for column in range(7):
            color = image.pixelColor(column, line)
            assert [color.red(), color.green(), color.blue()] == picture[line, column, :3].tolist()


@pytest.mark.parametrize(
    "bad", [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3)), np.zeros((4, 4, 2), np.uint8)]
)
def test_other_arrays_are_no_pictures(qtbot: QtBot, bad: np.ndarray) -> None:
    with pytest.raises(ValueError, match="uint8"):
        to_pixmap(bad)


def test_shrinking_keeps_proportions_and_mean(qtbot: QtBot) -> None:
    picture = np.zeros((60, 120, 3), np.uint8)
    picture[:, 60:] = 200
    small = shrunk(picture, 40)
    assert small.shape == (20, 40, 3)
    assert small.mean() == pytest.approx(100, abs=3)
    assert shrunk(picture, 500) is picture


def test_chips_have_the_parts_colour_also_when_selected(qtbot: QtBot) -> None:
    color = qt_colors(make_shape())[1]
    for mode in (chip_icon(color).Mode.Normal, chip_icon(color).Mode.Selected):
        image = chip_icon(color).pixmap(12, 12, mode).toImage()
        assert image.pixelColor(image.width() // 2, image.height() // 2).name() == color.name()
