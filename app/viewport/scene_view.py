"""Everything on screen as a projection of (scene, selection, hover, drag, preview): old against new.

Visuals are pooled, because vispy does not give back all memory of a removed one, and nothing is uploaded
that is on the card already: meshes are compared by identity, part tables by their bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from vispy.scene import Node

from app.editor import Editor
from app.heat import HeatMap
from app.viewport.backdrop import Gradient, Grid, Shadow
from app.viewport.comparison_visual import ComparisonVisual
from app.viewport.drags import Dragged, Drags
from app.viewport.ellipsoid_visual import Ellipsoids, EllipsoidsNode
from app.viewport.explosion import Explosion
from app.viewport.frame import Frame
from app.viewport.part_table import PartStates
from app.viewport.scene_geometry import ellipsoids_of, extent, surface_points
from app.viewport.shape_visual import ShapeVisual, SurfaceKind
from core.edits.job import Preview
from core.edits.results import Candidate
from core.scene.gaussians import ellipsoid_transforms
from core.scene.palette import part_colors
from core.scene.selection import PartRef
from core.scene.shape import Mesh, Shape

Display = Literal["surface", "ellipsoids", "both", "x-ray", "wireframe", "clay"]
DISPLAYS: tuple[Display, ...] = ("surface", "ellipsoids", "both", "x-ray", "wireframe", "clay")
BODY_ALPHA, OVER_ALPHA, GHOST_ALPHA = 0.62, 0.20, 0.42
"""Opacity of ellipsoids: by themselves, over a surface, of an unfinished result."""
FADED = 0.28
"""Opacity of a surface while a preview of its successor is shown."""
GHOST_COLOR = (0.62, 0.72, 0.90)
CLAY = (0.74, 0.72, 0.69)
"""Colour of all parts where the form alone is looked at."""
EMPTY_FLOOR = -0.9

SPARES = 2
"""Sets of visuals that wait for new shapes: a second one may come while the model leaves no time for more."""


@dataclass(eq=False)
class _Shown:
    """The visuals of one shape and what its shadow was made from."""

    visual: ShapeVisual
    shadow: Shadow
    shadow_key: tuple[object, ...] = ()


class SceneView:
    """Keeps the visuals in step with the document; call `refresh` after anything changed.

    Parameters
    ----------
    frame : Frame
    parent : Node
    editor : Editor
        Read only: scene, selection, meshes, twins.
    """

    def __init__(self, frame: Frame, parent: Node, editor: Editor) -> None:
        self._frame, self._parent, self._editor = frame, parent, editor
        self.display: Display = "surface"
        self.hovered: PartRef | None = None
        self.candidate: Candidate | None = None
        self.preview: Preview | None = None
        self._comparison: ComparisonVisual | None = None
        self._heat: HeatMap | None = None
        self.drags = Drags()
        self.explosion = Explosion()
        self.floor = EMPTY_FLOOR
        self._shown: dict[str, _Shown] = {}
        self._pool: list[_Shown] = []
        self._spare: list[_Shown] = []
        self._colors: WeakKeyDictionary[Shape, NDArray[np.float32]] = WeakKeyDictionary()
        self._lowest: WeakKeyDictionary[Mesh, float] = WeakKeyDictionary()
        self._gradient = Gradient(frame, parent=parent)
        self._gradient.order = -100
        self._grid = Grid(frame, parent=parent)
        self._grid.order = -50
        self._ellipsoids = EllipsoidsNode(frame, parent=parent)
        self._ellipsoids.order = 50
        self._ghost = self._new_shown()

    # ------------------------------------------------------------------ questions

    def meshes(self) -> dict[str, Mesh]:
        """Meshes on screen by shape id, for picking; rows are those of the scene's shapes."""
        if self.display == "ellipsoids":
            return {}
        found = {}
        for shape in self._editor.document.scene:
            mesh = self._editor.mesh_of(shape) if shape.visible else None
            if mesh is not None and len(mesh.faces):
                found[shape.id] = self.explosion.mesh(mesh, shape)
        return found

    def bounds(
        self, refs: frozenset[PartRef] | None = None
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
        """Corners of the box round the given parts, or round everything visible; None if there is nothing."""
        lows, highs = [], []
        for shape in self.explosion.scene(self._editor.document.scene):
            rows = [
                row
                for row, part in enumerate(shape.parts)
                if (shape.visible and part.visible if refs is None else PartRef(shape.id, part.id) in refs)
            ]
            if rows:
                low, high = extent(shape, rows)
                lows.append(low)
                highs.append(high)
        if not lows:
            return None
        return np.min(lows, axis=0), np.max(highs, axis=0)

    # ------------------------------------------------------------------ drawing

    def set_backdrop(self, visible: bool) -> None:
        """Draw background and grid, or only shapes and their shadows."""
        self._gradient.visible = self._grid.visible = visible

    def show_heat(self, heat: HeatMap | None) -> None:
        """Draw a shape, or a candidate, by how far it is from something else; None = as usual."""
        if self._comparison is None:
            self._comparison = ComparisonVisual(self._frame, self._parent)
        if heat is not None:
            self._comparison.show(heat)
        self._heat = heat
        self.refresh()

    @property
    def heat_shown(self) -> HeatMap | None:
        """What is drawn by colours now: nothing while its shape is dragged, or another candidate is shown."""
        heat = self._heat
        if heat is None or self.drags.get(heat.shape_id) is not None:
            return None
        return heat if self.candidate is None or self.candidate is heat.candidate else None

    def refresh(self) -> None:
        """Bring every visual up to date."""
        scene = self._editor.document.scene
        wanted = {shape.id: shape for shape in scene if shape.visible and shape.parts}
        for shape_id in [shape_id for shape_id in self._shown if shape_id not in wanted]:
            self._release(self._shown.pop(shape_id))
        for shape_id in wanted:
            if shape_id not in self._shown:
                self._shown[shape_id] = self._pool.pop() if self._pool else self._new_shown()
        if not self.drags:
            self._set_floor(self._lowest_of(wanted.values()))
        groups: list[Ellipsoids] = []
        heat = self.heat_shown
        if self._comparison is not None:
            self._comparison.set_visible(heat is not None)
        replaced = self.candidate.shape.id if self.candidate is not None else None
        hidden = (replaced, heat.shape_id if heat is not None else None)
        for shape in wanted.values():
            self._show_shape(self._shown[shape.id], shape, groups, hidden=shape.id in hidden)
        self._show_ghost(groups)
        self._ellipsoids.set_data(Ellipsoids.joined(groups))

    def _show_shape(self, shown: _Shown, shape: Shape, groups: list[Ellipsoids], hidden: bool) -> None:
        drag = self._drag_of(shape)
        current = drag.shape if drag is not None else shape
        mesh = drag.mesh if drag is not None and drag.mesh is not None else self._editor.mesh_of(shape)
        if mesh is not None and not len(mesh.faces):
            mesh = None
        if mesh is not None:
            mesh = self.explosion.mesh(mesh, current)
        current = self.explosion.shape(current)
        states = self._states(shape, drag)
        visual = shown.visual
        visual.set_kind(self._kind)
        surface = mesh is not None and self.display != "ellipsoids"
        visual.set_mesh(mesh if surface else None)
        visual.set_visible(surface and not hidden)
        visual.set_states(states)
        visual.place(shape.position)
        visual.set_floor(self.floor)
        visual.set_alpha(FADED if self._is_previewed(shape) else 1.0)
        visual.set_drag(
            drag.rest if drag is not None else None, drag.mirrored_rest() if drag is not None else None
        )
        self._cast_shadow(shown, current, mesh, states, hidden)
        if hidden:
            return
        drawn = states.drawn.copy()
        if surface and self.display != "both":
            # While it is being dragged a part shows its Gaussian too: that is what is moved.
            drawn &= states.moved > 0 if drag is not None and not drag.settled else False
        if drawn.any():
            alpha = OVER_ALPHA if surface else BODY_ALPHA
            groups.append(ellipsoids_of(current, states, drawn, alpha))

    def _show_ghost(self, groups: list[Ellipsoids]) -> None:
        """The hovered candidate in place of its base, or the unfinished result of the running job."""
        ghost, candidate, preview = self._ghost, self.candidate, self.preview
        ghost.shadow.visible = False
        if candidate is not None and self.heat_shown is not None:
            ghost.visual.set_visible(False)
        elif candidate is not None:
            shape, mesh = candidate.shape, candidate.mesh
            place = self._editor.place_of(shape)
            fresh = np.isin(shape.part_ids, candidate.changed)
            states = PartStates.plain(self._part_colors(shape))
            if not fresh.all():
                states = PartStates(
                    states.colors, states.drawn, states.hovered, states.selected, fresh, states.moved
                )
            surface = len(mesh.faces) > 0 and self.display != "ellipsoids"
            self._place_ghost(mesh if surface else None, states, place, 1.0)
            if not surface or self.display == "both":
                moved = Shape(shape.id, shape.extrinsics, shape.intrinsics, shape.parts, position=place)
                alpha = OVER_ALPHA if surface else BODY_ALPHA
                groups.append(ellipsoids_of(moved, states, states.drawn, alpha))
        elif preview is not None:
            place = self._editor.preview_place
            count = len(preview.extrinsics)
            colors = np.tile(np.asarray(GHOST_COLOR, np.float32), (count, 1))
            self._place_ghost(preview.mesh, PartStates.plain(colors), place, 0.85)
            transforms = ellipsoid_transforms(preview.extrinsics)
            transforms[:, :3, 3] += place
            rgba = np.c_[colors, np.full(count, GHOST_ALPHA)].astype(np.float32)
            groups.append(Ellipsoids(transforms, rgba, np.zeros((count, 3), np.float32)))
        else:
            ghost.visual.set_visible(False)

    def _place_ghost(
        self, mesh: Mesh | None, states: PartStates, place: tuple[float, float, float], alpha: float
    ) -> None:
        visual = self._ghost.visual
        visual.set_kind(self._kind)
        visual.set_mesh(mesh)
        visual.set_visible(mesh is not None)
        visual.set_states(states)
        visual.place(place)
        visual.set_floor(self.floor)
        visual.set_alpha(alpha)

    # ------------------------------------------------------------------ spare visuals

    @property
    def lacks_spare(self) -> bool:
        """Whether new shapes that come soon would have to wait for their shaders."""
        return len(self._pool) < SPARES and not self._spare

    @property
    def drawing_spare(self) -> bool:
        return bool(self._spare)

    def draw_spare(self, mesh: Mesh, states: PartStates) -> None:
        """Make visuals for a shape to come, and have them drawn with a mesh that nobody sees."""
        self._spare = [self._new_shown()]
        if self._ghost.visual.mesh is None:
            self._spare.append(self._ghost)
        for shown in self._spare:
            shown.visual.set_mesh(mesh)
            shown.visual.set_states(states)
            shown.visual.draw_everything()

    def keep_spare(self) -> None:
        """The spare was drawn: keep it for the next new shape."""
        for shown in self._spare:
            if shown is not self._ghost:
                self._release(shown)
            elif self.candidate is None and self.preview is None:
                shown.visual.release()
        self._spare = []

    # ------------------------------------------------------------------ inside

    def _drag_of(self, shape: Shape) -> Dragged | None:
        drag = self.drags.get(shape.id)
        if drag is not None and drag.settled:
            decoded = self._editor.meshes.best(shape) is not None
            if decoded or drag.shape.latent_hash != shape.latent_hash:
                self.drags.drop(shape.id)
                return None
        return drag

    def _states(self, shape: Shape, drag: Dragged | None) -> PartStates:
        selection = self._editor.document.selection
        selected_ids = selection.of_shape(shape.id)
        selected = np.isin(shape.part_ids, selected_ids)
        related = np.zeros(len(shape.parts), bool)
        if selected_ids:
            related = np.isin(shape.part_ids, self._editor.target_parts(shape)) & ~selected
        hovered = np.zeros(len(shape.parts), bool)
        if self.hovered is not None and self.hovered.shape_id == shape.id:
            hovered = np.asarray(shape.part_ids) == self.hovered.part_id
        return PartStates(
            colors=self._part_colors(shape),
            drawn=np.array([part.visible for part in shape.parts], bool),
            hovered=hovered,
            selected=selected,
            related=related,
            moved=drag.moved if drag is not None else np.zeros(len(shape.parts), np.uint8),
        )

    def _part_colors(self, shape: Shape) -> NDArray[np.float32]:
        if self.display == "clay":
            return np.tile(np.asarray(CLAY, np.float32), (len(shape.parts), 1))
        colors = self._colors.get(shape)
        if colors is None:
            colors = part_colors(shape)
            self._colors[shape] = colors
        return colors

    @property
    def _kind(self) -> SurfaceKind:
        return self.display if self.display in ("x-ray", "wireframe") else "solid"

    def _is_previewed(self, shape: Shape) -> bool:
        return self.preview is not None and shape.position == self._editor.preview_place

    def _cast_shadow(
        self, shown: _Shown, shape: Shape, mesh: Mesh | None, states: PartStates, hidden: bool
    ) -> None:
        shown.shadow.visible = not hidden
        source: object = mesh if mesh is not None else shape
        key = (source, self.floor, shape.position, states.drawn.tobytes())
        if key == shown.shadow_key:
            return
        shown.shadow_key = key
        shown.shadow.set_points(
            surface_points(shape, mesh, states.drawn), self.floor, np.asarray(shape.position, np.float64)
        )

    def _lowest_of(self, shapes: Iterable[Shape]) -> float:
        """Height of the lowest point of anything visible."""
        lowest = np.inf
        for shape in shapes:
            mesh = self._editor.mesh_of(shape)
            if mesh is None or not len(mesh.vertices):
                height = float(extent(shape, list(range(len(shape.parts))))[0][1]) - shape.position[1]
            else:
                if mesh not in self._lowest:
                    self._lowest[mesh] = float(mesh.vertices[:, 1].min())
                height = self._lowest[mesh]
            lowest = min(lowest, height + shape.position[1])
        return float(lowest) if np.isfinite(lowest) else EMPTY_FLOOR

    def _set_floor(self, height: float) -> None:
        self.floor = height
        centre = self.bounds()
        middle = (centre[0] + centre[1]) / 2 if centre is not None else np.zeros(3)
        # Whole cells, so that the lines stay where they are when shapes come and go.
        self._grid.place((float(np.round(middle[0])), height, float(np.round(middle[2]))))

    def _new_shown(self) -> _Shown:
        shadow = Shadow(self._frame, parent=self._parent)
        shadow.order = -40
        return _Shown(ShapeVisual(self._frame, self._parent), shadow)

    def _release(self, shown: _Shown) -> None:
        shown.visual.release()
        shown.shadow.visible = False
        shown.shadow_key = ()
        self._pool.append(shown)
