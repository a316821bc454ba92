"""Click in a real viewport and compare with the line of sight, worked out on its own: one run a scale.

``QT_SCALE_FACTOR=1.25 python -m tests.app.viewport.clicking`` prints one JSON object.
"""

from __future__ import annotations

import json
import sys

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.application import make_application
from app.document import Document
from app.editor import Editor
from app.viewport.canvas import Viewport
from app.worker import EditWorker
from core.scene.gaussians import DEFAULT_SIGMAS
from core.scene.scene import Scene
from core.scene.shape import Mesh, Part, Shape
from tests.app.numpy_engine import NumpyEngine

CLICKS = 80
"""In each display mode and projection."""
LEFT = Qt.MouseButton.LeftButton
Vector = NDArray[np.float64]


def blobs(count: int = 14) -> Shape:
    """Parts of all sizes, turned any way, in front of one another."""
    rng = np.random.default_rng(8)
    extrinsics = np.zeros((count, 16), np.float32)
    for row in range(count):
        turn, _ = np.linalg.qr(rng.standard_normal((3, 3)))
        extrinsics[row, :3] = rng.uniform(-0.8, 0.8, 3)
        extrinsics[row, 3:12] = turn.reshape(-1)
        extrinsics[row, 13:] = rng.uniform(0.03, 0.22, 3) ** 2
    parts = tuple(Part(number, "part", f"part {number}", number) for number in range(count))
    return Shape("s1", extrinsics, np.zeros((count, 4), np.float32), parts, "Blobs", "numpy-boxes")


def line_of_sight(viewport: Viewport, x: float, y: float) -> tuple[Vector, Vector]:
    """Through the matrices that are handed to the graphics card, not through `Camera.ray`."""
    size = viewport.view_size
    back = np.linalg.inv(viewport.camera.matrix(size))
    ends = []
    for depth in (-1.0, 1.0):
        point = back @ np.array([2 * x / size[0] - 1, 1 - 2 * y / size[1], depth, 1.0])
        ends.append(point[:3] / point[3])
    return ends[0], ends[1] - ends[0]


def first_ellipsoid(shape: Shape, origin: Vector, direction: Vector) -> int | None:
    """By the quadratic (p - c)' A (p - c) = sigmas², with A from axes and variances."""
    best, nearest = None, np.inf
    for part, numbers in zip(shape.parts, shape.extrinsics.astype(np.float64), strict=True):
        turn = numbers[3:12].reshape(3, 3)
        form = turn.T @ np.diag(1 / numbers[13:16]) @ turn
        off = origin - numbers[:3]
        a, b = direction @ form @ direction, 2 * off @ form @ direction
        roots = np.roots([a, b, off @ form @ off - DEFAULT_SIGMAS**2])
        if np.isreal(roots).all() and 0 <= roots.real.min() < nearest:
            best, nearest = part.id, roots.real.min()
    return best


def first_triangle(shape: Shape, mesh: Mesh, origin: Vector, direction: Vector) -> int | None:
    """By solving for barycentric coordinates, triangle after triangle."""
    corners = mesh.vertices[mesh.faces].astype(np.float64)
    systems = np.stack(
        [
            corners[:, 1] - corners[:, 0],
            corners[:, 2] - corners[:, 0],
            np.broadcast_to(-direction, (len(corners), 3)),
        ],
        axis=2,
    )
    usable = np.abs(np.linalg.det(systems)) > 1e-15
    solved = np.full((len(corners), 3), -1.0)
    solved[usable] = np.linalg.solve(systems[usable], (origin - corners[usable, 0])[..., None])[..., 0]
    u, v, distance = solved.T
    hit = (u >= 0) & (v >= 0) & (u + v <= 1) & (distance >= 0)
    if not hit.any():
        return None
    return shape.parts[int(mesh.face_parts[np.where(hit, distance, np.inf).argmin()])].id


def click_between_pixels(viewport: Viewport, x: float, y: float) -> None:
    """What a platform sends where logical pixels are larger than the screen's: fractions."""
    here = QPointF(x, y)
    for kind, button, held in (
        (QEvent.Type.MouseMove, Qt.MouseButton.NoButton, Qt.MouseButton.NoButton),
        (QEvent.Type.MouseButtonPress, LEFT, LEFT),
        (QEvent.Type.MouseButtonRelease, LEFT, Qt.MouseButton.NoButton),
    ):
        place = viewport.surface.mapToGlobal(here)
        event = QMouseEvent(kind, here, place, button, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(viewport.surface, event)


def measure(viewport: Viewport, document: Document, editor: Editor) -> dict[str, list[int]]:
    """Clicks and right ones, for each way to look."""
    shape = document.scene.shapes[0]
    mesh, ratio = editor.mesh_of(shape), viewport.devicePixelRatioF()
    assert mesh is not None
    found: dict[str, list[int]] = {}
    rng = np.random.default_rng(1)
    for projection in ("perspective", "orthographic"):
        viewport.set_projection(projection)  # type: ignore[arg-type]
        for display in ("surface", "ellipsoids"):
            viewport.set_display(display)  # type: ignore[arg-type]
            QApplication.processEvents()
            centres = viewport.project(shape.extrinsics[:, :3])
            right = hits = 0
            for number in range(CLICKS):
                x, y = rng.uniform(centres.min(0) - 40, centres.max(0) + 40)
                document.set_selection(document.selection.cleared())
                if number % 2:
                    # The middle of a pixel of the screen.
                    x, y = (np.floor(x * ratio) + 0.5) / ratio, (np.floor(y * ratio) + 0.5) / ratio
                    click_between_pixels(viewport, x, y)
                else:
                    x, y = round(x), round(y)
                    QTest.mouseMove(viewport.surface, QPoint(x, y))
                    QTest.mouseClick(viewport.surface, LEFT, pos=QPoint(x, y))
                origin, direction = line_of_sight(viewport, x, y)
                truth = (
                    first_triangle(shape, mesh, origin, direction)
                    if display == "surface"
                    else first_ellipsoid(shape, origin, direction)
                )
                got = document.selection.of_shape(shape.id)
                right += got == (() if truth is None else (truth,))
                hits += truth is not None
            found[f"{projection} {display}"] = [CLICKS, right, hits]
    return found


def main() -> int:
    make_application(sys.argv[:1])
    document = Document()
    engine = NumpyEngine()
    worker = EditWorker(inline=True, make_engine=lambda: engine)
    worker.start()
    editor = Editor(document, worker)
    document._load(Scene((blobs(),)), None)
    editor.surfaces.decode_missing()
    viewport = Viewport(document, editor)
    viewport.animated = False
    viewport.resize(560, 420)
    viewport.show()
    QTest.qWaitForWindowExposed(viewport)
    while not viewport.canvas.painted:
        QTest.qWait(10)
    viewport.set_view("home")
    found: dict[str, object] = {"ratio": viewport.devicePixelRatioF()}
    found.update(measure(viewport, document, editor))
    viewport.close()
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
