"""Put trained networks together as a checkpoint: ``python main.py train package``.

Weights are stored in half precision; `card.json` records where they come from and their SHA-256.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file

from core.checkpoints.loading import CheckpointError, load_component, read_json
from core.checkpoints.saving import save_component
from core.corpus.families import FAMILIES, Family
from core.models.extrinsic_denoiser import ExtrinsicDenoiser
from core.models.intrinsic_denoiser import IntrinsicDenoiser
from core.models.mixing import Mixing
from core.models.normalisation import Normalisation
from core.models.occupancy import Occupancy, WeightNormLinear
from core.models.part_encoder import PartEncoder
from core.models.part_namer import PartNamer
from core.models.schedule import COSINE
from core.models.text_encoder import TextAdapter
from core.models.text_matcher import TextMatcher
from core.training import caption_bank
from core.training.state import read_facts
from core.training.vocabulary import vocabulary

COMPONENTS = {
    "encoder": ("representation", PartEncoder),
    "mixing": ("representation", Mixing),
    "occupancy": ("representation", Occupancy),
    "normalisation": ("latents", Normalisation),
    "part_namer": ("latents", PartNamer),
    "extrinsic_denoiser": ("cascade", ExtrinsicDenoiser),
    "intrinsic_denoiser": ("cascade", IntrinsicDenoiser),
    "text_adapter": ("cascade", TextAdapter),
    "text_matcher": ("matcher", TextMatcher),
}
"""Where each component was trained, and its class."""

RECORDED = (
    "shapes",
    "steps",
    "minutes",
    "batch",
    "surface",
    "points",
    "faults",
    "grow",
    "inside_weight",
    "patience",
    "rate",
    "seed",
    "device",
    "processes",
    "size",
    "fp32",
)
"""Options of the trainings that a card tells; paths are nobody's business."""

OPTIONAL = ("text_matcher",)
"""Components a model may lack."""

PRECISE = ("normalisation",)
"""Components too small to be worth halving."""


def slot_shares(latents: Path, parts: Sequence[str]) -> dict[str, list[float]]:
    """For every part name the share of the training shapes in which each slot is called so."""
    labels = load_file(latents)["labels"]
    return {
        name: [round(share, 4) for share in (labels == row).float().mean(0).tolist()]
        for row, name in enumerate(parts)
    }


def recipe(run: Path) -> dict[str, object]:
    """How a stage was trained: options, steps, hours, and the model it started from with its own recipe."""
    facts = read_facts(run / "state.safetensors")
    options = facts["options"]
    found: dict[str, object] = {key: options[key] for key in RECORDED if key in options}
    if options.get("set", "None") != "None":
        found.pop("shapes", None)  # the card's own entry tells how many meshes there were
    found |= {"steps_done": facts["step"], "hours": round(facts["seconds"] / 3600, 2)}
    if int(options.get("patience", 0)):
        # The networks are those of the best check, not of the last step.
        found |= {"best_step": facts["best_step"], "best_validation_error": round(facts["best"], 4)}
        found["stopped_early"] = facts["stale"] >= int(options["patience"])
    if facts.get("start"):
        found["start"] = facts["start"]
    return found


def package(
    runs: Path,
    out: Path,
    family: Family,
    name: str,
    surface_level: float = 0.0,
    representation: Path | None = None,
) -> dict[str, object]:
    """Write the checkpoint folder of a model of the corpus; returns its card (see `assemble`)."""
    facts = {
        "category": family.category,
        "labels": list(family.parts),
        "licence": "MIT",
        "data": f"procedural {family.name} of core/corpus, training seeds 0 .. shapes - 1; no other shapes",
    }
    return assemble(runs, out, name, facts, surface_level, representation)


