"""Where checkpoints are: the shipped ones beside the code, others wherever the person keeps them."""

from __future__ import annotations

import logging
from pathlib import Path

from core.checkpoints.loading import Checkpoint, CheckpointError, load_checkpoint, read_json
from core.edits.model_info import ModelInfo
from core.places import RESOURCES, user_models

log = logging.getLogger(__name__)

DEFAULT_CATEGORY = "chair"
FOR_TRAINING = ("encoder", "part_namer", "text_adapter")
"""Networks that a training goes on from; published models take no meshes in and have none of them."""
MOST_PHRASES = 1000
"""Of a vocabulary; more would be of no use to those who write prompts."""


def shipped_checkpoints() -> list[Path]:
    """Folders of the shipped models, the default one first."""
    folders = sorted(card.parent for card in (RESOURCES / "models").glob("*/card.json"))
    return sorted(folders, key=lambda folder: folder.name != DEFAULT_CATEGORY)


def user_checkpoints() -> list[Path]:
    """Folders of the person's own models, by name."""
    return sorted(card.parent for card in user_models().glob("[!.]*/card.json"))


def default_checkpoint() -> Path:
    """Folder of the shipped chair model.

    Raises
    ------
    CheckpointError
        If it is not there.
    """
    folder = RESOURCES / "models" / DEFAULT_CATEGORY
    if not (folder / "card.json").exists():
        raise CheckpointError(f"The default model is missing from {folder}. Restore it, or run `make train`.")
    return folder


def describe(folder: Path) -> ModelInfo:
    """What the card of a checkpoint folder says.

    Raises
    ------
    CheckpointError
        If the card is missing or damaged.
    """
    card = read_json(folder / "card.json")
    source = "encoder" if (folder / "encoder").is_dir() else "shape_codes"
    shares = card.get("slot_shares", {})
    metrics = card.get("metrics", {})
    try:
        return ModelInfo(
            id=str(card["id"]),
            category=str(card.get("category", "shape")),
            labels=tuple(str(label) for label in card["labels"]),
            slot_count=int(read_json(folder / source / "config.json")["num_parts"]),
            slot_shares={str(label): tuple(map(float, row)) for label, row in shares.items()},
            vocabulary=tuple(map(str, card.get("vocabulary", ())))[:MOST_PHRASES],
            licence=str(card.get("licence", "")),
            data=str(card.get("data", "")),
            shapes=int(card.get("library", 0)),
            trainable=all((folder / network).is_dir() for network in FOR_TRAINING),
            metrics={
                str(group): {
                    str(name): float(value)
                    for name, value in values.items()
                    if isinstance(value, int | float)
                }
                for group, values in metrics.items()
                if isinstance(values, dict)
            },
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise CheckpointError(f"{folder}/card.json is damaged: {error}") from None


class Models:
    """One checkpoint that is loaded at once, and shipped and own ones, loaded when a shape first needs them.

    Parameters
    ----------
    folder : Path, optional
        The first checkpoint (default: the shipped chair model).
    device : str

    Raises
    ------
    CheckpointError
        If the first checkpoint cannot be used. A damaged one among the others is left out.
    """

    def __init__(self, folder: Path | None, device: str) -> None:
        first = folder or default_checkpoint()
        self._device = device
        self.default = load_checkpoint(first, device)
        self._loaded = {self.default.id: self.default}
        self._folders = {self.default.id: first}
        self._infos = {self.default.id: describe(first)}
        for other in (*shipped_checkpoints(), *user_checkpoints()):
            try:
                self.add(other)
            except CheckpointError as error:
                log.warning("a model is left out: %s", error)

    def add(self, folder: Path) -> ModelInfo:
        """Take a model in; it is loaded when a shape first needs it. One that is known already stays.

        Raises
        ------
        CheckpointError
            If it cannot be described.
        """
        info = describe(folder)
        self._folders.setdefault(info.id, folder)
        return self._infos.setdefault(info.id, info)

    @property
    def infos(self) -> tuple[ModelInfo, ...]:
        """All models at hand, the first one first."""
        return tuple(self._infos.values())

    def namer_for(self, checkpoint: Checkpoint) -> Checkpoint | None:
        """A model that names parts for one that does not: a shipped one of its category."""
        category = checkpoint.card.get("category")
        if checkpoint.part_namer is not None:
            return None
        for folder in shipped_checkpoints():
            if describe(folder).category == category:
                return self.get(describe(folder).id)
        return None

    def info(self, checkpoint: Checkpoint) -> ModelInfo:
        return self._infos[checkpoint.id]

    def get(self, checkpoint_id: str) -> Checkpoint:
        """A checkpoint by id ("" = the default), loaded if it is not yet.

        Raises
        ------
        CheckpointError
            If it is not at hand or cannot be loaded.
        """
        if not checkpoint_id:
            return self.default
        if checkpoint_id not in self._loaded:
            if checkpoint_id not in self._folders:
                raise CheckpointError(
                    f"The model {checkpoint_id} is not at hand; there are {', '.join(self._folders)}. "
                    f"Put its folder into {user_models()}, or make the shape again with one of these."
                )
            self._loaded[checkpoint_id] = load_checkpoint(self._folders[checkpoint_id], self._device)
        return self._loaded[checkpoint_id]
