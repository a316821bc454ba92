"""The surface of one shape: coloured by part, with hover and selection drawn from a tiny table.

Three programs share one part table: the lit surface, the outline of highlighted parts (their back faces,
grown by a few pixels) and the seams (edges where a highlighted part meets another one). Where the surface
leaves no depth, a body of the highlighted parts that is not seen keeps the outline from filling them.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from vispy.gloo import IndexBuffer, VertexBuffer
from vispy.scene import Node
from vispy.scene.visuals import create_visual_node

from app.viewport.frame import Frame, FramedVisual
from app.viewport.part_table import PartStates, PartTable
from app.viewport.surface_geometry import prepared_geometry
from app.viewport.surface_shaders import (
    LINE_FRAGMENT,
    OUTLINE_VERTEX,
    SEAM_VERTEX,
    SURFACE_FRAGMENT,
    SURFACE_VERTEX,
)
from core.scene.shape import Mesh

SurfaceKind = Literal["solid", "x-ray", "wireframe"]


class _PartVisual(FramedVisual):
    """A program that reads the part table and knows the shape's place and the running drag."""

    def __init__(self, frame: Frame, table: PartTable, vertex: str, fragment: str) -> None:
        super().__init__(frame, vertex, fragment)
        self._table = table
        self._indices = IndexBuffer()
        self._index_buffer = self._indices
        self.shared_program["u_parts"] = table.texture

    def _prepare_draw(self, view: object = None) -> bool:
        self.shared_program["u_part_count"] = float(self._table.count)
        return super()._prepare_draw(view)


class SurfaceVisual(_PartVisual):
    """The lit surface."""

    def __init__(self, frame: Frame, table: PartTable) -> None:
        super().__init__(frame, table, SURFACE_VERTEX, SURFACE_FRAGMENT)
        self.set_style(1.0, two_sided=True)

    def set_style(self, alpha: float, two_sided: bool, kind: SurfaceKind = "solid") -> None:
        """Opacity (below 1 the nearest layer shows, depth is written all the same); back faces or not.

        With "x-ray" every layer shows, the more the more it is seen from its edge, and no depth is written.
        """
        self.shared_program["u_alpha"] = alpha
        self.shared_program["u_clear"] = float(kind == "x-ray")
        self._draw_mode = "lines" if kind == "wireframe" else "triangles"
        self.set_gl_state(
            depth_test=True,
            depth_mask=kind != "x-ray",
            cull_face=False if two_sided or kind != "solid" else "back",
            blend=alpha < 1 or kind == "x-ray",
            blend_func=("src_alpha", "one_minus_src_alpha"),
        )

    def set_data(self, vertices: VertexBuffer, indices: IndexBuffer) -> None:
        self.shared_program.bind(vertices)
        self._index_buffer = indices
        self._empty = False

    def clear(self) -> None:
        self._empty = True


class OutlineVisual(_PartVisual):
    """Back faces of highlighted parts, grown by some pixels: what sticks out is their outline.

    Parameters
    ----------
    body : bool
        Not the outline but what it goes round: depth without colour, for surfaces that leave none.
    """

    def __init__(self, frame: Frame, table: PartTable, body: bool = False) -> None:
        super().__init__(frame, table, OUTLINE_VERTEX, LINE_FRAGMENT)
        self.shared_program["u_grown"] = float(not body)
        self.set_gl_state(
            depth_test=True,
            depth_mask=True,
            cull_face=False if body else "front",
            blend=body,
            blend_func=("zero", "one"),
        )

    def set_data(self, vertices: VertexBuffer, indices: IndexBuffer) -> None:
        self.shared_program.bind(vertices)
        self._index_buffer = indices
        self._empty = False

    def clear(self) -> None:
        self._empty = True

    def _prepare_draw(self, view: object = None) -> bool:
        self.shared_program["u_accent"] = self._frame.look.accent
        self.shared_program["u_hover"] = self._frame.look.outline_hover
        return super()._prepare_draw(view)


class SeamVisual(_PartVisual):
    """Edges between a highlighted part and its neighbours, some pixels wide."""

    def __init__(self, frame: Frame, table: PartTable) -> None:
        super().__init__(frame, table, SEAM_VERTEX, LINE_FRAGMENT)
        self.set_gl_state(depth_test=True, depth_mask=False, cull_face=False, blend=False)

    def set_data(self, seams: NDArray[np.void], faces: NDArray[np.uint32]) -> None:
        self._empty = len(seams) == 0
        if not self._empty:
            self.shared_program.bind(VertexBuffer(seams))
            self._indices.set_data(faces)
            self._index_buffer = self._indices

    def clear(self) -> None:
        self._empty = True

    def _prepare_draw(self, view: object = None) -> bool:
        self.shared_program["u_accent"] = self._frame.look.accent
        self.shared_program["u_hover"] = self._frame.look.outline_hover
        return super()._prepare_draw(view)


