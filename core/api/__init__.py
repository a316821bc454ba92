"""Partsmith from Python: what the window and the headless commands do, as methods of a `Session`.

>>> from partsmith import Session
>>> session = Session()
>>> chair = session.accept(session.generate("a chair with four legs", seed=7))
>>> session.accept(session.vary(chair.id, "back", strength=0.25, seed=3, count=3), number=2)
>>> session.move(chair.id, "leg", (0.05, 0, 0))
>>> session.save("chair.partsmith")

Shapes are given by id or name (``None`` = the only one), parts by id, name or label: ``3``, ``"back, leg"``,
``[3, "back"]``, ``"all"``; their mirror twins come along unless ``twins=False``.
Edits that sample return candidates and change nothing until one is accepted; the others change the scene at
once and return the shape. ``session.scene`` is an immutable value: keep it, and set it again to undo.

Everything refuses with `EditError` and files with `SceneFileError`; both say what to do. Nothing is changed
then. All arrays are numpy's. torch is loaded when a model is first needed.
"""

from __future__ import annotations

from core.api.session import Session
from core.edits.job import EditError
from core.edits.results import Candidates
from core.scene.original import Placement
from core.scene.scene import Scene
from core.scene.shape import Mesh, Shape
from core.scene.storage import SceneFileError

__all__ = ["Candidates", "EditError", "Mesh", "Placement", "Scene", "SceneFileError", "Session", "Shape"]
