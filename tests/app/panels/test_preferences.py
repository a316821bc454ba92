"""The preferences dialog in a real window: every setting takes effect at once, is found, reset and kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QDoubleSpinBox, QSpinBox
from pytestqt.qtbot import QtBot

from app import theme
from app.application import Workbench
from app.panels.preference_row import PreferenceRow, highlighted
from app.panels.preferences_dialog import PreferencesDialog
from app.preference_table import BY_NAME, PAGES, PREFERENCES
from app.settings import Settings
from core.scene.scene import Scene
from tests.app.numpy_engine import NumpyEngine, make_shape
from tests.app.viewport.conftest import SEAT, drag, move, where

pytestmark = pytest.mark.gl
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def dialog(workbench: Workbench, qtbot: QtBot) -> PreferencesDialog:
    """Opened by its key."""
    workbench.window.viewport.tools.left()
    qtbot.keyClick(workbench.window.viewport.surface, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    (dialog,) = workbench.window.findChildren(PreferencesDialog)
    qtbot.waitUntil(dialog.isVisible, timeout=10_000)
    return dialog


def dispose(workbench: Workbench) -> None:
    """Close a window that a test has made itself, before anything it shows is gone."""
    workbench.window.close()
    workbench.close()
    workbench.window.deleteLater()
    # Without a running loop deferred deletion has to be asked for; the document would be gone before it.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def shown(dialog: PreferencesDialog) -> set[str]:
    return {name for name, row in dialog.rows.items() if row.isVisible()}


def choose(row: PreferenceRow, number: int) -> None:
    """Choose another entry of a combo box with the arrow keys, as a person does."""
    assert isinstance(row.control, QComboBox)
    row.control.setFocus()
    key = Qt.Key.Key_Down if number > row.control.currentIndex() else Qt.Key.Key_Up
    for _ in range(abs(number - row.control.currentIndex())):
        QTest.keyClick(row.control, key)


def tick(row: PreferenceRow) -> None:
    assert isinstance(row.control, QCheckBox)
    QTest.mouseClick(row.control, LEFT, pos=QPoint(8, row.control.height() // 2))


def type_number(row: PreferenceRow, text: str) -> None:
    assert isinstance(row.control, QSpinBox | QDoubleSpinBox)
    row.control.setFocus()
    row.control.selectAll()
    QTest.keyClicks(row.control, text)
    QTest.keyClick(row.control, Qt.Key.Key_Return)


def test_every_setting_stands_on_its_page(dialog: PreferencesDialog) -> None:
    seen: set[str] = set()
    for number, page in enumerate(PAGES):
        item = dialog.pages.item(number)
        QTest.mouseClick(dialog.pages.viewport(), LEFT, pos=dialog.pages.visualItemRect(item).center())
        on_page = {known.name for known in PREFERENCES if known.page == page}
        assert shown(dialog) == on_page
        seen |= on_page
    assert seen == set(BY_NAME)


def test_the_table_and_the_stored_settings_agree() -> None:
    fresh = Settings()
    for known in PREFERENCES:
        assert getattr(fresh, known.name) == known.default, known.name
        assert type(getattr(fresh, known.name)) is type(known.default), known.name
        assert known.accepts(known.default)
        assert known.tip.endswith(".")


def test_appearance_changes_at_once(dialog: PreferencesDialog, workbench: Workbench) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    before = app.font().pointSize()
    choose(dialog.rows["theme"], 1)
    assert not theme.is_dark()
    assert not workbench.window.menus.actions["view.theme"].isChecked()
    choose(dialog.rows["text_size"], 3)
    assert app.font().pointSize() == before + 2
    assert dialog.rows["theme"].title.fontInfo().pointSize() == before + 2
    workbench.window.menus.actions["view.theme"].trigger()
    assert dialog.rows["theme"].control.currentText() == "Dark"  # type: ignore[attr-defined]


def test_reduced_motion_ends_gliding(dialog: PreferencesDialog, workbench: Workbench, qtbot: QtBot) -> None:
    viewport = workbench.window.viewport
    viewport.set_animated(True)
    tick(dialog.rows["reduced_motion"])
    assert workbench.settings.reduced_motion
    viewport.set_view("top")
    assert viewport.camera.elevation == pytest.approx(90)
    tick(dialog.rows["reduced_motion"])
    viewport.set_view("front")
    assert viewport.camera.elevation == pytest.approx(90)
    # Switched on while the view is on its way, it arrives at once.
    tick(dialog.rows["reduced_motion"])
    assert viewport.camera.elevation == pytest.approx(0)


def test_navigation_changes_at_once(dialog: PreferencesDialog, workbench: Workbench) -> None:
    viewport = workbench.window.viewport
    dialog.show_page("Navigation")
    start, end = QPoint(40, 40), QPoint(90, 40)
    turned = []
    for speed in ("1", "2"):
        type_number(dialog.rows["turn_speed"], speed)
        viewport.set_view("front")
        drag(viewport, start, end)
        turned.append(viewport.camera.azimuth)
    assert turned[1] == pytest.approx(2 * turned[0])
    assert abs(turned[0]) > 5
    heights = []
    for _ in range(2):
        viewport.set_view("home")
        before = viewport.camera.distance
        viewport.tools.turned_wheel(1, 100, 100)
        heights.append(viewport.camera.distance / before)
        tick(dialog.rows["invert_wheel"])
    assert heights[0] < 1 < heights[1]
    choose(dialog.rows["projection"], 1)
    assert viewport.projection == "orthographic"
    assert workbench.window.menus.actions["view.projection"].isChecked()
    choose(dialog.rows["navigation"], 1)
    assert viewport.tools.navigation == "blender"


def test_part_names_can_be_off(dialog: PreferencesDialog, workbench: Workbench, qtbot: QtBot) -> None:
    viewport = workbench.window.viewport
    move(viewport, where(viewport, SEAT))
    qtbot.waitUntil(lambda: viewport.labels.part.isVisible(), timeout=10_000)
    tick(dialog.rows["part_names"])
    move(viewport, where(viewport, SEAT) + QPoint(2, 2))
    qtbot.waitUntil(lambda: viewport.labels.part.isHidden(), timeout=10_000)


def test_sampling_defaults_reach_the_edit_panel(dialog: PreferencesDialog, workbench: Workbench) -> None:
    dialog.show_page("Models")
    type_number(dialog.rows["count"], "7")
    type_number(dialog.rows["steps"], "35")
    type_number(dialog.rows["guidance"], "3.5")
    settings = workbench.window.edit_panel.sampling.settings
    assert (settings.count, settings.steps, settings.guidance) == (7, 35, 3.5)
    tick(dialog.rows["twins"])
    assert not workbench.editor.twins_enabled
    workbench.editor.twins_enabled = True
    assert dialog.rows["twins"].control.isChecked()  # type: ignore[attr-defined]


def test_without_remembering_a_window_starts_with_the_defaults(qtbot: QtBot) -> None:
    for remember, count in ((True, 8), (False, 3)):
        settings = Settings(count=3, remember_options=remember, parameters={"count": 8})
        workbench = Workbench(settings, inline=True)
        assert workbench.window.edit_panel.sampling.settings.count == count
        dispose(workbench)


def test_searching_shows_hits_of_all_pages_and_marks_them(dialog: PreferencesDialog) -> None:
    QTest.keyClicks(dialog.search, "Wheel")
    assert shown(dialog) == {"zoom_speed", "invert_wheel"}
    assert "<span" in dialog.rows["invert_wheel"].title.text()
    QTest.keyClicks(dialog.search, "xyz")
    assert shown(dialog) == set()
    assert "wheelxyz" in dialog.nothing_found.text().lower()
    assert dialog.nothing_found.isVisible()
    for _ in range(8):
        QTest.keyClick(dialog.search, Qt.Key.Key_Backspace)
    assert shown(dialog) == {known.name for known in PREFERENCES if known.page == PAGES[0]}
    assert "<span" not in dialog.rows["theme"].title.text()


def test_marks_keep_what_is_not_markup() -> None:
    assert highlighted("a < b & Ab", ["ab", "a"]).count("<span") == 2
    assert "&lt; b &amp;" in highlighted("a < b & Ab", ["ab", "a"])
    assert highlighted("1 + 1", ["+"]).count("<span") == 1


def test_reset_of_one_and_of_all_and_back(dialog: PreferencesDialog, workbench: Workbench) -> None:
    settings = workbench.settings
    assert not dialog.reset_button.isEnabled()
    assert not dialog.rows["theme"].reset_button.isVisible()
    choose(dialog.rows["theme"], 1)
    tick(dialog.rows["part_names"])
    QTest.mouseClick(dialog.rows["theme"].reset_button, LEFT)
    assert (settings.theme, settings.part_names) == ("dark", False)
    choose(dialog.rows["theme"], 1)
    QTest.mouseClick(dialog.reset_button, LEFT)
    assert (settings.theme, settings.part_names) == ("dark", True)
    assert dialog.reset_button.text() == "Undo reset"
    QTest.mouseClick(dialog.reset_button, LEFT)
    assert (settings.theme, settings.part_names) == ("light", False)
    assert dialog.reset_button.text() == "Reset all"


def test_changes_are_written_a_moment_later(
    dialog: PreferencesDialog, workbench: Workbench, qtbot: QtBot
) -> None:
    path = workbench.settings.path
    assert path is not None
    dialog.show_page("Files")
    type_number(dialog.rows["recent_limit"], "3")
    qtbot.waitUntil(lambda: path.exists(), timeout=10_000)
    assert json.loads(path.read_text())["recent_limit"] == 3
    assert len(workbench.settings.recent_files) <= 3


def test_what_cannot_be_written_is_told_once(workbench: Workbench, qtbot: QtBot) -> None:
    path = workbench.settings.path
    assert path is not None
    path.parent.parent.mkdir(parents=True, exist_ok=True)
    path.parent.write_text("not a folder")
    told: list[str] = []
    workbench.editor.message_posted.connect(lambda text, level: told.append(text))
    for size in (10, 11):
        workbench.window.preferences.set("text_size", size)
        workbench.window.preferences.save()
    assert len([text for text in told if str(path) in text]) == 1
    path.parent.unlink()


def test_bad_stored_values_are_told(qtbot: QtBot) -> None:
    settings = Settings()
    settings._take({"theme": "blue", "count": 99, "invert_wheel": "yes", "turn_speed": 2})
    assert (settings.theme, settings.count, settings.invert_wheel) == ("dark", 4, False)
    assert settings.turn_speed == 2.0
    assert len(settings.problems) == 3
    workbench = Workbench(settings, inline=True)
    assert "blue" in workbench.window.message.text()
    workbench.window.dialogs.show_preferences()
    (dialog,) = workbench.window.findChildren(PreferencesDialog)
    assert "a number from 1 to 9" in dialog.problems.text()
    dispose(workbench)


def test_values_that_are_not_possible_are_refused(workbench: Workbench) -> None:
    for name, value in (("theme", "blue"), ("count", 0), ("count", True), ("guidance", 99.0)):
        with pytest.raises(ValueError, match="can be"):
            workbench.window.preferences.set(name, value)
        assert getattr(workbench.settings, name) == BY_NAME[name].default


def test_the_wheel_scrolls_past_controls_without_changing_them(dialog: PreferencesDialog) -> None:
    dialog.show_page("Models")
    control = dialog.rows["count"].control
    dialog.search.setFocus()
    place = QPointF(control.rect().center())
    wheel = QWheelEvent(
        place,
        control.mapToGlobal(place),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(control, wheel)
    assert control.value() == 4  # type: ignore[attr-defined]


def test_opening_it_again_brings_the_same_dialog(
    dialog: PreferencesDialog, workbench: Workbench, qtbot: QtBot
) -> None:
    workbench.window.dialogs.show_preferences("Files")
    assert workbench.window.findChildren(PreferencesDialog) == [dialog]
    assert shown(dialog) == {known.name for known in PREFERENCES if known.page == "Files"}
    dialog.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog, timeout=10_000)
    QTest.keyClick(dialog.search, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_how_often_unsaved_work_is_kept(qtbot: QtBot, tmp_path: Path) -> None:
    workbench = Workbench(Settings(snapshot_seconds=30), NumpyEngine, inline=True, recovery_folder=tmp_path)
    recovery = workbench.recovery
    assert recovery is not None
    workbench.document.apply(Scene((make_shape(),)), "Add")
    qtbot.wait(300)
    assert recovery.session is None
    workbench.window.preferences.set("snapshot_seconds", 1)
    workbench.document.apply(Scene(()), "Empty")
    qtbot.waitUntil(lambda: recovery.session is not None, timeout=10_000)
    workbench.document.stack.setClean()
    dispose(workbench)


def test_the_last_scene_opens_again_and_a_missing_one_is_told(workbench: Workbench, tmp_path: Path) -> None:
    assert not workbench.window.files.reopen_last()
    path = tmp_path / "last.partsmith"
    assert workbench.window.files.save_to(path)
    workbench.document.new()
    assert workbench.window.files.reopen_last()
    assert workbench.document.path == path
    workbench.document.new()
    path.unlink()
    assert not workbench.window.files.reopen_last()
    assert "last.partsmith is not where it was" in workbench.window.message.text()
    assert workbench.settings.recent_files == [str(path)]
