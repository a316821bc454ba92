"""The widgets of the properties panel, without behaviour."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QLabel,
    QLineEdit,
    QScrollArea,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from app.panels.number_row import NumberRow
from app.panels.widgets import EmptyState, label, line, row, set_role

FIELD_LIMIT = 50.0
"""Largest coordinate and size that can be typed, domain units."""


class PropertiesForm(QWidget):
    """Name, state, three rows of numbers, provenance; or what to do when nothing is selected."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "panel")
        self._picture = QLabel()
        self.name_edit = QLineEdit()
        self.name_edit.setAccessibleName("Name")
        self.name_edit.setToolTip("What you call it. Enter renames, as one undo step.")
        self.about_label = label("", "muted", wrap=True)
        self.visible_box = QCheckBox("Visible")
        self.visible_box.setToolTip("Hidden parts are not drawn, picked or exported.")
        self.locked_box = QCheckBox("Locked")
        self.locked_box.setToolTip("Locked parts are left alone by every edit.")
        self.centre_row = NumberRow(
            "Centre",
            "Where the middle of the part is, in the shape's frame.",
            0.01,
            3,
            -FIELD_LIMIT,
            FIELD_LIMIT,
        )
        self.rotation_row = NumberRow(
            "Rotation", "Turn about x, then y, then z, in degrees.", 5.0, 1, -360.0, 360.0, "°"
        )
        self.size_row = NumberRow(
            "Size",
            "Lengths of the part's ellipsoid along its own axes (two standard deviations each way).",
            0.02,
            3,
            0.001,
            FIELD_LIMIT,
        )
        self.proportions_box = QCheckBox("Keep proportions")
        self.proportions_box.setToolTip("Changing one size changes the other two by the same factor.")
        self.note = label("", "warning", wrap=True)
        self.origin_heading = label("Where it comes from", "heading")
        self.origin_label = label("", "muted", wrap=True)
        self.origin_label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._empty = EmptyState(
            "part",
            "Nothing selected",
            "Click a part in the view or the outliner to see and set its exact numbers.",
        )
        body = QWidget()
        set_role(body, "panel")
        rows = QVBoxLayout(body)
        rows.setContentsMargins(12, 10, 12, 10)
        rows.setSpacing(7)
        name_row = row(self._picture, self.name_edit, spacing=8)
        name_row.setStretch(1, 1)
        rows.addLayout(name_row)
        rows.addWidget(self.about_label)
        rows.addLayout(row(self.visible_box, self.locked_box, 1, spacing=14))
        rows.addWidget(line())
        for widget in (self.centre_row, self.rotation_row, self.size_row, self.proportions_box, self.note):
            rows.addWidget(widget)
        rows.addWidget(line())
        rows.addWidget(self.origin_heading)
        rows.addWidget(self.origin_label)
        rows.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(body)
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(scroll)
