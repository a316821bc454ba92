"""A screen of its own for every worker of pytest-xdist, so that real windows and pointers do not meet."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess

SCREEN = "1600x1000x24"


def take() -> None:
    """Start an X server for this process, if it is a worker under software OpenGL, and use it.

    Workers also compute with one thread each: together they would only take turns on the same cores.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    if not (os.environ.get("DISPLAY") and os.environ.get("LIBGL_ALWAYS_SOFTWARE") and shutil.which("Xvfb")):
        return
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", SCREEN, "-nolisten", "tcp"],
        pass_fds=(writer,),
        stderr=subprocess.DEVNULL,
    )
    atexit.register(server.terminate)
    os.close(writer)
    with os.fdopen(reader) as told:
        number = told.readline().strip()  # empty if the server died
    if number:
        os.environ["DISPLAY"] = f":{number}"
