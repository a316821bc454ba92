"""Forms: names stand on one line with what is in their fields, in both themes and at all text sizes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication, QComboBox, QFormLayout, QLabel, QListWidget, QSpinBox, QWidget

from app import theme
from app.panels.sampling_box import SamplingBox
from app.panels.training_form import TrainingForm
from app.panels.widgets import Form
from app.preference_table import PREFERENCES

TEXT_SIZES = [value for row in PREFERENCES if row.name == "text_size" for value, _ in row.choices]


@pytest.fixture
def dressed(qapp: QApplication) -> Iterator[Callable[[bool, int], None]]:
    dark = theme.is_dark()
    yield lambda wanted, size: theme.apply_theme(qapp, wanted, size)
    theme.apply_theme(qapp, dark)


def rows(widget: QWidget) -> list[tuple[QWidget, QWidget]]:
    """Name and (first) field of every row that is shown."""
    (form,) = widget.findChildren(QFormLayout)
    found = []
    for number in range(form.rowCount()):
        name = form.itemAt(number, QFormLayout.ItemRole.LabelRole).widget()
        item = form.itemAt(number, QFormLayout.ItemRole.FieldRole)
        layout = item.layout()
        field = item.widget() if layout is None else layout.itemAt(0).widget()
        if form.isRowVisible(number):
            found.append((name, field))
    return found


@pytest.mark.parametrize("dark", [True, False])
@pytest.mark.parametrize("size", TEXT_SIZES)
def test_names_and_fields_are_on_one_line(
    dark: bool,
    size: int,
    dressed: Callable[[bool, int], None],
    shown: Callable[[QWidget], QWidget],
) -> None:
    dressed(dark, size)
    for widget in (SamplingBox(), TrainingForm()):
        shown(widget)
        pairs = rows(widget)
        assert len(pairs) >= 3
        for name, field in pairs:
            off = name.geometry().center().y() - field.geometry().center().y()
            assert abs(off) <= 1, f"{type(widget).__name__}: {name.text()} is {off} pixels off"
        # Larger words make fields of one line grow a little more than spin boxes.
        typed = {field.height() for _, field in pairs if not isinstance(field, QComboBox)}
        assert max(typed) - min(typed) <= (1 if size <= theme.TEXT_SIZE else 3), (
            f"fields of different heights: {typed}"
        )


def test_beside_a_list_the_name_stays_at_its_top(shown: Callable[[QWidget], QWidget]) -> None:
    widget = QWidget()
    form = Form(widget)
    listed = QListWidget()
    form.addRow("Shapes", listed)
    form.addRow("Count", QSpinBox())
    shown(widget)
    (name, _), (count, spin) = rows(widget)
    assert isinstance(name, QLabel)
    assert name.geometry().bottom() < listed.geometry().center().y()
    assert abs(count.geometry().center().y() - spin.geometry().center().y()) <= 1
