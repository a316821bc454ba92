"""Finds published checkpoints in a folder: which file is what, of which category, with which settings.

SALAD: `<phase>/{hparams.yaml,state_only.ckpt}`; SPAGHETTI: `spaghetti_<tag>/{model,options.pkl}`; statistics
`*_mean_std.hdf5`; encoded shapes `*latents*.hdf5`. They may lie side by side or in folders by category.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from core.checkpoints.loading import CheckpointError
from core.published.plain_pickle import shown

PHASES = ("phase1", "phase2", "lang_phase1", "lang_phase2")
CATEGORIES = {"chair": "chairs_large", "airplane": "airplanes", "table": "tables"}
"""Categories with published checkpoints, and the tags of their SPAGHETTI folders."""

MAX_DEPTH = 6
MAX_FOLDERS = 5000
MAX_YAML_BYTES = 1 << 16
MAX_YAML_VALUES = 2000
MAX_YAML_LISTS = 200
"""The parser looks through all open ones at every word."""
MAX_NUMBER = 1 << 63

NETWORK_SETTINGS = {
    "_target_", "input_dim", "residual", "context_dim", "context_embedding_dim", "embedding_dim", "num_heads",
    "encoder_use_time", "encoder_type", "decoder_type", "enc_num_layers", "dec_num_layers",
    "use_timestep_embedder", "timestep_embedder_dim", "attn_dropout",
}  # fmt: skip
SCHEDULE_SETTINGS = {"_target_", "num_steps", "beta_1", "beta_T", "mode"}
NORMALISED = ("partial", "all", None)


@dataclass(frozen=True)
class Phase:
    """One denoiser: its checkpoint, the settings of the network and the schedule, and what it reads."""

    name: str
    checkpoint: Path
    hparams: Path
    network: Mapping[str, Any]
    schedule: Mapping[str, Any]
    normalised: str | None


@dataclass(frozen=True)
class Published:
    """The files of one category."""

    folder: Path
    category: str
    model: Path
    options: Path
    phases: Mapping[str, Phase]
    statistics: Path | None
    shapes: Path | None

    @property
    def files(self) -> list[Path]:
        """All files that are read."""
        found = [self.model, self.options]
        for phase in self.phases.values():
            found += [phase.hparams, phase.checkpoint]
        return found + [path for path in (self.statistics, self.shapes) if path is not None]


def find_published(folder: Path, category: str | None = None) -> Published:
    """Find the published files of one category in a folder, at any depth.

    Parameters
    ----------
    folder : Path
    category : str, optional
        "chair", "airplane" or "table"; needed if the folder holds several.

    Raises
    ------
    CheckpointError
        If files are missing, doubled or unlike published ones; the message names them and what to do.
    """
    if category is not None and category not in CATEGORIES:
        raise CheckpointError(f"there is no category {category!r}; choose {', '.join(CATEGORIES)}")
    if not folder.is_dir():
        raise CheckpointError(f"there is no folder {folder}; give the folder of the published files")
    folders = list(_walk(folder))
    phases = [
        (path, name)
        for path in folders
        if (path / "state_only.ckpt").is_file()
        for name in [_phase_of(folder, path)]
    ]
    models = [path for path in folders if (path / "model").is_file() and (path / "options.pkl").is_file()]
    files = [path for place in folders for path in sorted(place.glob("*.hdf5")) if path.is_file()]
    hparams = {path: read_hparams(path / "hparams.yaml") for path, _ in phases}
    known = {path: _category_of(folder, path, hparams[path]) for path, _ in phases}
    category = category or _only_category(
        folder, {*known.values()}, {_named(folder, path) for path in models}
    )

    chosen: dict[str, Phase] = {}
    for path, name in phases:
        if known[path] not in (category, None):
            continue
        if name in chosen:
            raise CheckpointError(
                f"{path} and {chosen[name].checkpoint.parent} are both {name} of {category}"
            )
        chosen[name] = _phase(name, path, hparams[path])
    if not chosen:
        raise CheckpointError(f"{folder} holds no {', '.join(PHASES)} of category {category}")
    for first, second in (("phase1", "lang_phase1"), ("phase2", "lang_phase2")):
        if first not in chosen and second not in chosen:
            raise CheckpointError(
                f"{folder} holds neither {first} nor {second} of category {category}; both phases are needed"
            )
    spaghetti = _one(folder, category, models, f"SPAGHETTI folder (spaghetti_{CATEGORIES[category]})")
    if spaghetti is None:
        raise CheckpointError(
            f"{folder} holds no SPAGHETTI folder of category {category}: put "
            f"spaghetti_{CATEGORIES[category]} with `model` and `options.pkl` into it"
        )
    statistics = [path for path in files if path.name.endswith("_mean_std.hdf5")]
    shapes = [path for path in files if path not in statistics and "latents" in path.name]
    return Published(
        folder=folder,
        category=category,
        model=spaghetti / "model",
        options=spaghetti / "options.pkl",
        phases=chosen,
        statistics=_one(folder, category, statistics, "file of statistics (*_mean_std.hdf5)"),
        shapes=_one(folder, category, shapes, "set of encoded shapes (*latents*.hdf5)"),
    )


def find_categories(folder: Path) -> list[str]:
    """Categories of which the folder holds SALAD checkpoints (raises CheckpointError if there are none)."""
    if not folder.is_dir():
        raise CheckpointError(f"there is no folder {folder}; give the folder of the published files")
    phases = [path for path in _walk(folder) if (path / "state_only.ckpt").is_file()]
    found = {_category_of(folder, path, read_hparams(path / "hparams.yaml")) for path in phases}
    return sorted(name for name in found if name) or [find_published(folder).category]


def read_hparams(path: Path) -> dict[str, Any]:
    """Settings of a phase from YAML, by the safe loader (raises CheckpointError)."""
    try:
        if path.stat().st_size > MAX_YAML_BYTES:
            raise CheckpointError(f"{path} is larger than {MAX_YAML_BYTES >> 10} KiB; settings are not")
        text = path.read_text(encoding="utf-8")
        _check_yaml(path, text)
        values = yaml.safe_load(text)
    except FileNotFoundError:
        raise CheckpointError(f"{path} is missing; it belongs beside state_only.ckpt") from None
    except (OSError, ValueError, OverflowError, yaml.YAMLError, RecursionError) as error:
        raise CheckpointError(f"{path} is refused: {' '.join(str(error).split())[:200]}") from None
    if not isinstance(values, dict):
        raise CheckpointError(f"{path} must hold settings by name")
    return values


def _check_yaml(path: Path, text: str) -> None:
    """Refuse what settings do not need before anything is built: masses of values, types by name, merges.

    A value that is built as a type it is none of fails in ways of its own, and mappings merged into one
    another a few times are more than fits into memory.
    """
    if max(text.count("["), text.count("{")) > MAX_YAML_LISTS:
        raise CheckpointError(f"{path} is nested too deeply, or holds too many lists")
    for number, event in enumerate(yaml.parse(text, Loader=yaml.SafeLoader)):
        if number >= MAX_YAML_VALUES:
            raise CheckpointError(
                f"{path} holds more than {MAX_YAML_VALUES} values; settings of a phase are some dozens"
            )
        if isinstance(event, yaml.NodeEvent) and not isinstance(event, yaml.AliasEvent) and event.tag:
            raise CheckpointError(f"{path} names the type {event.tag[:80]}; settings of a phase do not")
        if isinstance(event, yaml.ScalarEvent) and event.value == "<<":
            raise CheckpointError(f"{path} merges settings into others (<<); write them out")


def _walk(folder: Path) -> Iterator[Path]:
    seen = 0
    for place, inner, _ in os.walk(folder, followlinks=False):
        path = Path(place)
        depth = len(path.relative_to(folder).parts)
        inner[:] = sorted(name for name in inner if not name.startswith(".")) if depth < MAX_DEPTH else []
        seen += 1
        if seen > MAX_FOLDERS:
            raise CheckpointError(f"{folder} holds too many folders; choose the one with the published files")
        yield path


def _phase_of(root: Path, path: Path) -> str:
    words = [path.name, path.parent.name] if path != root else [path.name]
    for word in words:
        if word in PHASES:
            return word
    raise CheckpointError(f"{path} holds a state_only.ckpt, but is not called {', '.join(PHASES)}; rename it")


def _category_in(text: str) -> str | None:
    return next((name for name in CATEGORIES if name in text.lower()), None)


def _named(root: Path, path: Path) -> str | None:
    """Category that the names of a path say, the nearest folder first."""
    for part in reversed((root.name, *path.relative_to(root).parts)):
        if found := _category_in(part):
            return found
    return None


def _category_of(root: Path, path: Path, hparams: Mapping[str, Any]) -> str | None:
    tag = hparams.get("spaghetti_tag")
    return _named(root, path) or (_category_in(tag) if isinstance(tag, str) else None)


def _only_category(folder: Path, phases: set[str | None], models: set[str | None]) -> str:
    found = sorted({name for name in phases if name} or {name for name in models if name})
    if len(found) == 1:
        return found[0]
    if found:
        raise CheckpointError(f"{folder} holds {', '.join(found)}; choose one with --category")
    if not phases and not models:
        raise CheckpointError(
            f"{folder} holds no published checkpoint: no <phase>/state_only.ckpt and no spaghetti_<tag>/model"
        )
    raise CheckpointError(f"nothing in {folder} says what it makes; choose with --category")


def _one(root: Path, category: str, paths: list[Path], what: str) -> Path | None:
    fitting = [path for path in paths if _named(root, path) in (category, None)]
    if len(fitting) > 1:
        names = ", ".join(str(path.relative_to(root)) for path in fitting[:4])
        raise CheckpointError(f"{root} holds more than one {what} of category {category}: {names}")
    return fitting[0] if fitting else None


def _phase(name: str, path: Path, hparams: Mapping[str, Any]) -> Phase:
    where = path / "hparams.yaml"
    network = _section(where, hparams, "network", NETWORK_SETTINGS)
    schedule = _section(where, hparams, "variance_schedule", SCHEDULE_SETTINGS)
    for key, kind in (("num_steps", int), ("beta_1", float), ("beta_T", float)):
        try:
            schedule[key] = kind(schedule[key])  # the safe loader takes "1e-4" for a text
        except (KeyError, TypeError, ValueError, OverflowError):
            raise CheckpointError(f"{where}: variance_schedule.{key} is missing or no number") from None
    normalised = hparams.get("global_normalization") or None
    if name.endswith("phase2"):
        normalised = None  # intrinsics are not normalised
    elif normalised not in NORMALISED:
        raise CheckpointError(
            f"{where}: global_normalization is {shown(normalised)}; known are partial and all"
        )
    if name.startswith("lang_") and hparams.get("use_lstm") is not True:
        raise CheckpointError(f"{where}: use_lstm is not true; text encoders other than the LSTM are unknown")
    return Phase(name, path / "state_only.ckpt", where, network, schedule, normalised)


def _section(where: Path, hparams: Mapping[str, Any], name: str, known: set[str]) -> dict[str, Any]:
    section = hparams.get(name)
    if not isinstance(section, dict):
        raise CheckpointError(f"{where} has no section {name}; is it of another program?")
    for key, value in section.items():
        if key not in known:
            named = key[:80] if isinstance(key, str) else shown(key)
            raise CheckpointError(
                f"{where}: the setting {name}.{named} is unknown; no published phase has it"
            )
        if isinstance(value, int) and not abs(value) < MAX_NUMBER:
            raise CheckpointError(f"{where}: {name}.{key} is out of range")
        if not isinstance(value, str | bool | int | float | None) or "${" in str(value):
            raise CheckpointError(f"{where}: {name}.{key} is no plain value; resolve it in the file")
    return {key: value for key, value in section.items() if key != "_target_"}
