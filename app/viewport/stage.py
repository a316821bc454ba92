"""What the tools need of the viewport: an interface, so that they can be read and tested by themselves."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.editor import Editor
from app.viewport.camera import Camera
from app.viewport.look import Look
from core.scene.selection import PartRef


class Stage(Protocol):
    """The viewport as the tools see it. Positions are logical pixels from the top left corner."""

    camera: Camera
    editor: Editor

    @property
    def look(self) -> Look: ...

    @property
    def as_it_is(self) -> bool: ...

    @property
    def view_size(self) -> tuple[float, float]: ...

    def part_at(self, x: float, y: float) -> PartRef | None: ...

    def parts_within(self, outline: NDArray[np.float64]) -> frozenset[PartRef]: ...

    def set_view(self, name: str) -> None: ...

    def set_drag_matrix(self, matrix: NDArray[np.float64]) -> None: ...

    def set_tool_text(self, text: str) -> None: ...

    def tool_was_changed(self, name: str) -> None: ...

    def show_mix(self, place: tuple[float, float] | None) -> None: ...

    def drop_mix(self, x: float, y: float) -> None: ...

    def request_context_menu(self, x: float, y: float) -> None: ...
