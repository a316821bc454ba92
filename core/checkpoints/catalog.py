"""Where checkpoints are: the shipped one beside the code, others wherever the person keeps them."""

from __future__ import annotations

from pathlib import Path

from core.checkpoints.loading import CheckpointError

RESOURCES = Path(__file__).resolve().parents[2] / "resources"


def default_checkpoint() -> Path:
    """Folder of the shipped chair model.

    Raises
    ------
    CheckpointError
        If it is not there.
    """
    folder = RESOURCES / "models" / "chair"
    if not (folder / "card.json").exists():
        raise CheckpointError(f"The default model is missing from {folder}. Restore it, or run `make train`.")
    return folder
