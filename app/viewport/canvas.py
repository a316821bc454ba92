"""The viewport: the picture of a document, and what the tools need to work on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.document import Document
from app.editor import Editor
from app.heat import HeatMap
from app.viewport.blend_bar import BlendBar
from app.viewport.explode_bar import ExplodeBar
from app.viewport.hover import Hover
from app.viewport.labels import Labels
from app.viewport.legend import HeatLegend
from app.viewport.mix_by_hand import drop_text, mixed_ghost
from app.viewport.mouse_and_keys import MouseAndKeys
from app.viewport.overlay import Drawing
from app.viewport.picture import Picture
from app.viewport.replay_bar import ReplayBar
from app.viewport.tool_drawing import tool_drawing
from app.viewport.tools import AREA_TEXTS, Tools
from app.viewport.transform import KINDS
from core.edits.job import EditError, Preview
from core.edits.results import Candidate
from core.scene.part_names import shown_name
from core.scene.picking import parts_within, pick
from core.scene.scene import Scene
from core.scene.selection import PartRef
from core.scene.shape import Mesh, Shape

EMPTY_TEXT = "Nothing here yet\nGenerate a chair with Ctrl+G, or drop a scene or mesh file here"

CANDIDATES_TEXT = "Nothing here yet\nCandidates appear below: hover one to see it, click it to take it in"


class EmptyPage(Protocol):
    """A widget for the middle of the viewport while there is nothing to see."""

    def place(self) -> None:
        """Go where it belongs after the viewport's size has changed."""

    def setVisible(self, visible: bool) -> None: ...


