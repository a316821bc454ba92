"""Choose what to export, in which format, how fine, and where to."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app import theme
from app.document import Document
from app.editor import Editor, Placing
from app.panels.print_check import PrintCheck
from app.panels.provenance import counted
from app.panels.widgets import Form, label, pad_number, row, set_role

FORMATS = (
    ("glb", "GLB", "parts as named, coloured nodes; for Blender, engines and the web"),
    ("obj", "OBJ", "parts as groups with a material file; opens everywhere"),
    ("ply", "PLY", "one mesh with a colour per vertex; for research tools"),
    ("stl", "STL", "one mesh without colours; for printing"),
    ("3mf", "3MF", "one object per shape with a colour per part; for printing"),
)
PURPOSES = (
    ("As it is (domain units, Y up)", "", "", Placing(size=0.0, z_up=False, on_floor=False), False),
    ("Game (metres, Y up, on the floor)", "glb", " m", Placing(size=1.0, z_up=False, on_floor=True), False),
    (
        "Print (millimetres, Z up, on the floor)",
        "3mf",
        " mm",
        Placing(size=100.0, z_up=True, on_floor=True),
        True,
    ),
)
"""What a file is for: title, usual format, unit, placing with the usual longest side, whether to print."""
RESOLUTIONS = (
    (64, "Draft, 64 cells", "quick look"),
    (128, "Normal, 128 cells", "good for most uses"),
    (256, "Fine, 256 cells", "eight times the work of Normal"),
)


class ExportDialog(QDialog):
    """Format, resolution, shapes, hidden parts, file. Export runs as a job; the dialog closes at once."""

    def __init__(self, document: Document, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export mesh")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(480)
        self._document = document
        self._editor = editor
        self.format_combo = QComboBox()
        self.format_combo.setAccessibleName("File format")
        for suffix, name, purpose in FORMATS:
            self.format_combo.addItem(f"{name}: {purpose}", suffix)
        self.purpose_combo = QComboBox()
        self.purpose_combo.setAccessibleName("Purpose")
        self.purpose_combo.setToolTip("Units, up axis and floor as the program that reads the file expects.")
        for title, *_ in PURPOSES:
            self.purpose_combo.addItem(title)
        self.size_spin = QDoubleSpinBox(minimum=0.01, maximum=10_000.0, decimals=2)
        pad_number(self.size_spin)
        self.size_spin.setAccessibleName("Longest side")
        self.size_spin.setToolTip("Length of the longest side of everything that is exported.")
        self.resolution_combo = QComboBox()
        self.resolution_combo.setAccessibleName("Resolution")
        self.resolution_combo.setToolTip("Cells per side of the grid that the surface is computed on.")
        for cells, name, purpose in RESOLUTIONS:
            self.resolution_combo.addItem(f"{name} ({purpose})", cells)
        self.resolution_combo.setCurrentIndex(1)
        self.shape_list = QListWidget()
        self.shape_list.setAccessibleName("Shapes to export")
        self.shape_list.setIconSize(QSize(16, 16))
        for shape in document.scene:
            item = QListWidgetItem(theme.icon("chair"), f"{shape.name} ({counted(len(shape.parts), 'part')})")
            item.setData(Qt.ItemDataRole.UserRole, shape.id)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if shape.visible else Qt.CheckState.Unchecked)
            self.shape_list.addItem(item)
        self.shape_list.setFixedHeight(min(max(len(document.scene), 2), 6) * 22 + 8)
        self.hidden_box = QCheckBox("Include hidden parts")
        hidden = sum(not part.visible for shape in document.scene for part in shape.parts)
        self.hidden_box.setEnabled(hidden > 0)
        self.hidden_box.setToolTip(
            f"{counted(hidden, 'part')} hidden in this scene."
            if hidden
            else "No part is hidden in this scene."
        )
        imported = [shape for shape in document.scene if shape.original is not None]
        self.frame_box = QCheckBox("Imported shapes where they were in their file")
        self.frame_box.setToolTip("Place, axes and unit of the file they came from; in metres in a GLB.")
        self.keep_box = QCheckBox("Cut unedited parts from their file")
        self.keep_box.setToolTip(
            "Parts that nobody edited since the import keep the triangles of the file; the others come from "
            "the model and are drawn onto them at the joints."
        )
        for box in (self.frame_box, self.keep_box):
            box.setVisible(bool(imported))
        self.path_edit = QLineEdit(str(self._default_path()))
        self.path_edit.setAccessibleName("File to write")
        self.browse_button = QPushButton("Choose…")
        self.browse_button.setToolTip("Choose folder and name of the file.")
        self.reason = label("", "warning", wrap=True)
        self.print_check = PrintCheck(editor.worker)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.export_button = QPushButton("Export")
        set_role(self.export_button, "primary")
        buttons.addButton(self.export_button, QDialogButtonBox.ButtonRole.AcceptRole)
        self.export_button.setDefault(True)
        path_row = row(self.path_edit, self.browse_button)
        path_row.setStretch(0, 1)
        form = Form()
        form.setVerticalSpacing(10)
        form.setHorizontalSpacing(14)
        form.addRow(label("For", "muted"), self.purpose_combo)
        form.addRow(label("Format", "muted"), self.format_combo)
        form.addRow(label("Longest side", "muted"), self.size_spin)
        self._form = form
        form.setRowVisible(self.size_spin, False)
        form.addRow(label("Resolution", "muted"), self.resolution_combo)
        form.addRow(label("Shapes", "muted"), self.shape_list)
        form.addRow(label("", "muted"), self.hidden_box)
        if imported:
            form.addRow(label("", "muted"), self.frame_box)
            form.addRow(label("", "muted"), self.keep_box)
        form.addRow(label("File", "muted"), path_row)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 16)
        layout.setSpacing(14)
        layout.addWidget(label("Export mesh", "title"))
        layout.addLayout(form)
        layout.addWidget(self.print_check)
        layout.addWidget(self.reason)
        layout.addWidget(buttons)

        self.purpose_combo.currentIndexChanged.connect(self._on_purpose_changed)
        self.format_combo.currentIndexChanged.connect(self._on_format_changed)
        self.browse_button.clicked.connect(self._on_browse_clicked)
        self.path_edit.textChanged.connect(self._on_path_changed)
        self.print_check.changed.connect(self._on_print_check_changed)
        self.shape_list.itemChanged.connect(self._on_item_changed)
        self.keep_box.toggled.connect(self._on_option_changed)
        self.hidden_box.toggled.connect(self._on_option_changed)
        self.resolution_combo.currentIndexChanged.connect(self._on_option_changed)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self._refresh()

    @property
    def path(self) -> Path:
        """File to write, with the suffix of the chosen format."""
        path = Path(self.path_edit.text().strip()).expanduser()
        suffix = f".{self.format_combo.currentData()}"
        return path if path.suffix.lower() == suffix else path.with_name(path.name + suffix)

    @property
    def resolution(self) -> int:
        return int(self.resolution_combo.currentData())

    @property
    def shape_ids(self) -> tuple[str, ...]:
        """Ids of the ticked shapes, in outliner order."""
        items = [self.shape_list.item(number) for number in range(self.shape_list.count())]
        return tuple(
            str(item.data(Qt.ItemDataRole.UserRole))
            for item in items
            if item.checkState() == Qt.CheckState.Checked
        )

    @property
    def include_hidden(self) -> bool:
        return self.hidden_box.isChecked()

    @property
    def placing(self) -> Placing:
        """Units, axes and floor as chosen."""
        placing = PURPOSES[self.purpose_combo.currentIndex()][3]
        if not placing["size"]:
            return placing
        return Placing(size=self.size_spin.value(), z_up=placing["z_up"], on_floor=placing["on_floor"])

    def accept(self) -> None:
        """Submit the export, after asking about a file that is there already."""
        path = self.path
        if path.exists():
            answer = QMessageBox.question(
                self, "Replace the file?", f"{path.name} is there already. Replace it?"
            )
            if answer != QMessageBox.StandardButton.Yes:
                return
        job = self._editor.export(
            path,
            self.resolution,
            self.shape_ids,
            self.include_hidden,
            None if self.frame_box.isChecked() else self.placing,
            original_frame=self.frame_box.isChecked(),
            keep_original=self.keep_box.isChecked(),
        )
        if job is None:
            self.reason.setText("None of the chosen shapes has a visible part.")
            self.reason.show()
            return
        super().accept()

    def done(self, result: int) -> None:
        self.print_check.stop()
        super().done(result)

    @Slot(int)
    def _on_purpose_changed(self, index: int) -> None:
        _, suffix, unit, placing, _ = PURPOSES[index]
        self._form.setRowVisible(self.size_spin, placing["size"] > 0)
        if placing["size"] > 0:
            self.size_spin.setSuffix(unit)
            self.size_spin.setValue(placing["size"])
            self.format_combo.setCurrentIndex(self.format_combo.findData(suffix))
        self._refresh()

    @Slot(int)
    def _on_format_changed(self, index: int) -> None:
        text = self.path_edit.text().strip()
        known = {f".{suffix}" for suffix, _, _ in FORMATS}
        path = Path(text)
        if text and path.suffix.lower() in known:
            self.path_edit.setText(str(path.with_suffix(f".{self.format_combo.currentData()}")))
        self._refresh()

    @Slot()
    def _on_browse_clicked(self) -> None:
        suffix = str(self.format_combo.currentData())
        name, _ = QFileDialog.getSaveFileName(
            self,
            "Export mesh",
            str(self.path),
            f"{suffix.upper()} files (*.{suffix})",
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        if name:
            self.path_edit.setText(name)

    @Slot()
    def _on_print_check_changed(self) -> None:
        """Give wrapped words the height they need: a dialog that is open does not grow by itself."""
        if self.isVisible():
            height = self.heightForWidth(self.width())
            self.resize(self.width(), height if height > 0 else self.sizeHint().height())

    @Slot(str)
    def _on_path_changed(self, text: str) -> None:
        self._refresh()

    @Slot(QListWidgetItem)
    def _on_item_changed(self, item: QListWidgetItem) -> None:
        self._refresh()

    @Slot()
    def _on_option_changed(self) -> None:
        self._refresh()

    def _refresh(self) -> None:
        if PURPOSES[self.purpose_combo.currentIndex()][4]:
            shapes = self._editor.shapes_to_export(self.shape_ids, self.include_hidden)
            self.print_check.look_at(shapes, self.resolution, self.keep_box.isChecked())
        else:
            self.print_check.stop()
        if not self.shape_ids:
            reason = "Tick at least one shape."
        elif not self.path_edit.text().strip():
            reason = "Name the file to write."
        elif not self.path.parent.is_dir():
            reason = f"There is no folder {self.path.parent}."
        else:
            reason = self._editor.worker.error
        self.export_button.setEnabled(not reason)
        self.reason.setText(reason)
        self.reason.setVisible(bool(reason))

    def _default_path(self) -> Path:
        folder = self._document.path.parent if self._document.path else Path.home()
        return folder / f"{self._document.title}.glb"
