"""What every test gets: quiet third parties, reproducible examples, and a check that nothing is left running.

Qt fixtures live in ``tests/app/conftest.py``.
"""

from __future__ import annotations

import gc
import os
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import own_screen

ROOT = Path(__file__).resolve().parent.parent
NEEDS_DISPLAY = ("tests/app/", "tests/e2e/")
LONG = ("tests/e2e/", "tests/reliability/", "tests/test_architecture.py", "tests/core/training/")
"""Begun first and in this order, so that no worker is left with minutes of work when the others are done."""
THIRD_PARTY_THREADS = ("TMonitor",)
"""Threads that libraries keep for the life of the process (tqdm's bar monitor)."""

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
os.environ.setdefault("QT_API", "pyside6")
os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")
own_screen.take()
_config_folder = tempfile.TemporaryDirectory(prefix="partsmith-config-")
os.environ["PARTSMITH_CONFIG_DIR"] = _config_folder.name
os.environ["PARTSMITH_MODELS_DIR"] = os.path.join(_config_folder.name, "models")

settings.register_profile(
    "partsmith",
    deadline=None,
    max_examples=30,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("partsmith")


def _has_display() -> bool:
    if sys.platform != "linux":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _turn(item: pytest.Item) -> int:
    path = item.path.relative_to(ROOT).as_posix()
    return next((turn for turn, long in enumerate(LONG) if path.startswith(long)), len(LONG))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put long ones first and skip what this machine cannot run; Qt would abort the whole process."""
    items.sort(key=_turn)
    if not _has_display():
        no_display = pytest.mark.skip(reason="needs a display; `make test` starts its own")
        for item in items:
            path = item.path.relative_to(ROOT).as_posix()
            if path.startswith(NEEDS_DISPLAY) or item.get_closest_marker("gl"):
                item.add_marker(no_display)
    for_gpu = [item for item in items if item.get_closest_marker("gpu")]
    if for_gpu:
        import torch

        if not torch.cuda.is_available():
            for item in for_gpu:
                item.add_marker(pytest.mark.skip(reason="needs a CUDA device"))


def pytest_collection_finish() -> None:
    gc.freeze()


@pytest.fixture(scope="module", autouse=True)
def what_stays_is_not_looked_through() -> Iterator[None]:
    """Spare what the tests of a module have left, libraries above all, from further collections of garbage.

    A collection looks at every object there is: half a second with Qt, torch and all tests loaded.
    """
    yield
    gc.collect()
    gc.freeze()


_connections: list[str] | None = None
"""Connections tried since a test began; None outside of tests. An audit hook cannot be removed again."""


def _note_connection(event: str, arguments: tuple[object, ...]) -> None:
    if _connections is None:
        return
    if event == "socket.connect":
        # The X server, D-Bus and the like are on this machine, behind sockets of the file system.
        if getattr(arguments[0], "family", None) != getattr(socket, "AF_UNIX", None):
            _connections.append(f"a connection to {arguments[1]!r}")
            raise ConnectionRefusedError("tests do not connect to anything")
    elif event in ("socket.sendto", "socket.sendmsg"):
        if getattr(arguments[0], "family", None) != getattr(socket, "AF_UNIX", None):
            _connections.append(f"a message to {arguments[1]!r}")
            raise ConnectionRefusedError("tests do not send anything")
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        _connections.append(f"the address of {arguments[0]!r}")
        raise ConnectionRefusedError("tests do not look up addresses")


sys.addaudithook(_note_connection)


@pytest.fixture
def connections() -> list[str]:
    """What the running test has tried to reach; a test that tries on purpose empties it."""
    assert _connections is not None
    return _connections


@pytest.fixture(autouse=True)
def nothing_is_sent() -> Iterator[None]:
    """Fail a test during which anything tried to reach a network: nothing is ever sent anywhere."""
    global _connections
    _connections = tried = []
    yield
    _connections = None
    # Qt's own connections are made where Python does not see them; the editor has no use for that module.
    if "PySide6.QtNetwork" in sys.modules:
        tried.append("Qt's network module was imported")
    if tried:
        pytest.fail(f"tried to reach a network: {tried}", pytrace=False)


@pytest.fixture(autouse=True)
def nothing_left_running() -> Iterator[None]:
    """Fail a test that leaves a thread or a visible window behind (set up first, so checked last)."""
    before = set(threading.enumerate())
    yield
    until = time.monotonic() + 3.0
    while True:
        left = [
            thread
            for thread in threading.enumerate()
            if thread not in before and type(thread).__name__ not in THIRD_PARTY_THREADS
        ]
        if not left or time.monotonic() > until:
            break
        time.sleep(0.01)
    if left:
        pytest.fail(f"threads left running: {[thread.name for thread in left]}", pytrace=False)
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is not None and widgets.QApplication.instance() is not None:
        windows = [widget for widget in widgets.QApplication.topLevelWidgets() if widget.isVisible()]
        names = [type(widget).__name__ for widget in windows]
        for widget in windows:
            widget.close()
        if names:
            pytest.fail(f"windows left open: {names}", pytrace=False)


@pytest.fixture(scope="session")
def root() -> Path:
    """Folder of the repository."""
    return ROOT
