"""How a mesh file is to stand before it becomes a shape: a picture, its axes, unit and size."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from app import theme
from app.originals import Originals
from app.panels.images import rgb, to_pixmap
from app.panels.portrait import draw_points
from app.panels.widgets import label, set_role
from core.edits.results import Inspected
from core.scene.original import DIRECTIONS, Placement

PICTURE = 300
UNITS = ((1.0, "metres"), (0.01, "centimetres"), (0.001, "millimetres"), (0.0254, "inches"), (0.3048, "feet"))
COLOR = (0.62, 0.68, 0.78)


class ImportDialog(QDialog):
    """Shows a file once the worker has looked into it; Import encodes it and closes the dialog at once."""

    def __init__(self, originals: Originals, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Import mesh")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._originals = originals
        self._path = path
        self._found: Inspected | None = None
        self.picture = QLabel()
        self.picture.setFixedSize(PICTURE, PICTURE)
        self.picture.setAccessibleName("The mesh as it will stand, from the front right")
        self.up_combo, self.front_combo, self.unit_combo = QComboBox(), QComboBox(), QComboBox()
        for combo, name in (
            (self.up_combo, "Up axis"),
            (self.front_combo, "Front axis"),
            (self.unit_combo, "Unit"),
        ):
            combo.setAccessibleName(name)
        for direction in DIRECTIONS:
            self.up_combo.addItem(direction.upper(), direction)
        for metres, unit in UNITS:
            self.unit_combo.addItem(unit.capitalize(), metres)
        self.scale_box = QCheckBox("Scale to fit")
        self.scale_box.setChecked(True)
        self.scale_box.setToolTip("Off: the file is in the editor's own frame, within -1 and 1, already.")
        self.fit_box = QCheckBox("Then fit the parts to the mesh")
        self.fit_box.setToolTip(
            "Optimises the parts for some seconds; can be cancelled and undone by itself."
        )
        self.size_label, self.facts = label("", "muted"), label(f"Reading {path.name}…", "muted", wrap=True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.import_button = self.buttons.addButton("Import", QDialogButtonBox.ButtonRole.AcceptRole)
        set_role(self.import_button, "primary")
        self.import_button.setDefault(True)
        form = QFormLayout()
        form.setVerticalSpacing(10)
        form.setHorizontalSpacing(14)
        form.addRow(label("Up", "muted"), self.up_combo)
        form.addRow(label("Front", "muted"), self.front_combo)
        form.addRow(label("Unit", "muted"), self.unit_combo)
        form.addRow(label("Size", "muted"), self.size_label)
        form.addRow("", self.scale_box)
        form.addRow("", self.fit_box)
        right = QVBoxLayout()
        right.addLayout(form)
        right.addStretch(1)
        columns = QHBoxLayout()
        columns.setSpacing(18)
        columns.addWidget(self.picture)
        columns.addLayout(right, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 16)
        layout.setSpacing(14)
        layout.addWidget(label(f"Import {path.name}", "title"))
        layout.addLayout(columns)
        layout.addWidget(self.facts)
        layout.addWidget(self.buttons)
        self.setMinimumWidth(620)
        self.up_combo.currentIndexChanged.connect(self._on_up_changed)
        self.front_combo.currentIndexChanged.connect(self._on_changed)
        self.unit_combo.currentIndexChanged.connect(self._on_changed)
        self.scale_box.toggled.connect(self._on_changed)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        originals.inspected.connect(self._on_inspected)
        originals.inspection_failed.connect(self._on_inspection_failed)
        self._refresh()
        self._request = originals.inspect(path)

    @property
    def placement(self) -> Placement:
        """How the mesh is to stand, as chosen."""
        assert self._found is not None
        up, front = str(self.up_combo.currentData()), str(self.front_combo.currentData())
        if self.scale_box.isChecked():
            return Placement.fitting(self._found.low, self._found.high, up, front)
        return Placement(up, front)

    @property
    def unit(self) -> float:
        """Metres per unit of the file."""
        return float(self.unit_combo.currentData())

    def accept(self) -> None:
        """Bring the mesh in, as it stands in the picture."""
        if self._found is not None:
            self._originals.bring_in(self._path, self.placement, self.unit, self.fit_box.isChecked())
            super().accept()

    @Slot(object)
    def _on_inspected(self, found: Inspected) -> None:
        if found.request.path != str(self._path) or self._found is not None:
            return
        units = [metres for metres, _ in UNITS]
        if found.unit not in units:
            self.unit_combo.addItem(f"{found.unit:g} m", found.unit)
        self.unit_combo.setCurrentIndex(self.unit_combo.findData(found.unit))
        self.up_combo.setCurrentIndex(self.up_combo.findData(found.placement.up))
        self._offer_fronts(found.placement.front)
        what = f"{found.faces:,} points" if found.cloud else f"{found.faces:,} triangles"
        axes = "as the format says" if found.up_known else "found with the model"
        unit = "as the file says" if found.unit_known else "guessed from the size"
        self.facts.setText(f"{what}. Axes {axes}, unit {unit}: correct them if the picture is wrong.")
        # Only now: half of the choices made are none that a placement could be worked out from.
        self._found = found
        self._refresh()

    @Slot(str, str)
    def _on_inspection_failed(self, path: str, reason: str) -> None:
        if path == str(self._path) and self._found is None:
            set_role(self.facts, "warning")
            self.facts.setText(reason)

    @Slot(int)
    def _on_up_changed(self, _index: int) -> None:
        self._offer_fronts(str(self.front_combo.currentData() or ""))
        self._refresh()

    @Slot()
    def _on_changed(self) -> None:
        self._refresh()

    def _offer_fronts(self, wanted: str) -> None:
        """Only what is across from up can be the front."""
        up = str(self.up_combo.currentData())
        self.front_combo.blockSignals(True)
        self.front_combo.clear()
        for direction in DIRECTIONS:
            if direction[1] != up[1]:
                self.front_combo.addItem(direction.upper(), direction)
        self.front_combo.setCurrentIndex(max(self.front_combo.findData(wanted), 0))
        self.front_combo.blockSignals(False)

    def _refresh(self) -> None:
        found = self._found
        for widget in (self.up_combo, self.front_combo, self.unit_combo, self.scale_box, self.fit_box):
            widget.setEnabled(found is not None)
        self.import_button.setEnabled(found is not None)
        background = rgb(theme.colors().field)
        if found is None:
            empty = np.zeros((0, 3), np.float32)
            self.picture.setPixmap(to_pixmap(draw_points(empty, empty, COLOR, PICTURE, background)))
            return
        placement = self.placement
        points = placement.to_shape(found.points).astype(np.float32)
        normals = (found.normals @ placement.rotation.T).astype(np.float32)
        self.picture.setPixmap(to_pixmap(draw_points(points, normals, COLOR, PICTURE, background)))
        turned = replace(placement, centre=(0.0, 0.0, 0.0), scale=1.0)
        size = np.abs(turned.to_shape(np.subtract(found.high, found.low)[None])[0]) * self.unit
        self.size_label.setText(" × ".join(f"{value:.3g}" for value in size) + " m (w × h × d)")
