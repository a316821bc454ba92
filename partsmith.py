"""Partsmith from Python: see `core.api`."""

from core.api import Candidates, EditError, Mesh, Placement, Scene, SceneFileError, Session, Shape

__all__ = [
    "Candidates",
    "EditError",
    "Mesh",
    "Placement",
    "Scene",
    "SceneFileError",
    "Session",
    "Shape",
]
