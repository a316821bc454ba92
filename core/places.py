"""Where a person's models and trainings are kept."""

from __future__ import annotations

import os
from pathlib import Path

RESOURCES = Path(__file__).resolve().parents[1] / "resources"
USER_VARIABLE = "PARTSMITH_MODELS_DIR"
"""Environment variable that names another folder for a person's own models."""


def user_models() -> Path:
    """Folder of the person's own models; made when the first one is written."""
    if override := os.environ.get(USER_VARIABLE):
        return Path(override)
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "partsmith" / "models"


def user_trainings() -> Path:
    """Folder of the person's trainings, beside the models they make."""
    return user_models().parent / "training"
