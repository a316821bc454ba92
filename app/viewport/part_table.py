"""Per-part colours and states as a small texture: highlighting changes a few bytes and never a mesh."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from vispy.gloo import Texture2D

MOVED, MIRRORED = 128, 255
"""Values of `PartStates.moved`: carried along by the running drag, or by its mirror image."""

PART_TABLE = """
uniform sampler2D u_parts;
uniform float u_part_count;
vec4 part_color(float row) { return texture2D(u_parts, vec2((row + 0.5) / u_part_count, 0.25)); }
vec4 part_state(float row) { return texture2D(u_parts, vec2((row + 0.5) / u_part_count, 0.75)); }
"""
"""GLSL for vertex shaders: colour (rgb, a = drawn) and state (hovered, selected, related, moved) of a row."""


@dataclass(frozen=True, eq=False)
class PartStates:
    """How the parts of one shape are to be drawn.

    Attributes
    ----------
    colors : float32 [P, 3]
        sRGB, 0 to 1.
    drawn, hovered, selected, related : bool [P]
        `related` parts are changed along with the selected ones (mirror twins, fresh parts of a candidate).
    moved : uint8 [P]
        0, `MOVED` or `MIRRORED`.
    """

    colors: NDArray[np.float32]
    drawn: NDArray[np.bool_]
    hovered: NDArray[np.bool_]
    selected: NDArray[np.bool_]
    related: NDArray[np.bool_]
    moved: NDArray[np.uint8]

    @classmethod
    def plain(cls, colors: NDArray[np.float32], drawn: NDArray[np.bool_] | None = None) -> PartStates:
        """Nothing highlighted."""
        count = len(colors)

        def none() -> NDArray[np.bool_]:
            return np.zeros(count, bool)

        return cls(
            np.asarray(colors, np.float32),
            np.ones(count, bool) if drawn is None else np.asarray(drawn, bool),
            none(),
            none(),
            none(),
            np.zeros(count, np.uint8),
        )

    def pixels(self) -> NDArray[np.uint8]:
        """The texture, uint8 [2, P, 4]: colours, then states."""
        table = np.zeros((2, len(self.colors), 4), np.uint8)
        table[0, :, :3] = np.round(np.clip(self.colors, 0, 1) * 255)
        table[0, :, 3] = self.drawn * 255
        table[1, :, 0] = self.hovered * 255
        table[1, :, 1] = self.selected * 255
        table[1, :, 2] = self.related * 255
        table[1, :, 3] = self.moved
        return table


class PartTable:
    """The texture of one shape; may be shared by the programs that draw it."""

    def __init__(self) -> None:
        self._bytes = b""
        self.count = 1
        self.texture = Texture2D(
            np.zeros((2, 1, 4), np.uint8), interpolation="nearest", wrapping="clamp_to_edge"
        )

    def set(self, states: PartStates) -> bool:
        """Upload if anything differs from what is there; says whether it did."""
        pixels = states.pixels()
        if pixels.shape[1] == 0:
            pixels = np.zeros((2, 1, 4), np.uint8)
        raw = pixels.tobytes()
        if raw == self._bytes:
            return False
        self._bytes = raw
        self.count = pixels.shape[1]
        self.texture.set_data(pixels)
        return True
