"""What a bug report needs: versions, graphics, device and the last problems, without anybody's folders."""

from __future__ import annotations

import platform
from importlib import metadata
from pathlib import Path

from app.engines import EngineInfo
from app.viewport.graphics import NoOpenGLError, probe

PACKAGES = (
    "partsmith",
    "PySide6-Essentials",
    "vispy",
    "pyqtgraph",
    "numpy",
    "torch",
    "diffusers",
    "trimesh",
    "open3d",
)
TAIL = 256 * 1024
"""Bytes at the end of the log that are looked through."""
SHOWN = 20
LEVELS = (" WARNING ", " ERROR ", " CRITICAL ")


def diagnostics(info: EngineInfo | None, error: str, log_file: Path) -> str:
    """Facts about this installation and its last problems, as text.

    Parameters
    ----------
    info : EngineInfo or None
        Of the loaded engine.
    error : str
        Why there is none.
    log_file : Path
        The log of this editor; it may be missing.
    """
    lines = [installation(), f"OpenGL: {_graphics()}"]
    if info is not None:
        lines.append(f"device: {info.device_name}")
        lines += [f"model: {model.id}" for model in info.models]
    else:
        lines.append(f"no model: {error or 'still loading'}")
    lines.append("last problems in the log:")
    lines += [f"  {line}" for line in last_problems(log_file)] or ["  none"]
    return without_home("\n".join(lines), Path.home()) + "\n"


def installation() -> str:
    """Versions of the packages, of Python and of the system, a line each."""
    lines = [f"{name} {_version(name)}" for name in PACKAGES]
    return "\n".join([*lines, f"Python {platform.python_version()} on {platform.platform()}"])


def last_problems(log_file: Path) -> list[str]:
    """The last lines of a log that warn of something, oldest first."""
    try:
        with log_file.open("rb") as file:
            file.seek(max(log_file.stat().st_size - TAIL, 0))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return []
    return [line for line in text.splitlines() if any(level in line for level in LEVELS)][-SHOWN:]


def without_home(text: str, home: Path) -> str:
    """Text in which the home folder is ``~``: its path holds the person's name."""
    # Also as it is behind symbolic links; the longer path first, one may hold the other.
    for plain in sorted({str(home), home.as_posix(), str(home.resolve())}, key=len, reverse=True):
        if len(plain) > 1:
            text = text.replace(plain, "~")
    return text


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "is not installed"


def _graphics() -> str:
    try:
        found = probe()
    except NoOpenGLError as error:
        return str(error)
    return f"{found.renderer}, {found.version[0]}.{found.version[1]}"
