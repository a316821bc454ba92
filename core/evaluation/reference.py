"""Do our networks compute what the published ones compute? Checked against a folder of reference values.

The folder holds, for every network of `configs.json`, published settings, a state dict
(`NAME.weights.safetensors`) and inputs with outputs (`NAME.io.safetensors`). Sizes and seeds are free.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from core.models.extrinsic_denoiser import ExtrinsicDenoiser
from core.models.intrinsic_denoiser import IntrinsicDenoiser
from core.models.mixing import Mixing
from core.models.occupancy import Occupancy
from core.models.schedule import published_schedule
from core.models.shape_codes import ShapeCodes, spaghetti_configs, split_spaghetti_state
from core.models.text_encoder import TextLSTM

TOLERANCE = 1e-5
"""Largest absolute difference that counts as the same number (float32)."""

Tensors = dict[str, Tensor]
Settings = Mapping[str, object]
Network = TypeVar("Network", bound=nn.Module)


class ReferenceFolderError(ValueError):
    """The folder is no folder of reference values; the message names what is wrong."""


def verify_reference(folder: Path) -> list[tuple[str, str, float]]:
    """Run every network of a reference folder on its stored inputs.

    Parameters
    ----------
    folder : Path
        With `configs.json` and two safetensors files per network.

    Returns
    -------
    list of (network, output, error)
        Largest absolute error of each output; infinite when shapes differ or numbers are not finite.

    Raises
    ------
    ReferenceFolderError
        When files are missing or unreadable, networks are unknown, or weights do not fit the settings.
    """
    try:
        configs = json.loads((folder / "configs.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ReferenceFolderError(f"{folder / 'configs.json'} cannot be read: {error}") from error
    if not isinstance(configs, dict) or not all(isinstance(value, dict) for value in configs.values()):
        raise ReferenceFolderError(f"{folder / 'configs.json'} must map network names to settings")
    errors: list[tuple[str, str, float]] = []
    for name, settings in configs.items():
        if name not in _RUNNERS:
            raise ReferenceFolderError(f"unknown network {name!r}; known are {', '.join(_RUNNERS)}")
        needs_weights, run = _RUNNERS[name]
        weights = _read(folder / f"{name}.weights.safetensors") if needs_weights else {}
        values = _read(folder / f"{name}.io.safetensors")
        try:
            with torch.inference_mode():
                outputs = run(settings, weights, values)
        except (KeyError, TypeError, ValueError, RuntimeError) as error:
            raise ReferenceFolderError(f"{name}: {error}") from error
        for output, actual in outputs.items():
            if output not in values:
                raise ReferenceFolderError(f"{name}: the reference has no output {output!r}")
            errors.append((name, output, _largest_error(actual, values[output])))
    return errors


def print_reference(folder: Path) -> int:
    """Print the error of every output; return 0 when all are within the tolerance, else 1."""
    try:
        errors = verify_reference(folder)
    except ReferenceFolderError as error:
        print(f"cannot verify: {error}")
        return 1
    for network, output, largest in errors:
        verdict = "ok" if largest <= TOLERANCE else "DIFFERS"
        print(f"{network:<12} {output:<15} {largest:9.2e}  {verdict}")
    failures = sum(not largest <= TOLERANCE for _, _, largest in errors)
    print(f"{len(errors) - failures} of {len(errors)} outputs within {TOLERANCE:g}")
    return 0 if errors and not failures else 1


def _read(path: Path) -> Tensors:
    try:
        return load_file(path)
    except (OSError, SafetensorError) as error:
        raise ReferenceFolderError(f"{path} cannot be read: {error}") from error


def _largest_error(actual: Tensor, expected: Tensor) -> float:
    if actual.shape != expected.shape or not bool(actual.isfinite().all()):
        return float("inf")
    if not actual.numel():
        return 0.0
    return float((actual.double() - expected.double()).abs().max())


def _loaded(network: Network, weights: Tensors) -> Network:
    network.load_state_dict(weights)
    return network.eval()


def _run_spaghetti(settings: Settings, weights: Tensors, values: Tensors) -> Tensors:
    configs, states = spaghetti_configs(settings), split_spaghetti_state(weights)
    codes = _loaded(ShapeCodes(**configs["shape_codes"]), states["shape_codes"])
    mixing = _loaded(Mixing(**configs["mixing"]), states["mixing"])
    occupancy = _loaded(Occupancy(**configs["occupancy"]), states["occupancy"])
    z, intrinsics, extrinsics = codes(values["item"])
    context = mixing(intrinsics, extrinsics)
    logits, attention = occupancy.part_attention(values["points"], context)
    return {
        "z": z,
        "intrinsics": intrinsics,
        "extrinsics": extrinsics,
        "context": context,
        "logits": logits,
        "part_attention": attention,
    }


def _run_extrinsic(settings: Settings, weights: Tensors, values: Tensors) -> Tensors:
    network = _loaded(ExtrinsicDenoiser.from_published(settings), weights)
    return {"eps": network(values["x"], values["beta"], values.get("context"))}


def _run_intrinsic(settings: Settings, weights: Tensors, values: Tensors) -> Tensors:
    network = _loaded(IntrinsicDenoiser.from_published(settings), weights)
    return {"eps": network(values["x"], values["beta"], values["context"])}


def _run_text(settings: Settings, weights: Tensors, values: Tensors) -> Tensors:
    network = _loaded(TextLSTM.from_published(settings), weights)
    tokens = values["tokens"]
    # The published network drops columns that are padding in every row.
    used = int((tokens != network.padding_idx).sum(1).max())
    feature, attention = network(tokens)
    return {"feature": feature, "attention": attention[:, :used]}


def _run_schedule(settings: Settings, weights: Tensors, values: Tensors) -> Tensors:
    return published_schedule(**settings)._asdict()  # type: ignore[arg-type]


_RUNNERS: dict[str, tuple[bool, Callable[[Settings, Tensors, Tensors], Tensors]]] = {
    "spaghetti": (True, _run_spaghetti),
    "phase1": (True, _run_extrinsic),
    "phase2": (True, _run_intrinsic),
    "lang_phase1": (True, _run_extrinsic),
    "lang_phase2": (True, _run_intrinsic),
    "text_lstm": (True, _run_text),
    "schedule": (False, _run_schedule),
}
