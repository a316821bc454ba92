"""What OpenGL this display offers: asked before the first window is made, and for bug reports."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QGuiApplication, QOffscreenSurface, QOpenGLContext, QSurfaceFormat

SAMPLES = 4
"""Multisampling of the window where a graphics card draws it."""
OLDEST = (2, 1)
_VENDOR, _RENDERER = 0x1F00, 0x1F01
_SOFTWARE = ("llvmpipe", "softpipe", "swrast", "swiftshader", "software", "gdi generic", "microsoft basic")


class NoOpenGLError(Exception):
    """There is no OpenGL that the viewport could draw with."""


@dataclass(frozen=True)
class Graphics:
    """The OpenGL that windows get.

    Attributes
    ----------
    renderer : str
        The driver's own name for it.
    version : tuple of int
    software : bool
        Whether the processor draws, and so takes time from the model.
    """

    renderer: str
    version: tuple[int, int]
    software: bool


def probe() -> Graphics:
    """Make a context off screen and ask it; one that is current stays current.

    Raises
    ------
    NoOpenGLError
        If there is none, or it is older than OpenGL 2.1; or before there is a `QGuiApplication`.
    """
    if QGuiApplication.instance() is None:
        raise NoOpenGLError("there is no application yet that could ask the display.")
    before = QOpenGLContext.currentContext()
    surface_before = before.surface() if before is not None else None
    context = QOpenGLContext()
    surface = QOffscreenSurface()
    surface.create()
    if not context.create() or not context.makeCurrent(surface):
        raise NoOpenGLError("no OpenGL context can be made on this display.")
    try:
        functions = context.functions()
        renderer = f"{functions.glGetString(_RENDERER)} ({functions.glGetString(_VENDOR)})"
        version = context.format().version()
    finally:
        context.doneCurrent()
        if before is not None:
            before.makeCurrent(surface_before)
    found = (int(version[0]), int(version[1]))
    if found < OLDEST:
        raise NoOpenGLError(f"{renderer} offers OpenGL {found[0]}.{found[1]}, and 2.1 is needed.")
    return Graphics(renderer, found, any(name in renderer.lower() for name in _SOFTWARE))


def use_antialiasing(wanted: bool) -> None:
    """Whether canvases made from now on smooth their edges."""
    surface = QSurfaceFormat.defaultFormat()
    surface.setSamples(SAMPLES if wanted else 0)
    surface.setDepthBufferSize(24)
    QSurfaceFormat.setDefaultFormat(surface)
