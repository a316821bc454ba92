"""The Mix page: which parts of which other shape go into the active one, and what they replace."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app import theme
from app.edit_titles import parts_phrase
from app.editor import Editor, TakeSource
from app.panels.edit_pages import EditPage, sampling
from app.panels.images import chip_icon, qt_colors, rgb, rounded, to_pixmap
from app.panels.portrait import draw_portrait
from app.panels.provenance import counted
from app.panels.sampling_box import SamplingSettings
from app.panels.strength_slider import StrengthSlider
from app.panels.widgets import Elided, EmptyState, icon_button, label, row
from core.edits import proposals
from core.edits.job import EditError
from core.edits.requests import Mix, Sampled
from core.edits.words import parts_replaced
from core.scene.part_names import shown_names
from core.scene.scene import Scene
from core.scene.shape import Shape
from core.scene.twins import with_twins

PORTRAIT_SIDE = 132
REDRAW_MILLISECONDS = 60
"""Several changes at once (a decode, checks of twins) redraw the picture once."""

ALIKE, SELECTED, NOTHING = "alike", "selected", "nothing"


class MixPage(EditPage):
    """Source shape (combo, picture, check list of parts), what to replace, strength of the refinement."""

    key, icon, name, kind = "mix", "mix", "Mix", Mix
    tip = "Take parts of another shape into this one. Tick what to take; the joints are refined after."

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(editor, parent)
        self._filling = False
        self._shown: Shape | None = None
        self._drawn: tuple[object, ...] = ()
        """What the picture shows: drawing it takes as long as a frame of the view."""
        self.source_combo = QComboBox()
        self.source_combo.setAccessibleName("Source shape")
        self.source_combo.setToolTip("The shape to take parts from. It is not changed.")
        self.picture = QLabel()
        self.picture.setFixedSize(PORTRAIT_SIDE, PORTRAIT_SIDE)
        self.picture.setAccessibleName("Picture of the source shape")
        self.part_list = QListWidget()
        self.part_list.setAccessibleName("Parts to take from the source shape")
        self.part_list.setFixedHeight(PORTRAIT_SIDE)
        self.part_list.setUniformItemSizes(True)
        self.part_list.setIconSize(QSize(12, 12))
        self.all_button = icon_button("accept", "Take all parts", "Tick all parts of the source shape.")
        self.none_button = icon_button("close", "Take no parts", "Untick all parts of the source shape.")
        self.selection_button = icon_button(
            "select",
            "Take the parts selected in the source",
            "Tick the parts of the source shape that are selected in the view.",
        )
        self.taken_label = Elided("", "muted")
        self.drop_combo = QComboBox()
        self.drop_combo.setAccessibleName("What the taken parts replace")
        self.drop_combo.setToolTip("Which parts of the target make room for the taken ones.")
        self.strength = StrengthSlider(0.0, 0.5, 0.1, zero_text="Raw: put together, not refined")
        for combo in (self.source_combo, self.drop_combo):
            # A long name must not push the panel wider.
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            combo.setMinimumContentsLength(8)
        self._empty = EmptyState(
            "mix",
            "Mixing needs a second shape",
            "Generate another shape, duplicate this one, or open a scene with several. "
            "Then choose here which parts to take from it.",
        )
        body = QWidget()
        rows = QVBoxLayout(body)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        source_row = row(label("Take from", "muted"), self.source_combo, spacing=8)
        source_row.setStretch(1, 1)
        rows.addLayout(source_row)
        chooser = row(self.picture, self.part_list, spacing=8)
        chooser.setStretch(1, 1)
        rows.addLayout(chooser)
        taken_row = row(self.taken_label, self.all_button, self.none_button, self.selection_button, spacing=2)
        taken_row.setStretch(0, 1)
        rows.addLayout(taken_row)
        drop_row = row(label("In place of", "muted"), self.drop_combo, spacing=8)
        drop_row.setStretch(1, 1)
        rows.addLayout(drop_row)
        rows.addWidget(self.strength)
        self._stack = QStackedWidget()
        self._stack.addWidget(body)
        self._stack.addWidget(self._empty)
        self.rows.addWidget(self._stack)
        self._redraw = QTimer(self, singleShot=True, interval=REDRAW_MILLISECONDS)
        self._redraw.timeout.connect(self._on_redraw_timed_out)

        self.source_combo.activated.connect(self._on_source_chosen)
        self.part_list.itemChanged.connect(self._on_item_changed)
        self.all_button.clicked.connect(self._on_all_clicked)
        self.none_button.clicked.connect(self._on_none_clicked)
        self.selection_button.clicked.connect(self._on_selection_clicked)
        self.drop_combo.activated.connect(self.changed)
        self.strength.strength_changed.connect(self.changed)
        editor.document.scene_changed.connect(self._on_scene_changed)
        editor.document.selection_changed.connect(self._on_selection_changed)
        editor.mesh_changed.connect(self._on_mesh_changed)
        editor.take_source_changed.connect(self._on_take_source_changed)
        theme.changes.theme_changed.connect(self._on_theme_changed)
        self._refresh()

    # --- request --------------------------------------------------------------------------------------

    def request(self, settings: SamplingSettings) -> Mix:
        base = self._base()
        source = self.source
        if source is None:
            raise EditError("Mixing needs a second shape in the scene.")
        return proposals.mix_request(
            base, source, self.taken, self._drop(base), self.strength.strength, sampling(settings)
        )

    def run(self, settings: SamplingSettings) -> int | None:
        base, source = self.editor.active_shape, self.source
        if base is None or source is None:
            return None
        return self.editor.mix(
            source.id, self.taken, self._drop(base), self.strength.strength, **sampling(settings)
        )

    def words(self, request: Sampled) -> str:
        assert isinstance(request, Mix)
        taken = parts_phrase(request.source, request.take)
        return f"Mix {taken} of {request.source.name} into {request.base.name}"

    def restore(self, request: Sampled) -> None:
        assert isinstance(request, Mix)
        self.strength.set_strength(request.strength)
        if request.source.id in self.editor.scene:
            self.editor.take_source = TakeSource(request.source.id, frozenset(request.take))

    def focus(self) -> None:
        self.part_list.setFocus()

    @property
    def source(self) -> Shape | None:
        """The shape to take from: the chosen one, never the active one."""
        chosen = self.editor.take_source
        active = self.editor.active_shape
        others = [shape for shape in self.editor.scene if shape is not active]
        if chosen is not None:
            for shape in others:
                if shape.id == chosen.shape_id:
                    return shape
        return others[0] if others else None

    @property
    def taken(self) -> tuple[int, ...]:
        """Ids of the ticked parts of the source."""
        chosen, source = self.editor.take_source, self.source
        if chosen is None or source is None or chosen.shape_id != source.id:
            return ()
        return tuple(part_id for part_id in source.part_ids if part_id in chosen.parts)

    def _drop(self, base: Shape) -> tuple[int, ...] | None:
        """Part ids to replace; None lets the editor choose those of the same kinds."""
        mode = self.drop_combo.currentData()
        if mode == NOTHING:
            return ()
        return self.editor.target_parts(base) if mode == SELECTED else None

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._redraw.start()

    # --- what changes what is shown -------------------------------------------------------------------

    @Slot(int)
    def _on_source_chosen(self, index: int) -> None:
        self.editor.take_source = TakeSource(str(self.source_combo.itemData(index)))

    @Slot(QListWidgetItem)
    def _on_item_changed(self, item: QListWidgetItem) -> None:
        source = self.source
        if self._filling or source is None:
            return
        part_id = int(item.data(Qt.ItemDataRole.UserRole))
        ids = [part_id]
        if self.editor.twins_enabled:
            ids = list(with_twins(source, ids, locked=True))
        taken = set(self.taken)
        taken = taken | set(ids) if item.checkState() == Qt.CheckState.Checked else taken - set(ids)
        self._take(source, taken)

    @Slot()
    def _on_all_clicked(self) -> None:
        if self.source is not None:
            self._take(self.source, set(self.source.part_ids))

    @Slot()
    def _on_none_clicked(self) -> None:
        if self.source is not None:
            self._take(self.source, set())

    @Slot()
    def _on_selection_clicked(self) -> None:
        if self.source is not None:
            self._take(self.source, set(self.editor.selection.of_shape(self.source.id)))

    def _take(self, source: Shape, parts: set[int]) -> None:
        wanted = TakeSource(source.id, frozenset(parts))
        if wanted == self.editor.take_source:
            self._refresh()
        self.editor.take_source = wanted

    @Slot(object)
    def _on_take_source_changed(self, source: object) -> None:
        self._refresh()

    @Slot(object, object)
    def _on_scene_changed(self, old: Scene, new: Scene) -> None:
        self._refresh()

    @Slot(object)
    def _on_selection_changed(self, selection: object) -> None:
        self._refresh()

    @Slot(str)
    def _on_mesh_changed(self, shape_id: str) -> None:
        if self._shown is not None and self._shown.id == shape_id:
            self._redraw.start()

    @Slot(bool)
    def _on_theme_changed(self, dark: bool) -> None:
        self._redraw.start()

    def _refresh(self) -> None:
        source, active = self.source, self.editor.active_shape
        self._stack.setCurrentIndex(0 if source is not None and active is not None else 1)
        self._filling = True
        self._fill_sources(active, source)
        if source is not None:
            self._fill_parts(source)
        if active is not None:
            self._fill_drop(active, source)
        self._filling = False
        if source is not None:
            here = len(self.editor.selection.of_shape(source.id))
            self.selection_button.setEnabled(here > 0)
            taken = self.taken
            self.taken_label.setText(
                f"Taking {parts_phrase(source, taken)}" if taken else "Tick the parts to take"
            )
        self._redraw.start()
        self.changed.emit()

    def _fill_sources(self, active: Shape | None, source: Shape | None) -> None:
        self.source_combo.clear()
        for shape in self.editor.scene:
            if shape is not active:
                self.source_combo.addItem(f"{shape.name} ({counted(len(shape.parts), 'part')})", shape.id)
        if source is not None:
            self.source_combo.setCurrentIndex(self.source_combo.findData(source.id))

    def _fill_parts(self, source: Shape) -> None:
        taken = set(self.taken)
        if self._shown is not source:
            self.part_list.clear()
            names = shown_names(source)
            for part, name, color in zip(source.parts, names, qt_colors(source), strict=True):
                item = QListWidgetItem(chip_icon(color), name)
                item.setData(Qt.ItemDataRole.UserRole, part.id)
                item.setToolTip(f"Tick to take {name} ({part.label}) of {source.name}")
                item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable)
                self.part_list.addItem(item)
            self._shown = source
        for number in range(self.part_list.count()):
            item = self.part_list.item(number)
            ticked = int(item.data(Qt.ItemDataRole.UserRole)) in taken
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)

    def _fill_drop(self, active: Shape, source: Shape | None) -> None:
        mode = self.drop_combo.currentData()
        targets = self.editor.target_parts(active)
        alike = () if source is None else parts_replaced(active, source, self.taken)
        self.drop_combo.clear()
        same = f"parts of the same kind ({parts_phrase(active, alike) if alike else 'none'})"
        self.drop_combo.addItem(same, ALIKE)
        if targets:
            self.drop_combo.addItem(f"the selection ({parts_phrase(active, targets)})", SELECTED)
        self.drop_combo.addItem("nothing, add them", NOTHING)
        if mode is None or self.drop_combo.findData(mode) < 0:
            mode = ALIKE
        self.drop_combo.setCurrentIndex(self.drop_combo.findData(mode))

    @Slot()
    def _on_redraw_timed_out(self) -> None:
        source = self.source
        if source is None or not self.isVisible():
            return
        ratio, mesh, taken = self.devicePixelRatioF(), self.editor.mesh_of(source), self.taken
        wanted = (source, mesh, taken, theme.colors(), ratio)
        if wanted == self._drawn:
            return
        self._drawn = wanted
        side, paper = round(PORTRAIT_SIDE * ratio), rgb(theme.colors().field)
        pixmap = to_pixmap(draw_portrait(source, mesh, side, paper, set(taken) or None))
        pixmap.setDevicePixelRatio(ratio)
        self.picture.setPixmap(rounded(pixmap, 6 * ratio))
