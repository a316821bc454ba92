"""Turntables: written in the background, cancellable, never half a file; pictures without background."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app.application import Workbench
from app.panels.turntable_dialog import TurntableDialog
from app.pictures import TRANSPARENT
from app.viewport.picture import SUBPIXELS, without_background
from tests.app.steps import BACK

pytestmark = pytest.mark.gl
LEFT = Qt.MouseButton.LeftButton


def opened(workbench: Workbench, path: Path, monkeypatch: pytest.MonkeyPatch) -> TurntableDialog:
    """The dialog with a small animation chosen, its file named."""
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    workbench.window.menus.actions["file.save_turntable"].trigger()
    (dialog,) = workbench.window.findChildren(TurntableDialog)
    assert not dialog.isModal()
    dialog.frames_spin.setValue(8)
    dialog.width_spin.setValue(160)
    dialog.seconds_spin.setValue(1.6)
    return dialog


def test_a_turntable_is_written_and_the_view_stays(
    workbench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    viewport = workbench.window.viewport
    camera, plain = viewport.camera, viewport.grab_image()
    dialog = opened(workbench, tmp_path / "chair", monkeypatch)
    closed: list[int] = []
    dialog.finished.connect(closed.append)
    QTest.mouseClick(dialog.save_button, LEFT)
    assert dialog.bar.isVisible()
    assert not dialog.save_button.isEnabled()
    # Parts can be selected meanwhile: nothing is blocked.
    qtbot.keyClick(viewport.surface, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(workbench.document.selection.parts) == 6
    qtbot.keyClick(viewport.surface, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: bool(closed), timeout=60000)
    gif = Image.open(BytesIO((tmp_path / "chair.gif").read_bytes()))
    width, height = viewport.view_size
    assert gif.n_frames == 8
    assert gif.size == (160, round(160 * height / width))
    assert gif.info["duration"] == 200
    pictures = []
    for number in range(8):
        gif.seek(number)
        pictures.append(np.asarray(gif.convert("RGB")).astype(int))
    # The first one is the view itself; the others are seen from other sides.
    step = plain[:: max(1, round(height / pictures[0].shape[0]))]
    assert abs(pictures[0].mean() - step.mean()) < 6
    assert all(np.abs(one - other).max() > 60 for one, other in pairwise(pictures))
    assert viewport.camera == camera
    assert sorted(path.name for path in tmp_path.glob("*chair*")) == ["chair.gif"]
    assert "Wrote chair.gif" in workbench.window.message.text()


def test_a_video_shows_the_view_from_all_sides(
    workbench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    viewport = workbench.window.viewport
    plain = viewport.grab_image(161 / viewport.view_size[0]).astype(int)
    dialog = opened(workbench, tmp_path / "chair", monkeypatch)
    assert "256 colours" in dialog.format_note.text()
    dialog.format_combo.setCurrentText("MP4")
    assert "no transparency" in dialog.format_note.text()
    dialog.width_spin.setValue(161)
    closed: list[int] = []
    dialog.finished.connect(closed.append)
    QTest.mouseClick(dialog.save_button, LEFT)
    qtbot.waitUntil(lambda: bool(closed), timeout=60000)
    with av.open(str(tmp_path / "chair.mp4")) as video:
        assert video.streams.video[0].codec_context.name == "h264"
        assert video.duration == pytest.approx(1.6 * av.time_base, rel=1e-3)
        pictures = [frame.to_ndarray(format="rgb24").astype(int) for frame in video.decode(video=0)]
    height, width = plain.shape[:2]
    assert width == 161
    assert [picture.shape for picture in pictures] == [(height + height % 2, 162, 3)] * 8
    # The first frame is the view as it is: the shape where it stands, on the background it has.
    background = plain[0, 0]
    shape = np.abs(plain - background).max(axis=2) > 40
    assert shape.sum() > 500
    off = np.abs(pictures[0][:height, :width] - plain).mean(axis=2)
    assert off[shape].mean() < 20
    assert off[~shape].mean() < 4
    assert all(np.abs(one - other).max() > 60 for one, other in pairwise(pictures))
    assert [path.name for path in tmp_path.iterdir() if "chair" in path.name] == ["chair.mp4"]


def test_cancelling_and_editing_write_nothing(
    workbench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    path = tmp_path / "chair.gif"
    path.write_bytes(b"older")
    dialog = opened(workbench, path, monkeypatch)
    dialog.frames_spin.setValue(200)
    dialog.seconds_spin.setValue(10.0)
    QTest.mouseClick(dialog.save_button, LEFT)
    qtbot.waitUntil(lambda: dialog.bar.value() > 0, timeout=60000)
    workbench.editor.rename_part("s1", BACK, "rest")
    assert "scene has changed" in dialog.note.text()
    assert dialog.save_button.isEnabled()
    dialog.seconds_spin.setValue(0.5)
    QTest.mouseClick(dialog.save_button, LEFT)
    assert "Take fewer frames" in dialog.note.text()
    dialog.seconds_spin.setValue(10.0)
    QTest.mouseClick(dialog.save_button, LEFT)
    assert dialog.turntable is not None
    QTest.mouseClick(dialog.cancel_button, LEFT)
    qtbot.wait(200)
    assert path.read_bytes() == b"older"
    assert [found.name for found in tmp_path.iterdir() if "chair" in found.name] == ["chair.gif"]


def test_a_folder_that_is_not_there_is_told(
    workbench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    dialog = opened(workbench, tmp_path / "nowhere" / "chair.gif", monkeypatch)
    QTest.mouseClick(dialog.save_button, LEFT)
    qtbot.waitUntil(lambda: "cannot be written" in dialog.note.text(), timeout=60000)
    QTest.mouseClick(dialog.cancel_button, LEFT)


def test_shifted_pictures_make_one_with_smooth_edges(workbench: Workbench) -> None:
    viewport = workbench.window.viewport
    camera = replace(viewport.camera, azimuth=70.0)
    smooth = viewport.grab_image(0.5, camera=camera).astype(int)
    passes = [viewport.grab_image(0.5, supersampling=1, camera=camera, shift=shift) for shift in SUBPIXELS]
    assert all(np.abs(one.astype(int) - two).max() > 30 for one, two in pairwise(passes))
    mean = np.mean(passes, axis=0)
    errors = [np.abs(picture - smooth).max(axis=2) for picture in (mean, passes[0])]
    edges = errors[1] > 15
    assert edges.sum() > 100
    assert errors[0][edges].mean() < 0.4 * errors[1][edges].mean()
    assert (errors[0] > 40).mean() < 1e-3


def test_a_picture_without_background_gives_the_same_over_any_background(
    workbench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = next(text for text, scale in TRANSPARENT.items() if scale == 1)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "chair"), chosen))
    viewport = workbench.window.viewport
    plain = viewport.grab_image()
    workbench.window.menus.actions["file.save_picture"].trigger()
    pixels = np.asarray(Image.open(BytesIO((tmp_path / "chair.png").read_bytes())))
    width, height = viewport.view_size
    assert pixels.shape == (round(height), round(width), 4)
    alpha = pixels[..., 3]
    assert (alpha[:20] == 0).all()  # no background
    assert (alpha == 255).sum() > 2000  # the chair
    assert ((alpha > 20) & (alpha < 200)).sum() > 200  # its shadow
    solid = alpha == 255
    assert np.abs(pixels[solid][:, :3].astype(int) - plain[solid]).max() <= 2
    np.testing.assert_array_equal(viewport.grab_image(), plain)


def test_colour_and_alpha_are_told_apart_exactly() -> None:
    rng = np.random.default_rng(1)
    color = rng.integers(0, 256, (8, 8, 3)).astype(float)
    alpha = rng.uniform(0.2, 1.0, (8, 8, 1))
    dark, light = alpha * color, alpha * color + 255 * (1 - alpha)
    found = without_background(dark.round().astype(np.uint8), light.round().astype(np.uint8))
    assert np.abs(found[..., 3:] - 255 * alpha).max() <= 1.5
    assert np.abs(found[..., :3] - color).max() <= 6
