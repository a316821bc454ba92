"""Folders of published checkpoints with one file changed: converted to a sound model, or refused by name."""

from __future__ import annotations

import json
import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import h5py
import torch
import yaml

from core.checkpoints.loading import CheckpointError, load_checkpoint
from core.published.convert import convert
from tests.published import reference_folder, reference_settings, save_options
from tests.reliability.figures import Outcome, figure
from tests.reliability.mutation import VALUES, damaged

SECONDS = 60.0
PHASES = (("phase1", "phase2"), ("lang_phase1", "phase2"))
SIZES = (0, 1, 2, 3, 7, 64, 65, 4096, 2**31, -1, 0.5, True)


def one_of(folder: Path, pattern: str, rng: random.Random) -> Path:
    return rng.choice(sorted(folder.rglob(pattern)))


def bytes_changed(folder: Path, rng: random.Random) -> str:
    path = one_of(folder, "*.*", rng) if rng.random() < 0.7 else one_of(folder, "model", rng)
    data = path.read_bytes()
    path.unlink()
    path.write_bytes(damaged([data[: 1 << 20]], [], rng) + data[1 << 20 :])
    return f"bytes of {path.name}"


def file_gone(folder: Path, rng: random.Random) -> str:
    path = rng.choice([path for path in sorted(folder.rglob("*")) if path.is_file()])
    other = one_of(folder, f"*{path.suffix}", rng)
    path.unlink()
    kind = rng.choice(("missing", "empty", "another one", "a folder"))
    if kind == "empty":
        path.touch()
    elif kind == "another one" and other != path and other.is_file():
        shutil.copy(other, path)
    elif kind == "a folder":
        path.mkdir()
    return f"{path.name} is {kind}"


def setting_changed(folder: Path, rng: random.Random) -> str:
    path = one_of(folder, "hparams.yaml", rng)
    settings = yaml.safe_load(path.read_text())
    section = rng.choice([settings, settings["network"], settings["variance_schedule"]])
    key, value = rng.choice(sorted(section)), rng.choice((*VALUES, *SIZES))
    section[key] = value
    path.unlink()
    path.write_text(yaml.safe_dump(settings))
    return f"{key} = {str(value)[:40]!r} in hparams.yaml"


def option_changed(folder: Path, rng: random.Random) -> str:
    path = one_of(folder, "options.pkl", rng)
    settings = dict(reference_settings()["spaghetti"])
    key, value = rng.choice(sorted(settings)), rng.choice((*VALUES, *SIZES))
    settings[key] = value
    path.unlink()
    save_options(path, settings)
    return f"{key} = {str(value)[:40]!r} in options.pkl"


def tensor_changed(folder: Path, rng: random.Random) -> str:
    path = rng.choice([*sorted(folder.rglob("state_only.ckpt")), one_of(folder, "model", rng)])
    state = torch.load(path, weights_only=True)
    name = rng.choice(sorted(state))
    tensor = state[name]
    changes: dict[str, Callable[[], torch.Tensor | None]] = {
        "missing": lambda: None,
        "not finite": lambda: torch.full_like(tensor.float(), float("nan")),
        "whole numbers": lambda: tensor.to(torch.int64),
        "half as precise": lambda: tensor.to(torch.bfloat16),
        "doubles": lambda: tensor.double(),
        "turned": lambda: tensor.flip(0) if tensor.ndim < 2 else tensor.transpose(0, 1),
        "one longer": lambda: torch.cat((tensor.reshape(-1), torch.ones(1))),
        "a single number": lambda: torch.zeros(()),
        "empty": lambda: torch.zeros(0, 3),
    }
    kind = rng.choice(list(changes))
    if (changed := changes[kind]()) is None:
        del state[name]
    else:
        state[name] = changed
    if rng.random() < 0.2:
        state["net.more"] = torch.ones(2)
    path.unlink()
    torch.save(state, path, _use_new_zipfile_serialization=rng.random() < 0.5)
    return f"{name} is {kind} in {path.parent.name}/{path.name}"


def statistics_changed(folder: Path, rng: random.Random) -> str:
    path = one_of(folder, "*_mean_std.hdf5", rng)
    key, value = rng.choice(("mean", "std")), rng.choice((0.0, -1.0, float("nan"), float("inf"), 1e30))
    data = path.read_bytes()
    path.unlink()
    path.write_bytes(data)
    with h5py.File(path, "r+") as file:
        file[key][rng.randrange(16)] = value
    return f"{key} holds {value}"


CHANGES = (bytes_changed, file_gone, setting_changed, option_changed, tensor_changed, statistics_changed)


def wrong_with(folder: Path, out: Path) -> str:
    """Convert; what is wrong with how that went, "" if nothing is."""
    started = time.monotonic()
    try:
        card = convert(folder, out)
    except CheckpointError as error:
        if str(folder) not in str(error):
            return f"refused without saying where: {error}"
        left = [path.name for path in out.parent.iterdir() if path != folder]
        return f"left {left}" if left else ""
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
    finally:
        seconds = time.monotonic() - started
    if seconds > SECONDS:
        return f"took {seconds:.0f} s"
    model = load_checkpoint(out)
    networks = [model.representation, model.extrinsic_denoiser, model.intrinsic_denoiser, model.normalisation]
    numbers = [value for network in networks for value in network.state_dict().values()]
    if not all(bool(value.isfinite().all()) for value in numbers if value.is_floating_point()):
        return "it was converted with numbers that are not finite"
    return "" if model.card == json.loads(json.dumps(card)) else "the card is another one"


@figure("published checkpoints with one file changed: not refused by name, nor made a sound model", 300)
def changed_folders(quick: bool) -> Outcome:
    outcome = Outcome()
    refused = 0
    with tempfile.TemporaryDirectory(prefix="partsmith-published-") as parent:
        sound = [reference_folder(Path(parent) / phases[0], phases=phases) for phases in PHASES]
        for number in range(6 if quick else 300):
            rng = random.Random(number)
            place = Path(parent) / "trial"
            # Links: only what is changed is written anew.
            folder = Path(shutil.copytree(rng.choice(sound), place / "chair", copy_function=os.link))
            what = CHANGES[number % len(CHANGES)](folder, rng)
            wrong = wrong_with(folder, place / "model")
            refused += not (place / "model").exists()
            outcome.check(not wrong, f"{number}, {what}: {wrong}")
            shutil.rmtree(place)
    outcome.note = f"{refused} refused, the others are sound"
    return outcome