def assemble(
    runs: Path,
    out: Path,
    name: str,
    facts: Mapping[str, Any],
    surface_level: float = 0.0,
    representation: Path | None = None,
) -> dict[str, object]:
    """Write a checkpoint folder from trained stages; returns its card, which begins with `facts`.

    The surface is put where the trained network answers `surface_level` (a logit): it becomes part of the
    last bias, so that in the checkpoint the surface is at 0 as everywhere. Below 0 shapes are fuller, and
    fewer thin parts break.

    `representation` is a checkpoint whose representation the other stages were trained on; without one it is
    among the trained stages.
    """
    digests = {}
    parameters = {}
    stages = ("representation", "cascade", "matcher")
    trained = [stage for stage in stages if (runs / stage / "state.safetensors").exists()]
    recipes = {stage: recipe(runs / stage) for stage in trained}
    folders = {stage: runs / stage for stage, _ in COMPONENTS.values()}
    level = surface_level
    if representation is not None:
        folders["representation"] = representation
        made = read_json(representation / "card.json")
        recipes = {"representation": made["recipe"]["representation"], **recipes}
        level += made["surface_level"]
    for component, (stage, kind) in COMPONENTS.items():
        if component in OPTIONAL and not (folders[stage] / component).is_dir():
            continue
        network = load_component(kind, folders[stage] / component)
        if isinstance(network, Occupancy):
            last = network.occ_mlp.layers[-1]
            assert isinstance(last, WeightNormLinear)
            with torch.no_grad():
                last.bias.sub_(surface_level)
        parameters[component] = sum(value.numel() for value in network.state_dict().values())
        save_component(network, out / component, torch.float32 if component in PRECISE else torch.float16)
        weights = (out / component / "model.safetensors").read_bytes()
        digests[component] = hashlib.sha256(weights).hexdigest()
    (out / "scheduler_config.json").write_text(json.dumps(COSINE.to_dict(), indent=1) + "\n")
    card: dict[str, object] = {
        "id": name,
        **facts,
        "text_features": "sentence-transformers/all-MiniLM-L6-v2, frozen",
        "steps": 40,
        "generate_steps": 25,
        "parameters": parameters,
        "surface_level": level,
        "recipe": recipes,
        "torch": torch.__version__,
        "sha256": digests,
        "vocabulary": vocabulary(caption_bank.read(runs / "latents" / "captions.safetensors").sentences),
        "slot_shares": slot_shares(runs / "latents" / "latents.safetensors", facts["labels"]),
        "metrics": facts.get("metrics", {}),
    }
    (out / "card.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    return card


def add_matcher(runs: Path, model: Path) -> dict[str, object]:
    """Give a checkpoint the matcher that was trained on its representation; returns its card.

    Its other networks and its id stay, so that scenes made with it can be edited as before.

    Raises
    ------
    CheckpointError
        If the matcher reads latents of another width.
    """
    card = read_json(model / "card.json")
    trained = runs / "matcher" / "text_matcher"
    matcher = load_component(TextMatcher, trained)
    width = read_json(trained / "config.json")["intrinsic_dim"]
    if width != read_json(model / "intrinsic_denoiser" / "config.json")["input_dim"]:
        raise CheckpointError(f"{runs} has a matcher of other latents than those of {model}.")
    save_component(matcher, model / "text_matcher", torch.float16)
    weights = (model / "text_matcher" / "model.safetensors").read_bytes()
    card["sha256"]["text_matcher"] = hashlib.sha256(weights).hexdigest()
    card["parameters"]["text_matcher"] = sum(value.numel() for value in matcher.state_dict().values())
    card["recipe"]["matcher"] = recipe(runs / "matcher")
    (model / "card.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    return card


def main(argv: list[str]) -> int:
    """Command line; see ``--help``."""
    parser = argparse.ArgumentParser(prog="main.py train package", description=__doc__)
    parser.add_argument(
        "--add-matcher", action="store_true", help="only put the matcher of --runs into the checkpoint --out"
    )
    parser.add_argument("--runs", type=Path, default=Path("runs"))
    parser.add_argument("--out", type=Path, default=Path("runs/chair"))
    parser.add_argument("--category", choices=tuple(FAMILIES), default="chairs")
    parser.add_argument("--version", type=int, default=3, help="part of the checkpoint's id")
    parser.add_argument(
        "--surface-level",
        type=float,
        default=0.0,
        help="logit of the trained network at which the surface is; below 0 = fuller, fewer thin parts break",
    )
    parser.add_argument(
        "--representation", type=Path, help="checkpoint with the representation that was trained on"
    )
    options = parser.parse_args(argv)
    if options.add_matcher:
        add_matcher(options.runs, options.out)
        print(f"{options.out} has a matcher now")
        return 0
    family = FAMILIES[options.category]
    name = f"partsmith-{family.category}-{options.version}"
    card = package(options.runs, options.out, family, name, options.surface_level, options.representation)
    print(f"{options.out}: {sum(card['parameters'].values()) / 1e6:.1f} M numbers")  # type: ignore[attr-defined]
    return 0
