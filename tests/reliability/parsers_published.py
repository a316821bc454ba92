"""The readers of published checkpoints, as formats like the others: pickles, torch files, HDF5, settings."""

from __future__ import annotations

import io
import json
import os
import pickle
import resource
import signal
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np

from core.published import reader
from core.published.plain_pickle import RefusedFileError
from tests.reliability.parsers import Parser

CONFINED_SECONDS = 5
"""Processor time of one confined reading; of a person's file it may be a minute."""
NAMES = ("statistics", "shapes", "pickle", "torch zip", "torch stream", "options", "hparams")
"""HDF5 first: copies of a process that has loaded torch do not fit into the memory of the reading process."""


def published_parsers() -> dict[str, Callable[[], Parser]]:
    """Makers of the parsers by name."""
    makers = (_statistics, _shapes, _pickle, _torch_zip, _torch_stream, _options, _hparams)
    return {f"published {name}": make for name, make in zip(NAMES, makers, strict=True)}


def read_confined(kind: str, path: Path) -> None:
    """What the reading process does with a file, in a copy of this process: that is there at once.

    That the process dies of a file, or takes too long, is what it is for: then the file is refused. What it
    does not expect ends it with a traceback instead of an answer, and is an error here.
    """
    target = path.with_suffix(".safetensors")
    receiver, sender = os.pipe()
    child = os.fork()
    if not child:
        try:
            for signal_ in (signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGABRT, signal.SIGILL):
                signal.signal(signal_, signal.SIG_DFL)  # a fuzzer would take it for its own
            os.dup2(sender, 1)
            sys.stdout = os.fdopen(1, "w", closefd=False)
            resource.setrlimit(resource.RLIMIT_CPU, (CONFINED_SECONDS, CONFINED_SECONDS))
            try:
                reader.main([kind, str(path), str(target)])
            except BaseException as error:
                sys.stdout.write(f"{type(error).__name__}: {error}")
            sys.stdout.flush()
        finally:
            os._exit(0)
    os.close(sender)
    with os.fdopen(receiver, "rb") as stream:
        said = stream.read()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    target.unlink(missing_ok=True)
    if code:
        raise RefusedFileError(f"the reading process ended with {code}")
    try:
        answer = json.loads(said)
    except ValueError:
        raise AssertionError(f"no answer but {said.decode(errors='replace')[-300:]}") from None
    if "refused" in answer:
        raise RefusedFileError(answer["refused"])


HDF5_WORDS = [b"TREE", b"HEAP", b"SNOD", b"OHDR", b"\x89HDF\r\n\x1a\n", b"\xff" * 8, b"../x\0"]


def _hdf5(**data: np.ndarray) -> list[bytes]:
    seeds = []
    for packed in (None, "gzip"):
        buffer = io.BytesIO()
        with h5py.File(buffer, "w") as file:
            for name, values in data.items():
                file.create_dataset(name, data=values, compression=packed)
        seeds.append(buffer.getvalue())
    return seeds


def _statistics() -> Parser:
    seeds = _hdf5(mean=np.arange(16.0), std=np.ones(16, np.float32))

    def read(path: Path) -> None:
        read_confined("statistics", path)

    return Parser("published statistics", ".hdf5", seeds, read, (RefusedFileError,), HDF5_WORDS)


def _shapes() -> Parser:
    rng = np.random.default_rng(0)
    gaussians, latents = rng.normal(size=(3, 4, 16)), rng.normal(size=(3, 4, 8))
    seeds = _hdf5(g_js_affine=gaussians, s_j_affine=latents)

    def read(path: Path) -> None:
        read_confined("shapes", path)

    return Parser("published shapes", ".hdf5", seeds, read, (RefusedFileError,), HDF5_WORDS)


PICKLE_WORDS = [
    b"cposix\nsystem\n", b"ctorch._utils\n_rebuild_tensor_v2\n", b"ctorch\nFloatStorage\n", b"\x85R", b"Q",
    b"h\x00", b"\x94", b"\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f", b"(", b"e", b"u", b"s", b"b", b".",
    b"\x93",
]  # fmt: skip


