"""Preferences: one versioned JSON file that can never keep the program from starting."""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
import logging
import os
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QStandardPaths

from app.viewport.navigation import NAVIGATIONS, Navigation
from core.scene.replacing import replace_files

log = logging.getLogger(__name__)

VERSION = 1
MAX_RECENT_FILES = 10
MAX_FILE_BYTES = 2**20
FILE_NAME = "settings.json"
LOG_FILE = "partsmith.log"
FOLDER_VARIABLE = "PARTSMITH_CONFIG_DIR"
"""Environment variable that names another folder for settings and log."""


def config_folder() -> Path:
    """Folder of settings and log; created on the first write."""
    override = os.environ.get(FOLDER_VARIABLE)
    if override:
        return Path(override)
    location = QStandardPaths.StandardLocation.AppConfigLocation
    return Path(QStandardPaths.writableLocation(location) or Path.home() / ".partsmith")


@dataclass
class Settings:
    """What is remembered between two starts.

    Attributes
    ----------
    theme : "dark" or "light"
    device : "auto", "cpu" or "cuda"
        Where the model runs.
    antialiasing : "auto", "on" or "off"
        Smooth edges in the viewport; auto = where a graphics card draws it.
    navigation : "default", "blender" or "maya"
        Mouse buttons in the viewport, see `app.viewport.navigation`.
    recent_files : list of str
        Newest first.
    parameters : dict
        Last options of the edit panel, by name.
    twins : bool
        Whether mirror twins are edited together.
    geometry, layout : str
        Base64 of the window's geometry and dock layout.
    path : Path or None
        Where `save` writes; None = nowhere.
    """

    theme: str = "dark"
    device: str = "auto"
    antialiasing: str = "auto"
    navigation: Navigation = "default"
    recent_files: list[str] = field(default_factory=list)
    parameters: dict[str, Any] = field(default_factory=dict)
    twins: bool = True
    geometry: str = ""
    layout: str = ""
    path: Path | None = None
    unknown: dict[str, Any] = field(default_factory=dict)
    """Fields of a newer version, written back unchanged."""

    @classmethod
    def load(cls, folder: Path | None = None) -> Settings:
        """Read the settings of a folder (default: `config_folder()`).

        A damaged file is set aside as ``settings.json.bad`` and defaults are used; one that cannot be read is
        left alone; single values of the wrong type are ignored one by one.
        """
        path = (folder or config_folder()) / FILE_NAME
        settings = cls(path=path)
        try:
            if not path.exists():
                return settings
            if path.stat().st_size > MAX_FILE_BYTES:
                raise ValueError("the file is far too large")
            stored = json.loads(path.read_text(encoding="utf-8"))
            if not isinstance(stored, dict):
                raise ValueError("not a JSON object")
        except OSError as error:
            # What cannot be read now may be sound: it is not overwritten.
            log.warning("settings cannot be read and will not be saved: %s", error)
            settings.path = None
            return settings
        except (ValueError, RecursionError) as error:
            log.warning("settings are not usable and were set aside: %s", error)
            with contextlib.suppress(OSError):
                path.replace(path.with_name(FILE_NAME + ".bad"))
            return settings
        settings._take(stored)
        return settings

    def _take(self, stored: dict[str, Any]) -> None:
        known = {item.name for item in fields(self)} - {"path", "unknown"}
        for name, value in stored.items():
            if name == "version":
                continue
            if name not in known:
                self.unknown[name] = value
            elif isinstance(value, type(getattr(self, name))):
                setattr(self, name, value)
            else:
                log.warning("settings: %s is ignored, it should be a %s", name, type(getattr(self, name)))
        if self.theme not in ("dark", "light"):
            self.theme = "dark"
        if self.device not in ("auto", "cpu", "cuda"):
            self.device = "auto"
        if self.antialiasing not in ("auto", "on", "off"):
            self.antialiasing = "auto"
        if self.navigation not in NAVIGATIONS:
            self.navigation = "default"
        self.recent_files = [item for item in self.recent_files if isinstance(item, str)][:MAX_RECENT_FILES]

    def save(self) -> bool:
        """Write the file, all or nothing. False (and a log entry) if that is not possible."""
        if self.path is None:
            return False
        values = {name: value for name, value in asdict(self).items() if name not in ("path", "unknown")}
        try:
            text = json.dumps({**self.unknown, **values, "version": VERSION}, indent=1, sort_keys=True)
            self.path.parent.mkdir(parents=True, exist_ok=True)
            replace_files({self.path: text.encode()})
        except (OSError, TypeError, ValueError) as error:
            log.warning("settings could not be saved: %s", error)
            return False
        return True

    def add_recent_file(self, path: Path | str) -> None:
        """Put a file at the top of the recent ones."""
        name = str(Path(path).absolute())
        self.recent_files = [name, *(item for item in self.recent_files if item != name)][:MAX_RECENT_FILES]

    def forget_recent_file(self, path: Path | str) -> None:
        name = str(path)
        self.recent_files = [item for item in self.recent_files if item != name]


def to_text(state: QByteArray) -> str:
    """Window state as text for `Settings`."""
    return base64.b64encode(state.data()).decode()


def from_text(text: str) -> QByteArray:
    """Window state from `to_text`; empty if the text is damaged."""
    try:
        return QByteArray(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        return QByteArray()
