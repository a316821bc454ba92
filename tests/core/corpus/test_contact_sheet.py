"""Pictures show the shape, coloured by part, on a light ground."""

import numpy as np
import pytest
from PIL import Image

from core.corpus.assembly import Assembly
from core.corpus.chairs import make_chair
from core.corpus.contact_sheet import BACKGROUND, render_programs, save_sheet


def test_a_ball_is_a_disc_in_the_middle():
    body = Assembly()
    body.ellipsoid("seat", (0.0, 0.0, 0.0), (0.5, 0.5, 0.5))
    (image,) = render_programs([body.finish({}, 0)], 40, supersample=1)
    drawn = (image != round(BACKGROUND * 255)).any(-1)
    rows, columns = np.nonzero(drawn)
    assert abs(rows.mean() - 19.5) < 0.6
    assert abs(columns.mean() - 19.5) < 0.6
    radius = np.sqrt(drawn.sum() / np.pi)
    assert 0.5 * (np.ptp(rows) + 1) == pytest.approx(radius, abs=1)
    seat = image[20, 20].astype(int)
    assert seat[2] > seat[0] + 20  # seats are blue


def test_parts_have_their_own_colours_and_sheets_their_cells(tmp_path):
    images = render_programs([make_chair(6), make_chair(9), make_chair(2)], 32, supersample=1)
    assert images.shape == (3, 32, 32, 3)
    assert all(len(np.unique(image.reshape(-1, 3), axis=0)) > 40 for image in images)
    save_sheet(images, 2, tmp_path / "sheet.png")
    with Image.open(tmp_path / "sheet.png") as sheet:
        pixels = np.array(sheet)
    assert pixels.shape == (64, 64, 3)
    assert np.array_equal(pixels[:32, 32:], images[1])
    assert (pixels[32:, 32:] == round(BACKGROUND * 255)).all()
    with pytest.raises(ValueError, match="at least one"):
        save_sheet(images, 0, tmp_path / "none.png")