class Viewport(Picture):
    """The 3D view of a document.

    Parameters
    ----------
    document : Document
    editor : Editor

    Signals
    -------
    hovered(PartRef or None)
        The part under the mouse has changed.
    tool_changed(str)
        See `Tools.name`.
    context_menu_requested(QPoint)
        Right click, in global coordinates; the part under it is selected by then.
    mix_dropped(str source, tuple of int parts, str target)
        Parts were dragged from one shape onto another.
    """

    hovered = Signal(object)
    tool_changed = Signal(str)
    context_menu_requested = Signal(object)
    mix_dropped = Signal(str, object, str)

    def __init__(self, document: Document, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(editor, parent)
        self.document = document
        self.labels = Labels(self)
        self._empty_page: EmptyPage | None = None
        self.explode_bar = ExplodeBar(self)
        self.explode_bar.amount_changed.connect(self.set_explosion)
        self.blend_bar = BlendBar(self)
        self.replay_bar = ReplayBar(self)
        self.legend = HeatLegend(self)
        self.tools = Tools(self)
        self._tool_name = "select"
        self._pinned: Candidate | None = None
        self._mixing: tuple[str, tuple[int, ...], str] | None = None
        self._hover = Hover(self)
        self._hover.due.connect(self._on_hover_due)
        self._input = MouseAndKeys(self.surface, self.tools, self)
        self._input.gesture_begun.connect(self._turn.begin_gesture)
        self._input.used.connect(self._on_input_used)
        self._input.mouse_left.connect(self._on_mouse_left)
        self.surface.setAccessibleName("3D view")
        self.surface.setAccessibleDescription("Every part is also in the outliner, with the same commands.")
        self.setFocusProxy(self.surface)
        self.setMinimumSize(200, 180)
        document.scene_changed.connect(self._on_scene_changed)
        document.selection_changed.connect(self._on_selection_changed)
        editor.mesh_changed.connect(self._on_mesh_changed)
        editor.drag_mesh_changed.connect(self._on_drag_mesh_changed)
        editor.candidate_hovered.connect(self._on_candidate_hovered)
        editor.preview_changed.connect(self._on_preview_changed)
        editor.twins_changed.connect(self._on_twins_changed)
        self.set_theme(True)
        self._refresh()

    # ------------------------------------------------------------------ appearance

    def set_theme(self, dark: bool) -> None:
        super().set_theme(dark)
        self.labels.set_look(self._look)

    def show_heat(self, heat: HeatMap | None) -> None:
        """Draw a shape or candidate by how far it is from something else, with a legend; None = as usual."""
        self.view.show_heat(heat)
        self._refresh()

    def pin(self, candidate: Candidate | None) -> None:
        """Show a candidate in its place whenever no other one is looked at."""
        self._pinned = self.view.candidate = candidate
        self._refresh()

    def set_explosion(self, amount: float) -> None:
        """Draw parts apart: 0 = as they are, 1 = twice as far from the middle."""
        self.view.explosion.amount = amount
        self._refresh()
        self._hover.ask()

    # ------------------------------------------------------------------ tools

    def begin_tool(self, name: str) -> None:
        """Start a transform (which ends an exploded view) or a way to select; see `Tools.begin`."""
        self._turn.settle()
        if name in KINDS:
            self.explode_bar.close_view()
        self.surface.setFocus(Qt.FocusReason.OtherFocusReason)
        self.tools.begin(name)
        self.canvas.update()

    def cancel_tool(self) -> bool:
        """Give up what the mouse or a tool is doing; False if there was nothing to give up."""
        cancelled = self.tools.cancel()
        self.canvas.update()
        return cancelled

    def set_local_axes(self, local: bool) -> None:
        """Let handles and axis keys mean the part's own axes, or the scene's."""
        self.tools.local_axes = local
        self.canvas.update()

    def part_at(self, x: float, y: float) -> PartRef | None:
        """The part drawn nearest to the eye at a logical pixel."""
        return pick(
            self.view.explosion.scene(self.document.scene),
            self.view.meshes(),
            self.ray_at(x, y),
            mode="ellipsoids" if self.view.display == "ellipsoids" else "surface",
        )

    def parts_within(self, outline: NDArray[np.float64]) -> frozenset[PartRef]:
        """Parts inside an outline [M, 2] of logical pixels."""
        scene, size = self.view.explosion.scene(self.document.scene), self.view_size
        return parts_within(
            scene, self.view.meshes(), lambda points: self.camera.project(points, size), outline
        )

    def set_drag_matrix(self, matrix: NDArray[np.float64]) -> None:
        """What the running transform amounts to; the editor's answers are drawn relative to it."""
        self.view.drags.matrix = matrix

    def set_tool_text(self, text: str) -> None:
        self.labels.show_tool(text)

    def tool_was_changed(self, name: str) -> None:
        if name != self._tool_name:
            self._tool_name = name
            self.tool_changed.emit(name)
        self._set_hovered(None)
        self.canvas.update()

    def show_mix(self, place: tuple[float, float] | None) -> None:
        """Show the selected parts in the shape under a pixel, as a mix would put them there; None ends it."""
        wanted = self._mix_at(*place) if place is not None else None
        if wanted == self._mixing:
            return
        self._mixing, ghost = wanted, None
        text = AREA_TEXTS["mix"]
        if wanted is not None:
            source, take, target = wanted
            try:
                scene = self.document.scene
                ghost = mixed_ghost(self.editor, scene.shape(source), take, scene.shape(target))
                text = drop_text(len(take), scene.shape(target))
            except EditError as error:
                self.editor.post(str(error), "warning")
        self.pin(ghost)
        if self.tools.name == "mix":
            self.set_tool_text(text)

    def drop_mix(self, x: float, y: float) -> None:
        """Ask for the mix that `show_mix` shows, if there is one."""
        dropped = self._mix_at(x, y)
        self.show_mix(None)
        if dropped is not None:
            self.mix_dropped.emit(*dropped)

    def _mix_at(self, x: float, y: float) -> tuple[str, tuple[int, ...], str] | None:
        """Source, its selected parts with twins, and target of a drag to a pixel; None away from others."""
        found, selection = self.part_at(x, y), self.document.selection
        sources = {ref.shape_id for ref in selection.parts}
        if found is None or len(sources) != 1 or found.shape_id in sources:
            return None
        (source,) = sources
        return source, self.editor.target_parts(self.document.scene.shape(source)), found.shape_id

    def request_context_menu(self, x: float, y: float) -> None:
        found = self.part_at(x, y)
        selection = self.document.selection
        if found is not None and found not in selection.parts:
            self.document.set_selection(selection.replaced([found]))
        self.context_menu_requested.emit(self.surface.mapToGlobal(QPoint(round(x), round(y))))

    # ------------------------------------------------------------------ Qt events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.labels.place()
        if self._empty_page is not None:
            self._empty_page.place()
        self.explode_bar.place()
        self.blend_bar.place()
        self.replay_bar.place()
        self.legend.place()
        self.canvas.update()

    # ------------------------------------------------------------------ slots

    @Slot(object, object)
    def _on_scene_changed(self, old: Scene, new: Scene) -> None:
        self.tools.cancel()
        if self.view.hovered is not None:
            self._set_hovered(None)
        self._refresh()
        known = {shape.id for shape in old}
        bounds = self.view.bounds()
        if bounds is not None and any(shape.id not in known for shape in new):
            if not self._turn.goal.shows(*bounds, self.view_size):
                self.frame(None)

    @Slot(object)
    def _on_selection_changed(self, _selection: object) -> None:
        if self.tools.transform is not None:
            self.tools.cancel()
        self._refresh()

    @Slot(str)
    def _on_mesh_changed(self, _shape_id: str) -> None:
        self._refresh()
        self._hover.ask()

    @Slot(str, object, object)
    def _on_drag_mesh_changed(self, shape_id: str, mesh: Mesh | None, shape: Shape | None) -> None:
        scene = self.document.scene
        base = scene.shape(shape_id) if shape_id in scene else None
        if shape is None or base is None:
            self.view.drags.end(shape_id, base)
        else:
            self.view.drags.update(base, mesh, shape)
        self._refresh()

    @Slot(object)
    def _on_candidate_hovered(self, candidate: Candidate | None) -> None:
        self.view.candidate = candidate if candidate is not None else self._pinned
        self._refresh()

    @Slot(object)
    def _on_preview_changed(self, preview: Preview | None) -> None:
        self.view.preview = preview
        self._refresh()

    @Slot(bool)
    def _on_twins_changed(self, _enabled: bool) -> None:
        self._refresh()

    @Slot()
    def _on_input_used(self) -> None:
        self._hover.ask()
        self.canvas.update()

    @Slot()
    def _on_mouse_left(self) -> None:
        self._set_hovered(None)

    @Slot()
    def _on_hover_due(self) -> None:
        tools = self.tools
        if not tools.mouse_inside or tools.busy or tools.lit is not None or tools.lit_view:
            self._set_hovered(None)
        else:
            self._set_hovered(self.part_at(*tools.mouse))

    # ------------------------------------------------------------------ inside

    def overlay_drawing(self) -> Drawing:
        return tool_drawing(self.tools, self.camera, self.view_size, self._look)

    def _refresh(self) -> None:
        super()._refresh()
        self.legend.show_heat(self.view.heat_shown)
        self.show_emptiness()

    def set_empty_page(self, page: EmptyPage, wanted: Callable[[], bool]) -> None:
        """Show a child of the viewport while there is nothing to see and it is wanted, else words."""
        self._empty_page, self._page_wanted = page, wanted
        self.show_emptiness()

    @Slot()
    def show_emptiness(self) -> None:
        """Show the page or the words of an empty scene, or neither."""
        nothing = not len(self.document.scene) and self.view.candidate is None and self.view.preview is None
        if self._empty_page is None:
            self.labels.show_empty(EMPTY_TEXT if nothing else "")
            return
        with_page = nothing and self._page_wanted()
        self._empty_page.setVisible(with_page)
        self.labels.show_empty(CANDIDATES_TEXT if nothing and not with_page else "")

    def _set_hovered(self, ref: PartRef | None) -> None:
        text = ""
        if ref is not None:
            shape = self.document.scene.shape(ref.shape_id)
            part = shape.part(ref.part_id)
            text = shown_name(shape, ref.part_id) + ("  (locked)" if part.locked else "")
            if len(self.document.scene) > 1:
                text += f"  ·  {shape.name}"
        self.labels.show_part(text, *self.tools.mouse)
        if ref != self.view.hovered:
            self.view.hovered = ref
            self._refresh()
            self.hovered.emit(ref)
