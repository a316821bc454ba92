"""The guard of every test against connections (see `tests/conftest.py`) sees them, from any thread."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ADDRESS = ("192.0.2.1", 9)
"""Reserved for documentation: nothing answers there."""


def test_a_connection_is_refused_and_noted(connections: list[str]) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as plug, pytest.raises(ConnectionRefusedError):
        plug.connect(ADDRESS)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as plug, pytest.raises(ConnectionRefusedError):
        plug.connect_ex(ADDRESS)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plug, pytest.raises(ConnectionRefusedError):
        plug.sendto(b"x", ADDRESS)
    assert len(connections) == 3
    connections.clear()


def test_swallowing_the_refusal_does_not_hide_it(connections: list[str]) -> None:
    def phone_home() -> None:
        try:
            urllib.request.urlopen("http://localhost:9/", timeout=5)
        except (OSError, urllib.error.URLError):
            return

    thread = threading.Thread(target=phone_home)
    thread.start()
    thread.join()
    assert connections
    connections.clear()


def test_names_are_not_looked_up(connections: list[str]) -> None:
    with pytest.raises(ConnectionRefusedError):
        socket.getaddrinfo("example.org", 80)
    assert connections == ["the address of 'example.org'"]
    connections.clear()


def test_sockets_of_the_file_system_are_let_through(tmp_path: Path, connections: list[str]) -> None:
    if not hasattr(socket, "AF_UNIX"):
        pytest.skip("there are none here")
    place = str(tmp_path / "s")
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as plug:
        server.bind(place)
        server.listen(1)
        plug.connect(place)
    assert connections == []


HIDDEN = """
import socket

def test_it():
    try:
        socket.create_connection(("192.0.2.1", 9), 1)
    except OSError:
        pass
"""


def test_a_test_that_connects_fails(root: Path, tmp_path: Path) -> None:
    """A run of pytest with the guard, over a test that connects and hides it."""
    (tmp_path / "conftest.py").write_text("from tests.conftest import nothing_is_sent  # noqa: F401\n")
    (tmp_path / "test_hidden.py").write_text(HIDDEN)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "--rootdir",
            str(tmp_path),
            str(tmp_path),
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "tried to reach a network: [" in done.stdout