Surface = create_visual_node(SurfaceVisual)
Outline = create_visual_node(OutlineVisual)
Seam = create_visual_node(SeamVisual)


class ShapeVisual:
    """Surface, outline and seams of one shape, reused for another shape when this one goes (pooled).

    Parameters
    ----------
    frame : Frame
    parent : Node
        Scene graph node to draw under.
    """

    def __init__(self, frame: Frame, parent: Node) -> None:
        self.table = PartTable()
        self.mesh: Mesh | None = None
        self.states: PartStates | None = None
        self._vertices = VertexBuffer()
        self._faces = IndexBuffer()
        self._edges = IndexBuffer()
        self._surface = Surface(frame, self.table, parent=parent)
        self._body = Outline(frame, self.table, body=True, parent=parent)
        self._outline = Outline(frame, self.table, parent=parent)
        self._seam = Seam(frame, self.table, parent=parent)
        self._nodes = (self._surface, self._body, self._outline, self._seam)
        for order, node in enumerate(self._nodes):
            node.order = order
        self._highlighted = False
        self._closed = False
        self._alpha = 1.0
        self._carried = False
        self._kind: SurfaceKind = "solid"
        self.place((0.0, 0.0, 0.0))
        self.set_drag(None, None)
        self.set_floor(-1.0)

    def set_mesh(self, mesh: Mesh | None) -> None:
        """Upload a mesh (nothing happens if it is there already)."""
        if mesh is self.mesh:
            return
        self.mesh = mesh
        if mesh is None or len(mesh.faces) == 0:
            for node in self._nodes:
                node.clear()
            return
        geometry = prepared_geometry(mesh)
        self._vertices.set_data(geometry.vertices)
        self._faces.set_data(geometry.faces)
        self._show_faces()
        self._body.set_data(self._vertices, self._faces)
        self._outline.set_data(self._vertices, self._faces)
        self._seam.set_data(geometry.seams, geometry.seam_faces)
        self._closed = geometry.closed
        self._set_style()

    def set_kind(self, kind: SurfaceKind) -> None:
        """Draw faces, see through them, or draw their edges."""
        if kind == self._kind:
            return
        lines = "wireframe" in (kind, self._kind)
        self._kind = kind
        self.set_visible(self._surface.visible)
        self._set_style()
        if lines and self.mesh is not None and len(self.mesh.faces):
            self._show_faces()

    def _show_faces(self) -> None:
        """Hand faces, or for a wireframe their edges (each once), to the surface's program."""
        assert self.mesh is not None
        faces = prepared_geometry(self.mesh).faces
        indices = self._faces
        if self._kind == "wireframe":
            indices = self._edges
            indices.set_data(np.unique(np.sort(faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1), axis=0))
        self._surface.set_data(self._vertices, indices)

    def set_states(self, states: PartStates) -> None:
        self.states = states
        self.table.set(states)
        self._highlighted = bool(states.hovered.any() or states.selected.any() or states.related.any())
        self.set_visible(self._surface.visible)
        self._set_style()

    def set_visible(self, visible: bool) -> None:
        self._surface.visible = visible
        self._outline.visible = self._seam.visible = visible and self._highlighted
        self._body.visible = visible and self._highlighted and self._kind != "solid"

    def draw_everything(self) -> None:
        """Have every program drawn, also those the present kind does without, so that all get compiled."""
        for node in self._nodes:
            node.visible = True

    def set_alpha(self, alpha: float) -> None:
        self._alpha = alpha
        self._set_style()

    def _set_style(self) -> None:
        # Half the triangles of a closed surface face away; where parts are missing their insides show.
        whole = self._closed and not self._carried and self.states is not None and self.states.drawn.all()
        self._surface.set_style(self._alpha, two_sided=not whole, kind=self._kind)

    def set_floor(self, height: float) -> None:
        self._surface.shared_program["u_floor"] = height

    def place(self, position: tuple[float, float, float]) -> None:
        """Stand at a position in the scene frame."""
        for node in self._nodes:
            node.shared_program["u_place"] = position

    def set_drag(self, moved: NDArray[np.float64] | None, mirrored: NDArray[np.float64] | None) -> None:
        """Matrices [4, 4] (scene frame) that carry parts marked as moved and mirrored; None = identity."""
        for name, matrix in (("u_moved", moved), ("u_mirrored", mirrored)):
            value = np.eye(4) if matrix is None else matrix
            for node in self._nodes:
                node.shared_program[name] = value.T.astype(np.float32)
        self._carried = moved is not None
        self._set_style()

    def release(self) -> None:
        """Leave the picture; the object can be used again."""
        self.set_visible(False)
        self.set_mesh(None)
        self.set_drag(None, None)
