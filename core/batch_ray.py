"""Workers of a batch on Ray, which may be many machines: ``batch ... --engine ray``.

Ray is an optional package: it is imported by `load_ray` only.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
from types import ModuleType
from typing import Any

from core.batch_workers import Setup, Task, Worker
from core.cli_inputs import MODEL_PROBLEM, CommandError

PATIENCE = 10.0
"""Seconds in which a cluster must answer; Ray itself would try for many minutes."""
STARTS = 3
"""Workers in a row that may fail to start before the run is given up."""


def load_ray(address: str) -> ModuleType:
    """Import Ray, told before that nothing is sent and, without the address of a cluster, nobody let in.

    Raises
    ------
    CommandError
        If it is not installed, or no cluster answers at the address.
    """
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    if not address:
        # Its processes would listen on every network. This switch, named after the systems where off is the
        # default, makes them listen on the loopback address alone, on any system.
        os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
        # Nor shall other users of this machine get in. Without a token here Ray keeps one in the home folder.
        os.environ["RAY_AUTH_MODE"] = "token"
        os.environ["RAY_AUTH_TOKEN"] = secrets.token_hex(32)
        # As fast as the pool; Ray would let its workers step back behind everything else (nice 15).
        os.environ["RAY_worker_niceness"] = "0"
    try:
        import ray
    except ModuleNotFoundError as error:
        raise CommandError(
            f"--engine ray needs the package {error.name}, which is not installed: "
            "run `pip install -c constraints.txt -e '.[cluster]'`, or leave --engine out"
        ) from error
    if address:
        _look_for(address)
    return ray


def _look_for(address: str) -> None:
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 0xFFFF:
        raise CommandError(f"--address is HOST:PORT, such as 192.0.2.1:6379, not {address}")
    try:
        socket.create_connection((host, int(port)), PATIENCE).close()
    except OSError as error:
        raise CommandError(f"no Ray cluster answers at {address}: {error.strerror or error}") from error


class RayWorkers:
    """Actors of Ray with a worker each; one that died is replaced.

    Parameters
    ----------
    ray : module
        As `load_ray` has prepared it for this address.
    setup : Setup
    count : int
        Workers that are asked for. Where the cluster has room for fewer, those do all tasks.
    address : str
        ``HOST:PORT`` of a running cluster to which this machine belongs; "" = Ray on this machine alone.

    Raises
    ------
    CommandError
        If the cluster cannot be reached.
    """

    def __init__(self, ray: ModuleType, setup: Setup, count: int, address: str = "") -> None:
        self._ray = ray
        quiet = {"log_to_driver": False, "logging_level": logging.ERROR}
        try:
            if address:
                ray.init(address=address, **quiet)
            else:
                ray.init(address="local", num_cpus=count, include_dashboard=False, **quiet)
        except (ConnectionError, RuntimeError, ValueError) as error:
            raise CommandError(f"cannot use Ray at {address or 'this machine'}: {error}") from error
        # On a machine with several GPUs Ray gives each worker one of its own, which torch then sees alone.
        gpus = 1 if setup.device == "cuda" else 0
        self._kind = ray.remote(num_cpus=1, num_gpus=gpus, max_restarts=0)(Worker)
        self._setup = setup
        self._idle: list[Any] = []
        self._waited_for: dict[Any, tuple[Any, Task | None]] = {}
        """Answers to come: which worker gives it, and to what task; None = it says that it has started."""
        self._failed_starts = 0
        for _ in range(count):
            self._start()

    def _start(self) -> None:
        worker = self._kind.remote(self._setup)
        self._waited_for[worker.__ray_ready__.remote()] = worker, None

    @property
    def free(self) -> bool:
        return bool(self._idle)

    def begin(self, task: Task) -> None:
        worker = self._idle.pop()
        self._waited_for[worker.make.remote(task)] = worker, task

    def ended(self) -> list[tuple[Task, str | None]]:
        ended: list[tuple[Task, str | None]] = []
        for answer in self._ray.wait(list(self._waited_for))[0]:
            worker, task = self._waited_for.pop(answer)
            made = None
            try:
                made = self._ray.get(answer)
                self._idle.append(worker)
                self._failed_starts = 0
            except self._ray.exceptions.RayTaskError as error:
                raise error.cause from None  # what `Worker.make` has raised, as in a pool
            except self._ray.exceptions.RayError as error:
                if task is None:
                    self._count_failed_start(error)
                # Dead, or out of reach: one that comes back must not go on beside the new one.
                self._ray.kill(worker)
                self._start()
            if task is not None:
                ended.append((task, made))
        return ended

    def _count_failed_start(self, error: Exception) -> None:
        self._failed_starts += 1
        if self._failed_starts >= STARTS:
            reason = str(error).strip().splitlines()[-1].strip()
            raise CommandError(f"workers cannot start on Ray: {reason}", MODEL_PROBLEM) from error

    def close(self) -> None:
        self._ray.shutdown()
