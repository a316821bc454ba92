"""Writes a folder in the exact published layout, with `torch.save` and `pickle` as the authors did."""

from __future__ import annotations

import json
import pickle
import sys
import types
from pathlib import Path

import h5py
import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor

from core.models.schedule import published_schedule
from core.models.word_pieces import VOCABULARY_SIZE

REFERENCE = Path(__file__).parent / "data" / "salad_networks"
"""Settings and weights of the published implementations at a small size, see tests/data/README.md."""

TAGS = {"chair": "chairs_large", "airplane": "airplanes", "table": "tables"}
TARGETS = {
    "phase1": ("salad.models.phase1.Phase1Model", "UnCondDiffNetwork"),
    "phase2": ("salad.models.phase2.Phase2Model", "CondDiffNetwork"),
    "lang_phase1": ("salad.models.language_phase1.LangPhase1Model", "CondDiffNetwork"),
    "lang_phase2": ("salad.models.language_phase2.LangPhase2Model", "CondDiffNetwork"),
}

State = dict[str, Tensor]


def reference_settings() -> dict[str, dict[str, object]]:
    settings: dict[str, dict[str, object]] = json.loads((REFERENCE / "configs.json").read_text())
    return settings


def reference_states() -> dict[str, State]:
    """Weights of every reference network; the text encoder filled up to the published vocabulary."""
    names = ["spaghetti", *TARGETS, "text_lstm"]
    states = {name: load_file(REFERENCE / f"{name}.weights.safetensors") for name in names}
    words = states["text_lstm"]["word_embedding.weight"]
    rest = torch.randn(
        VOCABULARY_SIZE - len(words), words.shape[1], generator=torch.Generator().manual_seed(5)
    )
    states["text_lstm"]["word_embedding.weight"] = torch.cat((words, rest))
    return states


def schedule_state(steps: int = 1000) -> State:
    betas, alpha_bars, sigmas = published_schedule(steps)
    return {
        "betas": betas,
        "alphas": 1 - betas,
        "alpha_bars": alpha_bars,
        "sigmas_flex": betas.sqrt(),
        "sigmas_inflex": sigmas,
    }


def save_options(path: Path, settings: dict[str, object]) -> None:
    """An instance of a class that does not exist here any more when it is read."""
    module = types.ModuleType("options")
    module.Options = type("Options", (), {"__module__": "options"})  # type: ignore[attr-defined]
    options = module.Options()
    extra = {"device": torch.device("cuda:0"), "tag": "chairs_large", "epochs": 2000, "reg_weight": 1e-4}
    for name, value in (settings | extra | {"dataset_size": -1, "symmetric": (True, False, False)}).items():
        setattr(options, name, value)
    sys.modules["options"] = module
    try:
        path.write_bytes(pickle.dumps(options, pickle.HIGHEST_PROTOCOL))
    finally:
        del sys.modules["options"]


def save_phase(
    folder: Path, name: str, settings: dict[str, object], net: State, text: State, tag: str
) -> None:
    """`hparams.yaml` and `state_only.ckpt` of one phase."""
    folder.mkdir(parents=True)
    state = {f"net.{key}": value for key, value in net.items()}
    state |= {f"var_sched.{key}": value for key, value in schedule_state().items()}
    lines = [f"_target_: {TARGETS[name][0]}", "network:"]
    lines += [f"  _target_: salad.model_components.network.{TARGETS[name][1]}"]
    lines += [f"  {key}: {json.dumps(value)}" for key, value in settings.items()]
    lines += ["variance_schedule:", "  _target_: salad.model_components.variance_schedule.VarianceSchedule"]
    lines += ["  num_steps: 1000", "  beta_1: 1e-4", "  beta_T: 0.05", "  mode: linear", "lr: 0.0001"]
    lines += [f"spaghetti_tag: {tag}", "dataset_kwargs:", "  data_path: ${data.latent_path}"]
    if name.endswith("phase1"):
        lines.append("global_normalization: partial")
    if name.startswith("lang_"):
        lines.append("use_lstm: true")
        state |= {f"bertmodel.{key}": value for key, value in text.items()}
    (folder / "hparams.yaml").write_text("\n".join(lines) + "\n")
    # As a module's state dict: ordered, with metadata behind it.
    module = torch.nn.Module()
    module.state_dict()
    ordered = type(module.state_dict())(state)
    ordered._metadata = module.state_dict()._metadata  # type: ignore[attr-defined]
    torch.save(ordered, folder / "state_only.ckpt")


def save_statistics(path: Path) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(4)
    mean = np.concatenate((generator.normal(size=13), [0.02, 0.01, 0.03]))
    std = np.concatenate((np.full(13, 0.5), [0.02, 0.01, 0.03]))
    with h5py.File(path, "w") as file:
        file["mean"], file["std"] = mean, std
    return mean, std


def save_shapes(path: Path, extrinsics: np.ndarray, intrinsics: np.ndarray) -> None:
    with h5py.File(path, "w") as file:
        file.create_dataset("g_js_affine", data=extrinsics)
        file.create_dataset("s_j_affine", data=intrinsics, compression="gzip")


def write_published(
    folder: Path,
    settings: dict[str, dict[str, object]],
    states: dict[str, State],
    category: str = "chair",
    phases: tuple[str, ...] = tuple(TARGETS),
) -> Path:
    """A published folder of one category; folders of several categories may be written into one place."""
    tag = TAGS[category]
    spaghetti = folder / "spaghetti" / f"spaghetti_{tag}"
    spaghetti.mkdir(parents=True)
    torch.save(states["spaghetti"], spaghetti / "model")
    save_options(spaghetti / "options.pkl", settings["spaghetti"])
    for name in phases:
        place = folder / "checkpoints" / category / name
        save_phase(place, name, settings[name], states[name], states["text_lstm"], tag)
    data = folder / "data"
    data.mkdir(exist_ok=True)
    save_statistics(data / f"spaghetti_{category}_latents_mean_std.hdf5")
    return folder


def reference_folder(folder: Path, **options: object) -> Path:
    """The reference networks as a published folder."""
    return write_published(folder, reference_settings(), reference_states(), **options)  # type: ignore[arg-type]
