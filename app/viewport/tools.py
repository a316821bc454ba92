"""What the mouse and the keys do in the viewport: navigate, select, box, and the transforms.

One gesture runs at a time. Tools never write the scene: a transform is previewed by the editor, and its end
is one `Editor.transform_selection` or nothing at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from app.viewport.gizmo import Handle, cross_view_at, handle_at, handles
from app.viewport.navigation import Navigation, navigates
from app.viewport.stage import Stage
from app.viewport.transform import KINDS, Constraint, Kind, Transform
from app.viewport.transform_tool import TransformTool
from core.scene.groups import members
from core.scene.selection import PartRef, Selection

CLICK_SLOP = 4.0
"""Logical pixels the mouse may travel between press and release of a click."""
AREA_TEXTS = {
    "box": "Box select      drag round the parts  ·  Shift adds  ·  Esc cancels",
    "lasso": "Lasso select      draw a line round the parts  ·  Shift adds  ·  Esc cancels",
    "paint": "Paint select      drag over the parts  ·  Shift adds  ·  Esc ends",
    "mix": "Mix by hand      drag the selected parts, or another one, onto another shape  ·  Esc cancels",
}

Modifier = Qt.KeyboardModifier
Button = Qt.MouseButton
Gesture = Literal["click", "orbit", "pan", "zoom", "box", "lasso", "paint", "mix", "transform", "cross"]

_KIND_KEYS: dict[int, Kind] = {Qt.Key.Key_G: "move", Qt.Key.Key_R: "rotate", Qt.Key.Key_S: "scale"}


@dataclass
class _Press:
    """The mouse button that is down, and what it turned into."""

    button: Button
    start: tuple[float, float]
    gesture: Gesture
    modifiers: Modifier
    view: str = ""
    double: bool = False

    @property
    def shift(self) -> bool:
        return bool(self.modifiers & Modifier.ShiftModifier)

    @property
    def control(self) -> bool:
        return bool(self.modifiers & Modifier.ControlModifier)


class Tools:
    """The state machine between mouse, keys, selection and editor.

    Attributes
    ----------
    mode : Kind
        Which handles the gizmo shows.
    box : tuple of float or None
        Corners x0, y0, x1, y1 of the selection rectangle.
    trail : list of tuple of float
        Where the mouse has been during a lasso or paint stroke.
    navigation : Navigation
        Which buttons turn, move and zoom the view.
    turn_speed, zoom_speed : float
        How much a drag turns and a notch of the wheel zooms; a negative zoom turns the wheel round.
    lit : Constraint, "free" or None
        The handle under the mouse; `lit_view` is the ball of the axis cross under it.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._moving = TransformTool(stage)
        self.mode: Kind = "move"
        self.box: tuple[float, float, float, float] | None = None
        self.lit: Constraint | str | None = None
        self.lit_view = ""
        self.mouse = (0.0, 0.0)
        self.mouse_inside = False
        self.trail: list[tuple[float, float]] = []
        self.navigation: Navigation = "default"
        self.turn_speed = self.zoom_speed = 1.0
        self._armed = ""
        self._before_paint = Selection()
        self._press: _Press | None = None

    # ------------------------------------------------------------------ questions

    @property
    def transform(self) -> Transform | None:
        """The transform that is going on."""
        return self._moving.transform

    @property
    def local_axes(self) -> bool:
        """Whether handles and axis keys mean the part's own axes, not the scene's."""
        return self._moving.local

    @local_axes.setter
    def local_axes(self, local: bool) -> None:
        self._moving.local = local

    @property
    def name(self) -> str:
        """What is going on: a kind of transform, "box", "lasso", "paint", "mix", or "select" for nothing."""
        if self.transform is not None:
            return self.transform.kind
        return self._armed or ("box" if self.box is not None else "select")

    @property
    def busy(self) -> bool:
        """Whether hovering makes no sense now."""
        pressed = self._press is not None and self._press.gesture != "click"
        return self.transform is not None or pressed

    @property
    def wants_keys(self) -> bool:
        """Whether keys belong to the running tool rather than to shortcuts."""
        return self.name != "select"

    def handles(self) -> list[Handle]:
        """The gizmo as it stands, empty while a tool runs or nothing is selected."""
        pivot = self._moving.pivot()
        if pivot is None or self.wants_keys or not self._stage.as_it_is:
            return []
        stage = self._stage
        axes = self._moving.handle_axes()
        return handles(self.mode, pivot, stage.camera, stage.view_size, stage.look, axes)

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
        if name not in (*KINDS, *AREA_TEXTS, "select"):
            raise ValueError(f"there is no tool {name!r}")
        self.cancel()
        if name in AREA_TEXTS:
            self._armed = name
            self._stage.set_tool_text(AREA_TEXTS[name])
            self._stage.tool_was_changed(name)
        for kind in KINDS:
            if kind == name:
                self.mode = kind
                if self.mouse_inside:
                    self._moving.start(kind, self.mouse)

    def cancel(self) -> bool:
        """Give up the running tool, leaving scene and selection as they were; False if none ran."""
        if not self.wants_keys:
            return False
        self._moving.cancel()
        if self._press is not None and self._press.gesture == "paint":
            self._stage.editor.document.set_selection(self._before_paint)
        if self._armed == "mix":
            self._stage.show_mix(None)
        self._armed, self.box, self._press, self.trail = "", None, None, []
        self._finish()
        return True

    # ------------------------------------------------------------------ mouse

    def pressed(self, button: Button, x: float, y: float, modifiers: Modifier, double: bool = False) -> None:
        """A button went down, for the second time within a moment if `double`."""
        self.mouse, self.mouse_inside = (x, y), True
        if button == Button.RightButton and self.cancel():
            return
        if self.transform is not None and not self._moving.by_handle:
            if button == Button.LeftButton:
                self._commit()
            return
        if self._press is not None:
            return
        self._press = _Press(button, (x, y), "click", modifiers, double=double)
        moves_view = navigates(self.navigation, button, modifiers)
        if moves_view is not None:
            self._press.gesture = moves_view
        elif button == Button.LeftButton:
            self._left_pressed(self._press, x, y)

    def _left_pressed(self, press: _Press, x: float, y: float) -> None:
        if self._armed == "lasso":
            press.gesture, self.trail = "lasso", [press.start]
            return
        if self._armed == "paint":
            press.gesture, self.trail = "paint", [press.start]
            document = self._stage.editor.document
            self._before_paint = document.selection
            if not press.shift:
                document.set_selection(document.selection.cleared())
            self._paint(x, y)
            return
        if self._armed == "mix":
            press.gesture = "mix"
            found = self._stage.part_at(x, y)
            document = self._stage.editor.document
            if found is not None and found not in document.selection.parts:
                document.set_selection(document.selection.replaced([found]))
            return
        if self._armed == "box" or press.control:
            press.gesture = "box"
            return
        press.view = cross_view_at(self._stage.camera, self._stage.view_size, x, y)
        if press.view:
            press.gesture = "cross"
            return
        if press.double and self._group_at(x, y):
            return  # the first click may have put a handle there
        handle = handle_at(self.handles(), x, y)
        if handle is not None and self._moving.start(self.mode, (x, y), handle.constraint, by_handle=True):
            press.gesture = "transform"

    def moved(self, x: float, y: float, modifiers: Modifier) -> None:
        """The mouse went somewhere in the picture."""
        before, self.mouse, self.mouse_inside = self.mouse, (x, y), True
        if self.transform is not None:
            self._moving.follow(x, y, modifiers)
            return
        press = self._press
        if press is None:
            self._light(x, y)
            return
        far = np.hypot(x - press.start[0], y - press.start[1]) >= CLICK_SLOP
        if press.gesture == "click" and far and press.button == Button.LeftButton:
            press.gesture = "box" if self.navigation != "default" else "pan" if press.shift else "orbit"
            before = press.start
        stage = self._stage
        if press.gesture == "orbit":
            speed = self.turn_speed
            stage.camera = stage.camera.orbited(speed * (x - before[0]), speed * (y - before[1]))
        elif press.gesture == "pan":
            stage.camera = stage.camera.panned(x - before[0], y - before[1], stage.view_size)
        elif press.gesture == "zoom":
            factor = 0.99 ** (x - before[0] - (y - before[1]))
            stage.camera = stage.camera.zoomed(factor, *press.start, stage.view_size)
        elif press.gesture in ("lasso", "paint"):
            self.trail.append((x, y))
            if press.gesture == "paint":
                self._paint(x, y)
        elif press.gesture == "box" and (far or self.box is not None):
            self.box = (*press.start, x, y)
        elif press.gesture == "mix":
            stage.show_mix((x, y))

    def released(self, button: Button, x: float, y: float) -> None:
        """A button went up."""
        press = self._press
        if press is None or press.button != button:
            return
        self._press = None
        if press.gesture == "click" and button == Button.LeftButton:
            self._click(x, y, toggles=press.shift, double=press.double)
        elif press.gesture == "click" and button == Button.RightButton:
            self._stage.request_context_menu(x, y)
        elif press.gesture == "cross":
            self._stage.set_view(press.view)
        elif press.gesture == "transform":
            self._commit()
        elif press.gesture == "lasso":
            self._end_lasso(press)
        elif press.gesture == "paint":
            # Stays armed: one paints stroke by stroke until Esc.
            self.trail = []
        elif press.gesture == "box":
            self._end_box(x, y, press)
        elif press.gesture == "mix":
            self._armed = ""
            self._finish()
            self._stage.drop_mix(x, y)

    def left(self) -> None:
        """The mouse has gone elsewhere."""
        self.mouse_inside = False
        self.lit, self.lit_view = None, ""

    def turned_wheel(self, steps: float, x: float, y: float) -> None:
        """Zoom to the cursor; a positive step (one notch) comes nearer."""
        if self.transform is None:
            stage = self._stage
            stage.camera = stage.camera.zoomed(0.88 ** (self.zoom_speed * steps), x, y, stage.view_size)

    # ------------------------------------------------------------------ keys

    def key(self, event: QKeyEvent) -> bool:
        """Give a key to the running tool; False if it has no use for it."""
        key = event.key()
        if key == Qt.Key.Key_Escape:
            return self.cancel()
        if self.transform is None:
            return False
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._commit()
        elif key in _KIND_KEYS and not self._moving.by_handle:
            self.begin(_KIND_KEYS[key])
        else:
            return self._moving.key(event)
        return True

    # ------------------------------------------------------------------ inside

    def _click(self, x: float, y: float, toggles: bool, double: bool = False) -> None:
        document = self._stage.editor.document
        found, group = self._stage.part_at(x, y), self._group_at(x, y) if double else []
        if group:
            selection = document.selection
            document.set_selection(selection.added(group) if toggles else selection.replaced(group))
        elif found is not None:
            selection = document.selection
            document.set_selection(selection.toggled([found]) if toggles else selection.replaced([found]))
        elif not toggles:
            document.set_selection(document.selection.cleared())

    def _group_at(self, x: float, y: float) -> list[PartRef]:
        """The group of the part drawn at a place: its parts, none if the part is in none."""
        found = self._stage.part_at(x, y)
        if found is None:
            return []
        shape = self._stage.editor.document.scene.shape(found.shape_id)
        return [PartRef(shape.id, part_id) for part_id in members(shape, shape.part(found.part_id).group)]

    def _end_box(self, x: float, y: float, press: _Press) -> None:
        box, self.box, self._armed = self.box, None, ""
        if box is not None:
            x0, y0 = box[:2]
            self._select_within(np.array([[x0, y0], [x, y0], [x, y], [x0, y]]), press.shift)
        elif press.control:
            self._click(x, y, toggles=True)
        self._finish()

    def _end_lasso(self, press: _Press) -> None:
        trail, self.trail, self._armed = self.trail, [], ""
        if len(trail) > 2:
            self._select_within(np.array(trail), press.shift)
        self._finish()

    def _select_within(self, outline: NDArray[np.float64], adds: bool) -> None:
        document = self._stage.editor.document
        found = sorted(self._stage.parts_within(outline))
        selection = document.selection
        document.set_selection(selection.added(found) if adds else selection.replaced(found))

    def _paint(self, x: float, y: float) -> None:
        """Add what lies under the brush."""
        document = self._stage.editor.document
        found = self._stage.part_at(x, y)
        if found is not None and found not in document.selection.parts:
            part = document.scene.shape(found.shape_id).part(found.part_id)
            if not part.locked:
                document.set_selection(document.selection.added([found]))

    def _light(self, x: float, y: float) -> None:
        """Find what the mouse is over among the handles and the axis cross."""
        self.lit_view = cross_view_at(self._stage.camera, self._stage.view_size, x, y)
        handle = None if self.lit_view else handle_at(self.handles(), x, y)
        self.lit = None if handle is None else (handle.constraint or "free")

    def _commit(self) -> None:
        self._press = None
        self._moving.commit()
        self._finish()

    def _finish(self) -> None:
        self._stage.set_tool_text("")
        self._stage.tool_was_changed(self.name)
