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

from app.preference_table import PREFERENCES, Preference
from app.viewport.navigation import Navigation
from core.scene.replacing import replace_files

log = logging.getLogger(__name__)

VERSION = 1
MAX_FILE_BYTES = 2**20
FILE_NAME = "settings.json"
LOG_FILE = "partsmith.log"
NOT_STORED = {"path", "unknown", "problems"}
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

    The fields up to `reopen_last` are the preferences; `app.preference_table` says what they mean and which
    values are possible.

    Attributes
    ----------
    recent_files : list of str
        Newest first.
    parameters : dict
        Last options of the edit panel, by name.
    shortcuts : dict
        Keys of the commands whose keys were changed, by command id; see `app.keymap`.
    job_times : dict
        Seconds that jobs took, by kind; checked by `app.job_times`.
    tour_seen : bool
        Whether the tour of the window was shown.
    geometry, layout : str
        Base64 of the window's geometry and dock layout.
    path : Path or None
        Where `save` writes; None = nowhere.
    problems : list of str
        What was wrong with the stored settings, as sentences for the person.
    """

    theme: str = "dark"
    text_size: int = 9
    reduced_motion: bool = False
    part_names: bool = True
    antialiasing: str = "auto"
    navigation: Navigation = "default"
    turn_speed: float = 1.0
    zoom_speed: float = 1.0
    invert_wheel: bool = False
    projection: str = "perspective"
    device: str = "auto"
    twins: bool = True
    remember_options: bool = True
    count: int = 4
    steps: int = 0
    guidance: float = 2.0
    snapshot_seconds: int = 2
    recent_limit: int = 10
    reopen_last: bool = False
    recent_files: list[str] = field(default_factory=list)
    parameters: dict[str, Any] = field(default_factory=dict)
    shortcuts: dict[str, list[str]] = field(default_factory=dict)
    job_times: dict[str, list[float]] = field(default_factory=dict)
    tour_seen: bool = False
    geometry: str = ""
    layout: str = ""
    path: Path | None = None
    unknown: dict[str, Any] = field(default_factory=dict)
    """Fields of a newer version, written back unchanged."""
    problems: list[str] = field(default_factory=list, compare=False)

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
            settings.problems.append(
                f"{path} cannot be read, so preferences are those of a first start and changes are not kept."
            )
            settings.path = None
            return settings
        except (ValueError, RecursionError) as error:
            log.warning("settings are not usable and were set aside: %s", error)
            with contextlib.suppress(OSError):
                path.replace(path.with_name(FILE_NAME + ".bad"))
            settings.problems.append(
                f"The preferences were damaged and start afresh; the old file is kept as {FILE_NAME}.bad."
            )
            return settings
        settings._take(stored)
        return settings

    def _take(self, stored: dict[str, Any]) -> None:
        known = {item.name for item in fields(self)} - NOT_STORED
        table = {preference.name: preference for preference in PREFERENCES}
        for name, value in stored.items():
            if name == "version":
                continue
            if name not in known:
                self.unknown[name] = value
            elif name in table:
                if table[name].accepts(value):
                    setattr(self, name, type(table[name].default)(value))
                else:
                    self._complain(table[name], value)
            elif isinstance(value, type(getattr(self, name))):
                setattr(self, name, value)
            else:
                log.warning("settings: %s is ignored, it should be a %s", name, type(getattr(self, name)))
        self.recent_files = [item for item in self.recent_files if isinstance(item, str)]
        self.bound_recent_files()

    def _complain(self, preference: Preference, value: object) -> None:
        shown = json.dumps(value, ensure_ascii=False)
        if len(shown) > 30:
            shown = f"{shown[:30]}…"
        self.problems.append(
            f"Preference \u201c{preference.title}\u201d: {shown} is not possible "
            f"({preference.possible}), so it is {preference.words(preference.default)}."
        )
        log.warning("settings: %s", self.problems[-1])

    def save(self) -> bool:
        """Write the file, all or nothing. False (and a log entry) if that is not possible."""
        if self.path is None:
            return False
        values = {name: value for name, value in asdict(self).items() if name not in NOT_STORED}
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
        self.recent_files = [name, *(item for item in self.recent_files if item != name)]
        self.bound_recent_files()

    def bound_recent_files(self) -> None:
        """Forget the oldest ones beyond `recent_limit`."""
        self.recent_files = self.recent_files[: self.recent_limit]

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
