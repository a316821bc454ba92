"""Shapes that come with a model: page by page as pictures, to be taken into the scene.

They are drawn by their Gaussians at once, and by their surfaces as these are decoded one after the other.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QListView,
    QListWidget,
    QListWidgetItem,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app import theme
from app.editor import Editor
from app.panels.images import rgb, to_pixmap
from app.panels.portrait import draw_portrait
from app.panels.provenance import model_names
from app.panels.widgets import icon_button, label, pad_number, row, set_role
from app.surfaces import DRAFT_RESOLUTION
from core.edits.requests import Browse, Decode
from core.edits.results import Browsed, Decoded
from core.scene.shape import Mesh, Shape

PAGE = 24
SIDE = 104
"""Side of a picture, logical pixels."""


class LibraryDialog(QDialog):
    """A grid of the shapes of a model; a double click takes one.

    Parameters
    ----------
    editor : Editor
    checkpoint : str
        Id of the model to begin with; "" = the first one that has shapes.
    """

    def __init__(self, editor: Editor, checkpoint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Shapes of a model")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(820, 620)
        self._editor = editor
        self._request: Browse | None = None
        self._job = 0
        self.shapes: tuple[Shape, ...] = ()
        self._to_draw: list[int] = []
        self._decode: Decode | None = None
        self._decode_job = 0
        info = editor.worker.info
        models = [model for model in info.models if model.shapes] if info is not None else []
        self.model = QComboBox()
        self.model.setAccessibleName("Model")
        names = model_names(models)
        for known in models:
            self.model.addItem(names[known.id], known.id)
        self.model.setCurrentIndex(max(self.model.findData(checkpoint), 0))
        self.first = QSpinBox()
        self.first.setAccessibleName("Number of the first shape")
        self.first.setKeyboardTracking(False)
        self.first.setSingleStep(PAGE)
        pad_number(self.first)
        self.back_button = icon_button("chevron-up", "Page back", "Show the shapes before these.")
        self.on_button = icon_button("chevron-down", "Page on", "Show the shapes after these.")
        self.count = label("", "muted")
        self.grid = QListWidget()
        self.grid.setAccessibleName("Shapes")
        self.grid.setViewMode(QListView.ViewMode.IconMode)
        self.grid.setResizeMode(QListView.ResizeMode.Adjust)
        self.grid.setMovement(QListView.Movement.Static)
        self.grid.setIconSize(QSize(SIDE, SIDE))
        self.grid.setGridSize(QSize(SIDE + 18, SIDE + 34))
        self.grid.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.note = label("", "muted", wrap=True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.take_button = buttons.addButton("Add to the scene", QDialogButtonBox.ButtonRole.ApplyRole)
        set_role(self.take_button, "primary")
        top = row(self.model, label("from number", "muted"), self.first, self.back_button, self.on_button)
        top.addWidget(self.count, 1)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(self.grid, 1)
        layout.addWidget(self.note)
        layout.addWidget(buttons)

        self.model.currentIndexChanged.connect(self._on_model_changed)
        self.first.valueChanged.connect(self._ask)
        self.back_button.clicked.connect(self._on_back)
        self.on_button.clicked.connect(self._on_forward)
        self.grid.itemSelectionChanged.connect(self._on_selection_changed)
        self.grid.itemDoubleClicked.connect(self._on_take)
        self.take_button.clicked.connect(self._on_take)
        buttons.rejected.connect(self.reject)
        editor.worker.job_finished.connect(self._on_job_finished)
        editor.worker.job_failed.connect(self._on_job_failed)
        editor.worker.job_cancelled.connect(self._on_job_cancelled)
        self._on_model_changed()

    @Slot()
    def _on_model_changed(self) -> None:
        info = self._editor.worker.info
        total = info.model(self.model.currentData()).shapes if info is not None and self.model.count() else 0
        self.first.blockSignals(True)
        self.first.setRange(0, max(total - 1, 0))
        self.first.setValue(0)
        self.first.blockSignals(False)
        self.count.setText(f"of {total:,}")
        self._ask()

    @Slot()
    def _ask(self) -> None:
        self._stop_drawing()
        self.grid.clear()
        self.shapes = ()
        self._on_selection_changed()
        if not self.model.count():
            self.note.setText(
                "No model at hand has shapes. Published ones do: Create > Import published models."
            )
            return
        self.note.setText("Reading…")
        self._request = Browse(checkpoint=self.model.currentData(), start=self.first.value(), count=PAGE)
        self._job = self._editor.submit(self._request)

    @Slot(int, object)
    def _on_job_finished(self, _job: int, result: object) -> None:
        if isinstance(result, Decoded) and result.request is self._decode:
            row = self._to_draw.pop(0)
            self.grid.item(row).setIcon(self._portrait(self.shapes[row], result.mesh))
            self._draw_next()
        if not isinstance(result, Browsed) or result.request is not self._request:
            return
        self.shapes = result.shapes
        self.note.setText("Double-click one, or choose several and add them.")
        for shape in result.shapes:
            item = QListWidgetItem(self._portrait(shape, None), shape.name)
            item.setToolTip(shape.origin)
            self.grid.addItem(item)
        self._to_draw = list(range(len(self.shapes)))
        self._draw_next()

    def _portrait(self, shape: Shape, mesh: Mesh | None) -> QIcon:
        ratio = self.devicePixelRatioF()
        pixmap = to_pixmap(draw_portrait(shape, mesh, round(SIDE * ratio), rgb(theme.colors().field)))
        pixmap.setDevicePixelRatio(ratio)
        return QIcon(pixmap)

    def _draw_next(self) -> None:
        """Ask for the next surface, one at a time: what a person does meanwhile comes between."""
        if not self._to_draw:
            self._decode = None
            return
        shape = self.shapes[self._to_draw[0]]
        self._decode = Decode(
            shape=shape, resolution=DRAFT_RESOLUTION, draft=True, checkpoint=shape.checkpoint
        )
        self._decode_job = self._editor.worker.submit(self._decode, "")

    def _stop_drawing(self) -> None:
        self._to_draw = []
        if self._decode is not None:
            self._decode = None
            self._editor.worker.cancel(self._decode_job)

    def done(self, result: int) -> None:
        self._stop_drawing()
        super().done(result)

    @Slot(int, str, str)
    def _on_job_failed(self, job: int, message: str, _trace: str) -> None:
        if job == self._job:
            self.note.setText(message)
        elif self._decode is not None and self._editor.worker.request_of(job) is self._decode:
            self._to_draw.pop(0)  # it has no surface: its Gaussians stay
            self._draw_next()

    @Slot(int)
    def _on_job_cancelled(self, job: int) -> None:
        # Surfaces that the scene does not show are given up when it changes.
        if self._decode is not None and self._editor.worker.request_of(job) is self._decode:
            self._draw_next()

    @Slot()
    def _on_selection_changed(self) -> None:
        self.take_button.setEnabled(bool(self.grid.selectedItems()))

    @Slot()
    def _on_back(self) -> None:
        self.first.setValue(self.first.value() - PAGE)

    @Slot()
    def _on_forward(self) -> None:
        if self.first.value() + PAGE <= self.first.maximum():
            self.first.setValue(self.first.value() + PAGE)

    @Slot()
    def _on_take(self) -> None:
        rows = sorted(self.grid.row(item) for item in self.grid.selectedItems())
        assert self._request is not None
        for index in rows:
            self._editor.take_shape(self.shapes[index], self._request, index)
        if rows:
            self.note.setText(f"Added {', '.join(self.shapes[index].name for index in rows)} to the scene.")