def _state() -> dict[str, object]:
    import torch

    shared = torch.arange(12.0)
    return {
        "net.weight": torch.zeros(3, 2),
        "net.bias": torch.ones(4, dtype=torch.bfloat16),
        "var_sched.betas": shared[2:8].reshape(2, 3).t(),
        "count": torch.tensor(3),
    }


def _torch_files(zipped: bool) -> bytes:
    import torch

    buffer = io.BytesIO()
    torch.save(_state(), buffer, _use_new_zipfile_serialization=zipped)
    return buffer.getvalue()


def _pickle() -> Parser:
    """The pickle inside a torch file, without the checksum that would hide damage from its reader."""
    from core.published.torch_files import read_state

    sound = _torch_files(True)
    with zipfile.ZipFile(io.BytesIO(sound)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    inner = next(name for name in entries if name.endswith("data.pkl"))

    def read(path: Path) -> None:
        changed = entries | {inner: path.read_bytes()}
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in changed.items():
                archive.writestr(name, data)
        read_state(path)

    return Parser("published pickle", ".ckpt", [entries[inner]], read, (RefusedFileError,), PICKLE_WORDS)


def _torch_zip() -> Parser:
    from core.published.torch_files import read_state

    words = [b"PK\x01\x02", b"PK\x05\x06", b"archive/data/0", b"archive/data.pkl", b"\xff" * 4]
    return Parser(
        "published torch zip", ".ckpt", [_torch_files(True)], read_state, (RefusedFileError,), words
    )


def _torch_stream() -> Parser:
    from core.published.torch_files import read_state

    seeds = [_torch_files(False)]
    return Parser("published torch stream", ".ckpt", seeds, read_state, (RefusedFileError,), PICKLE_WORDS)


def _options() -> Parser:
    from core.published.torch_files import read_settings
    from tests.published import reference_settings, save_options

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "options.pkl"
        save_options(path, reference_settings()["spaghetti"])
        seeds = [path.read_bytes(), pickle.dumps({"a": 1, "b": (True, None)}, 0)]
    return Parser("published options", ".pkl", seeds, read_settings, (RefusedFileError,), PICKLE_WORDS)


def _hparams() -> Parser:
    """Settings of a phase, read where they are looked for: in a folder of published files."""
    from core.checkpoints.loading import CheckpointError
    from core.published.layout import find_published
    from tests.published import reference_folder

    with tempfile.TemporaryDirectory() as folder:
        written = reference_folder(Path(folder) / "chair")
        seeds = [next(written.rglob("lang_phase1/hparams.yaml")).read_bytes()]
        second = next(written.rglob("phase2/hparams.yaml")).read_bytes()

    def read(path: Path) -> None:
        folder = path.parent / "chair"
        for name in ("lang_phase1", "phase2", "spaghetti_chairs_large"):
            (folder / name).mkdir(parents=True)
        try:
            path.rename(folder / "lang_phase1" / "hparams.yaml")
            (folder / "phase2" / "hparams.yaml").write_bytes(second)
            for name in ("lang_phase1/state_only.ckpt", "phase2/state_only.ckpt"):
                (folder / name).touch()
            for name in ("model", "options.pkl"):
                (folder / "spaghetti_chairs_large" / name).touch()
            find_published(folder, "chair")
        finally:
            # Name by name: `rmtree` opens folders by names that the audit hook cannot place.
            for inner in sorted(folder.rglob("*"), reverse=True):
                inner.rmdir() if inner.is_dir() else inner.unlink()
            folder.rmdir()

    words = [b"<<: *a\n", b"&a ", b"*a", b"!!bool x", b"!!python/name:os.system ", b"!!timestamp x", b"? [",
             b"- - - ", b"{[", b"network:\n", b".nan", b"${x}"]  # fmt: skip
    return Parser("published hparams", ".yaml", seeds, read, (CheckpointError,), words)
