"""What the mouse and the keys do in the viewport: navigate, select, box, move, rotate, scale.

One gesture runs at a time. Tools never write the scene: while a transform runs the editor previews it, and
its end is one `Editor.transform_selection` or nothing at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from app.edit_titles import parts_phrase
from app.editor import Editor
from app.viewport.camera import Camera
from app.viewport.gizmo import Handle, cross_view_at, handle_at, handles
from app.viewport.look import Look
from app.viewport.transform import AXIS_NAMES, KINDS, Constraint, Kind, Transform, matched_axes
from core.scene.gaussians import axes as part_axes
from core.scene.selection import PartRef
from core.scene.shape import CENTRE

CLICK_SLOP = 4.0
"""Logical pixels the mouse may travel between press and release of a click."""

Modifier = Qt.KeyboardModifier
Button = Qt.MouseButton
Gesture = Literal["click", "orbit", "pan", "box", "transform", "cross"]

_AXIS_KEYS = {Qt.Key.Key_X: 0, Qt.Key.Key_Y: 1, Qt.Key.Key_Z: 2}
_KIND_KEYS: dict[int, Kind] = {Qt.Key.Key_G: "move", Qt.Key.Key_R: "rotate", Qt.Key.Key_S: "scale"}


class Stage(Protocol):
    """What the tools need of the viewport."""

    camera: Camera
    editor: Editor
    look: Look

    @property
    def view_size(self) -> tuple[float, float]: ...
    def part_at(self, x: float, y: float) -> PartRef | None: ...
    def parts_in_box(self, x0: float, y0: float, x1: float, y1: float) -> frozenset[PartRef]: ...
    def set_view(self, name: str) -> None: ...
    def set_drag_matrix(self, matrix: NDArray[np.float64]) -> None: ...
    def set_tool_text(self, text: str) -> None: ...
    def tool_was_changed(self, name: str) -> None: ...
    def request_context_menu(self, x: float, y: float) -> None: ...


@dataclass
class _Press:
    """The mouse button that is down, and what it turned into."""

    button: Button
    start: tuple[float, float]
    last: tuple[float, float]
    gesture: Gesture
    modifiers: Modifier
    view: str = ""


class Tools:
    """The state machine between mouse, keys, selection and editor."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.mode: Kind = "move"
        """Which handles the gizmo shows."""
        self.transform: Transform | None = None
        self.box: tuple[float, float, float, float] | None = None
        self.lit: Constraint | str | None = None
        self.lit_view = ""
        self.mouse = (0.0, 0.0)
        self.mouse_inside = False
        self._box_armed = False
        self._press: _Press | None = None
        self._by_handle = False

    # ------------------------------------------------------------------ questions

    @property
    def name(self) -> str:
        """ "move", "rotate", "scale", "box", or "select" when nothing is going on."""
        if self.transform is not None:
            return self.transform.kind
        return "box" if self._box_armed or self.box is not None else "select"

    @property
    def busy(self) -> bool:
        """Whether hovering makes no sense now."""
        pressed = self._press is not None and self._press.gesture != "click"
        return self.transform is not None or pressed

    @property
    def wants_keys(self) -> bool:
        """Whether keys belong to the running tool rather than to shortcuts."""
        return self.transform is not None or self._box_armed or self.box is not None

    def pivot(self) -> NDArray[np.float64] | None:
        """Middle of the selected parts' centres, scene frame; None if nothing is selected."""
        document = self._stage.editor.document
        centres = [
            shape.extrinsics[shape.rows(ids)][:, CENTRE].astype(np.float64) + np.asarray(shape.position)
            for shape in document.scene
            if shape.visible and (ids := document.selection.of_shape(shape.id))
        ]
        return np.concatenate(centres).mean(axis=0) if centres else None

    def handles(self) -> list[Handle]:
        """The gizmo as it stands, empty while a tool runs or nothing is selected."""
        pivot = self.pivot()
        if pivot is None or self.wants_keys:
            return []
        stage = self._stage
        return handles(self.mode, pivot, stage.camera, stage.view_size, stage.look)

    # ------------------------------------------------------------------ tools

    def begin(self, name: str) -> None:
        """Start a tool.

        With the mouse in the picture a transform follows it at once; from a button elsewhere only the
        handles change, ready to be dragged.

        Raises
        ------
        ValueError
            For an unknown name.
        """
        if name not in (*KINDS, "box", "select"):
            raise ValueError(f"there is no tool {name!r}")
        self.cancel()
        if name == "box":
            self._box_armed = True
            self._stage.set_tool_text("Box select   drag round the parts   ·   Shift adds   ·   Esc cancels")
            self._stage.tool_was_changed("box")
            return
        for kind in KINDS:
            if kind == name:
                self.mode = kind
                if self.mouse_inside and self.pivot() is not None:
                    self._start_transform(kind, self.mouse, None)

    def cancel(self) -> bool:
        """Give up the running gesture or tool, leaving scene and selection as they were; False if none ran."""
        ran = self.transform is not None or self.wants_keys
        if self.transform is not None:
            self._end_transform()
            self._stage.editor.preview_transform(None)
        if self._box_armed or self.box is not None:
            self._box_armed, self.box = False, None
        if ran:
            self._press = None
            self._finish()
        return ran

    # ------------------------------------------------------------------ mouse

    def pressed(self, button: Button, x: float, y: float, modifiers: Modifier) -> None:
        self.mouse, self.mouse_inside = (x, y), True
        if self.transform is not None and not self._by_handle:
            if button == Button.LeftButton:
                self._commit()
            elif button == Button.RightButton:
                self.cancel()
            return
        if self._press is not None:
            if self.wants_keys and button == Button.RightButton:
                self.cancel()
            return
        self._press = _Press(button, (x, y), (x, y), "click", modifiers)
        shift = bool(modifiers & Modifier.ShiftModifier)
        if button == Button.MiddleButton:
            self._press.gesture = "pan" if shift else "orbit"
        elif button == Button.RightButton and self._box_armed:
            self.cancel()
        elif button == Button.LeftButton:
            self._left_pressed(x, y)

    def _left_pressed(self, x: float, y: float) -> None:
        assert self._press is not None
        if self._box_armed or self._press.modifiers & Modifier.ControlModifier:
            self._press.gesture = "box"
            return
        self._press.view = cross_view_at(self._stage.camera, self._stage.view_size, x, y)
        if self._press.view:
            self._press.gesture = "cross"
            return
        handle = handle_at(self.handles(), x, y)
        if handle is not None:
            self._press.gesture = "transform"
            self._start_transform(self.mode, (x, y), handle.constraint, by_handle=True)

    def moved(self, x: float, y: float, modifiers: Modifier) -> None:
        before, self.mouse, self.mouse_inside = self.mouse, (x, y), True
        if self.transform is not None:
            self._follow(x, y, modifiers)
            return
        press = self._press
        if press is None:
            self._light(x, y)
            return
        far = np.hypot(x - press.start[0], y - press.start[1]) >= CLICK_SLOP
        if press.gesture == "click" and far and press.button == Button.LeftButton:
            shift = bool(press.modifiers & Modifier.ShiftModifier)
            press.gesture = "pan" if shift else "orbit"
            before = press.start
        stage = self._stage
        dx, dy = x - before[0], y - before[1]
        if press.gesture == "orbit":
            stage.camera = stage.camera.orbited(dx, dy)
        elif press.gesture == "pan":
            stage.camera = stage.camera.panned(dx, dy, stage.view_size)
        elif press.gesture == "box" and (far or self.box is not None):
            self.box = (*press.start, x, y)

    def released(self, button: Button, x: float, y: float) -> None:
        press = self._press
        if press is None or press.button != button:
            return
        self._press = None
        if press.gesture == "click" and button == Button.LeftButton:
            self._click(x, y, bool(press.modifiers & Modifier.ShiftModifier))
        elif press.gesture == "click" and button == Button.RightButton:
            self._stage.request_context_menu(x, y)
        elif press.gesture == "cross":
            self._stage.set_view(press.view)
        elif press.gesture == "transform" and self.transform is not None:
            self._commit()
        elif press.gesture == "box":
            self._end_box(x, y, press)

    def left(self) -> None:
        """The mouse has gone elsewhere."""
        self.mouse_inside = False
        self.lit, self.lit_view = None, ""

    def turned_wheel(self, steps: float, x: float, y: float) -> None:
        """Zoom to the cursor; a positive step (one notch) comes nearer."""
        if self.transform is None:
            stage = self._stage
            stage.camera = stage.camera.zoomed(0.88**steps, x, y, stage.view_size)

    # ------------------------------------------------------------------ keys

    def key(self, event: QKeyEvent) -> bool:
        """Give a key to the running tool; False if it has no use for it."""
        key, text = event.key(), event.text()
        if key == Qt.Key.Key_Escape:
            return self.cancel()
        transform = self.transform
        if transform is None:
            return False
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._commit()
            return True
        if key in _AXIS_KEYS:
            transform.constrain(
                _AXIS_KEYS[Qt.Key(key)], plane=bool(event.modifiers() & Modifier.ShiftModifier)
            )
        elif key in _KIND_KEYS and not self._by_handle:
            self.begin(_KIND_KEYS[key])
            return True
        elif key == Qt.Key.Key_Backspace:
            transform.backspace()
        elif not transform.type(text):
            return False
        self._show_transform()
        return True

    # ------------------------------------------------------------------ inside: selection

    def _click(self, x: float, y: float, toggles: bool) -> None:
        document = self._stage.editor.document
        found = self._stage.part_at(x, y)
        if found is not None:
            selection = document.selection
            document.set_selection(selection.toggled([found]) if toggles else selection.replaced([found]))
        elif not toggles:
            document.set_selection(document.selection.cleared())

    def _end_box(self, x: float, y: float, press: _Press) -> None:
        box, self.box, self._box_armed = self.box, None, False
        if box is not None:
            document = self._stage.editor.document
            found = sorted(self._stage.parts_in_box(box[0], box[1], x, y))
            adds = bool(press.modifiers & Modifier.ShiftModifier)
            selection = document.selection
            document.set_selection(selection.added(found) if adds else selection.replaced(found))
        elif press.modifiers & Modifier.ControlModifier:
            self._click(x, y, toggles=True)
        self._finish()

    def _light(self, x: float, y: float) -> None:
        """Find what the mouse is over among the handles and the axis cross."""
        self.lit_view = cross_view_at(self._stage.camera, self._stage.view_size, x, y)
        handle = None if self.lit_view else handle_at(self.handles(), x, y)
        self.lit = None if handle is None else (handle.constraint or "free")

    # ------------------------------------------------------------------ inside: transforms

    def _start_transform(
        self,
        kind: Kind,
        start: tuple[float, float],
        constraint: Constraint | None,
        by_handle: bool = False,
    ) -> None:
        pivot = self.pivot()
        if pivot is None:
            return
        stage = self._stage
        self.transform = Transform(
            kind, pivot, stage.camera, stage.view_size, start, constraint, self._local_axes()
        )
        self._by_handle = by_handle
        self._show_transform()
        stage.tool_was_changed(kind)

    def _local_axes(self) -> NDArray[np.float64]:
        """Axes of the selected part of the active shape with the lowest id, matched to x, y, z."""
        document = self._stage.editor.document
        for shape in document.scene:
            ids = document.selection.of_shape(shape.id)
            if ids and shape.id == document.selection.active_shape:
                return matched_axes(part_axes(shape.extrinsics)[shape.row(ids[0])])
        return np.eye(3)

    def _follow(self, x: float, y: float, modifiers: Modifier) -> None:
        assert self.transform is not None
        self.transform.mouse_moved(
            x,
            y,
            fine=bool(modifiers & Modifier.ShiftModifier),
            snapping=bool(modifiers & Modifier.ControlModifier),
        )
        self._show_transform()

    def _show_transform(self) -> None:
        transform = self.transform
        assert transform is not None
        matrix = transform.matrix()
        self._stage.set_drag_matrix(matrix)
        self._stage.editor.preview_transform(matrix)
        typed = f"   [{transform.typed}]" if transform.typed else ""
        self._stage.set_tool_text(
            f"{transform.title}   {transform.value_text()}{typed}      "
            "X Y Z axis  ·  Shift fine  ·  Ctrl steps  ·  Enter applies  ·  Esc cancels"
        )

    def _commit(self) -> None:
        transform = self.transform
        assert transform is not None
        if transform.unchanged:
            self.cancel()
            return
        text = f"{transform.title} {self._selection_phrase()} {self._axis_phrase(transform)}".strip()
        self._end_transform()
        self._stage.editor.transform_selection(transform.matrix(), text)
        self._finish()

    def _end_transform(self) -> None:
        self.transform = None
        self._by_handle = False
        self._press = None

    def _selection_phrase(self) -> str:
        document = self._stage.editor.document
        pairs = [(shape, document.selection.of_shape(shape.id)) for shape in document.scene]
        pairs = [(shape, ids) for shape, ids in pairs if ids]
        return parts_phrase(*pairs[0]) if len(pairs) == 1 else f"{len(document.selection.parts)} parts"

    @staticmethod
    def _axis_phrase(transform: Transform) -> str:
        constraint = transform.constraint
        if constraint is None:
            return ""
        word = "about" if transform.kind == "rotate" else ("in" if constraint.plane else "along")
        axis = AXIS_NAMES[constraint.axis]
        if constraint.plane and transform.kind != "rotate":
            axis = AXIS_NAMES.replace(axis, "")
        return f"{word} {'its own ' if constraint.local else ''}{axis}"

    def _finish(self) -> None:
        self._stage.set_drag_matrix(np.eye(4))
        self._stage.set_tool_text("")
        self._stage.tool_was_changed(self.name)
