"""What every method of a session needs: the scene, names, and answers of the engine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from core.edits.job import EditError, Job
from core.edits.model_info import ModelInfo
from core.edits.naming import Parts, parts_named, shape_named
from core.edits.requests import Request
from core.edits.results import Result
from core.scene.scene import Scene
from core.scene.shape import Shape
from core.scene.twins import with_twins

if TYPE_CHECKING:
    from core.edits.engine import Engine

PathLike = str | os.PathLike[str]
Answer = TypeVar("Answer", bound=Result)


class Answers(Protocol):
    """What a session asks: the models at hand, and answers to requests."""

    @property
    def models(self) -> tuple[ModelInfo, ...]: ...

    def answer(self, request: Request) -> Result: ...


class LazyEngine:
    """The engine, loaded when it is first needed.

    Parameters
    ----------
    checkpoint : path-like, optional
        A checkpoint folder; the shipped chair model if none.
    device : str
        "auto", "cpu", "cuda" or "cuda:N".
    """

    def __init__(self, checkpoint: PathLike | None = None, device: str = "auto") -> None:
        self._checkpoint = None if checkpoint is None else Path(checkpoint)
        self._device = device
        self._engine: Engine | None = None

    @property
    def engine(self) -> Engine:
        """The engine itself.

        Raises
        ------
        EditError
            If the checkpoint is missing or damaged, or the device is not there.
        """
        if self._engine is None:
            from core.checkpoints.loading import CheckpointError
            from core.edits.engine import Engine

            try:
                self._engine = Engine(self._checkpoint, self._device)
            except CheckpointError as error:
                raise EditError(str(error)) from error
        return self._engine

    @property
    def models(self) -> tuple[ModelInfo, ...]:
        return self.engine.models

    def answer(self, request: Request) -> Result:
        return self.engine.run(request, Job())


class Context:
    """A scene and what answers requests about it."""

    def __init__(
        self,
        scene: Scene | None = None,
        checkpoint: PathLike | None = None,
        device: str = "auto",
        engine: Answers | None = None,
    ) -> None:
        self.scene = scene if scene is not None else Scene()
        self.result: Result | None = None
        self._engine: Answers = engine if engine is not None else LazyEngine(checkpoint, device)

    def shape(self, shape: str | None = None) -> Shape:
        """A shape as it is now, by id or name."""
        return shape_named(self.scene, shape)

    def parts(self, shape: str | None, parts: Parts, twins: bool = False) -> tuple[int, ...]:
        """Ids of parts, with `twins` followed by those of their unlocked mirror twins."""
        base = self.shape(shape)
        ids = parts_named(base, parts)
        return with_twins(base, ids) if twins else ids

    def model(self, checkpoint_id: str = "") -> ModelInfo:
        """What a model makes and knows ("" = the default one)."""
        models = self._engine.models
        return next((model for model in models if model.id == checkpoint_id), models[0])

    def _ask(self, request: Request, kind: type[Answer]) -> Answer:
        result = self.result = self._engine.answer(request)
        if not isinstance(result, kind):
            raise TypeError(f"expected {kind.__name__}, the engine answered {type(result).__name__}")
        return result

    def _chosen(self, base: Shape, parts: Parts | None, twins: bool) -> tuple[int, ...]:
        """Ids of parts with their twins; none for None."""
        if parts is None:
            return ()
        if not isinstance(parts, str | int) and not (parts := tuple(parts)):
            return ()
        ids = parts_named(base, parts)
        return with_twins(base, ids) if twins else ids

    def _put(self, shape: Shape) -> Shape:
        self.scene = self.scene.with_shape(shape)
        return shape
