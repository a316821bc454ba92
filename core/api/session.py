"""The session itself: see `core.api`."""

from __future__ import annotations

from core.api.blended import Blends
from core.api.by_hand import ByHand
from core.api.context import PathLike
from core.api.meshes import Meshes
from core.api.pasted import Pastes
from core.scene.storage import read_scene, write_scene


class Session(Blends, ByHand, Pastes, Meshes):
    """A scene, and everything that can be done to it.

    Parameters
    ----------
    scene : Scene, optional
        Where to start; an empty scene if none (see also `Session.open`).
    checkpoint : path-like, optional
        The model of what is generated or encoded, a checkpoint folder; the shipped chair model if none.
        Shapes are edited with the model they were made with.
    device : str
        "auto", "cpu", "cuda" or "cuda:N".
    engine : Answers, optional
        What answers requests, in place of an engine with that checkpoint on that device.

    Attributes
    ----------
    scene : Scene
        The current scene; may be set.
    result : Result or None
        What the model answered last, with all its figures (`core.edits.requests`).
    """

    @classmethod
    def open(cls, path: PathLike, checkpoint: PathLike | None = None, device: str = "auto") -> Session:
        """A session that starts from a scene file (raises SceneFileError if it cannot be read)."""
        return cls(read_scene(path), checkpoint, device)

    def save(self, path: PathLike) -> None:
        """Write the scene file, whole or not at all (raises SceneFileError); the old one is kept as ``~``."""
        write_scene(self.scene, path)
