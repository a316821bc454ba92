"""Published checkpoints to a model folder: safetensors per network, and a card with the sources' SHA-256.

The networks keep their parameter names, so converting is sorting. Every tensor must have its place and every
place its tensor; settings, schedules and statistics that fit together nowhere are refused by name.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from core.checkpoints.library import FILE, ShapeLibrary
from core.checkpoints.loading import CheckpointError, file_digest, load_checkpoint, read_json
from core.checkpoints.saving import save_component
from core.edits.job import Job
from core.models.extrinsic_denoiser import ExtrinsicDenoiser
from core.models.intrinsic_denoiser import IntrinsicDenoiser
from core.models.mixing import Mixing
from core.models.normalisation import Normalisation
from core.models.occupancy import Occupancy
from core.models.schedule import PUBLISHED, SAMPLERS, SchedulerConfig, published_schedule
from core.models.shape_codes import ShapeCodes, spaghetti_configs, split_spaghetti_state
from core.models.text_encoder import TextLSTM
from core.models.word_pieces import VOCABULARY_SIZE
from core.published.layout import Phase, Published, find_published
from core.published.quarantine import copy_shapes, read_settings, read_tensors

Network = TypeVar("Network", bound=nn.Module)

FEW_STEPS = 50
"""Steps of each phase with the few-step samplers."""
MASKED_STEPS = 100
"""Steps of masked edits where whole shapes take the published thousand."""
MAX_LAYERS = 64
LICENCE = "not stated in the files; see where they were published"


def convert(
    folder: Path,
    out: Path,
    category: str | None = None,
    sampler: str = "dpm",
    text_latents: bool = False,
    job: Job | None = None,
) -> dict[str, Any]:
    """Convert the published checkpoints of one category.

    Parameters
    ----------
    folder : Path
        With the published files, in any published arrangement.
    out : Path
        Model folder to write; must not exist yet.
    category : str, optional
        Needed if the folder holds several.
    sampler : str
        "dpm" or "ddim" in few steps, or "ddpm", the published ancestral sampler in all its steps.
    text_latents : bool
        Use the language-conditioned phase 2 for prompts. The published demonstrations use it not.
    job : Job, optional
        Told of progress; may be cancelled, which leaves nothing behind.

    Returns
    -------
    dict
        The card.

    Raises
    ------
    CheckpointError
        If anything is missing, unexpected or damaged; the message names it. Nothing is left behind.
    core.edits.job.Cancelled
    """
    if sampler not in SAMPLERS:
        raise CheckpointError(f"the sampler must be one of {', '.join(SAMPLERS)}, not {sampler!r}")
    if out.exists():
        raise CheckpointError(f"{out} is there already; choose another folder for the model")
    job = job or Job()
    published = find_published(folder, category)
    partial = out.with_name(f".{out.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        card = _Conversion(published, partial, job).run(sampler, text_latents)
        ShapeLibrary(load_checkpoint(partial))
        partial.rename(out)
    except OSError as error:
        raise CheckpointError(f"{out} cannot be written: {error.strerror or error}") from None
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return card


class _Conversion:
    """One run: reads file after file and writes component after component."""

    def __init__(self, published: Published, out: Path, job: Job) -> None:
        self.published = published
        self.out = out
        self.job = job
        self.digests: dict[str, str] = {}
        self.parameters: dict[str, int] = {}
        self.sources: dict[str, str] = {}
        self.done = 0

    def step(self, what: str) -> None:
        steps = 2 + len(self.published.phases) + (self.published.shapes is not None)
        self.job.step(what, self.done, steps)
        self.done += 1

    def run(self, sampler: str, text_latents: bool) -> dict[str, Any]:
        published = self.published
        width = self.spaghetti()
        phases = dict(published.phases)
        left_out = []
        if "phase2" in phases and "lang_phase2" in phases and not text_latents:
            left_out.append("lang_phase2")
            del phases["lang_phase2"]
        for path in replace(published, phases=phases, shapes=None).files:
            self.sources[path.relative_to(published.folder).as_posix()] = file_digest(path)
        self.normalisation(phases, width)
        schedules = [self.phase(phase, width, phases) for phase in phases.values()]
        if len(set(schedules)) > 1:
            raise CheckpointError(f"the phases in {published.folder} have different noise schedules")
        shapes = self.library()
        self.step("writing the card")
        schedule = replace(schedules[0], sampler=sampler)
        every = sampler == "ddpm"
        mark = self.digests["mixing"][:4] + self.digests["extrinsic_denoiser"][:4]
        card: dict[str, Any] = {
            "id": f"salad-{published.category}-{mark}",
            "category": published.category,
            "labels": ["part"],
            "licence": LICENCE,
            "data": "published SALAD and SPAGHETTI checkpoints, trained by their authors on ShapeNet",
            "text_features": "LSTM of the checkpoint over word pieces of bert-base-uncased"
            if any(name.startswith("text_lstm") for name in self.digests)
            else "",
            "steps": MASKED_STEPS if every else FEW_STEPS,
            "generate_steps": schedule.num_steps if every else FEW_STEPS,
            "library": shapes,
            "parameters": self.parameters,
            "recipe": {"converted": {"left_out": left_out, "sampler": sampler}},
            "source": self.sources,
            "sha256": self.digests,
        }
        for name, values in (("scheduler_config.json", schedule.to_dict()), ("card.json", card)):
            (self.out / name).write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")
        return card

    def save(self, network: nn.Module, name: str) -> None:
        for entry, value in network.state_dict().items():
            if value.is_floating_point() and not bool(value.isfinite().all()):
                raise CheckpointError(
                    f"{name}: {entry} holds numbers that are not finite; the file is damaged"
                )
        save_component(network, self.out / name)
        self.digests[name] = file_digest(self.out / name / "model.safetensors")
        self.parameters[name] = sum(value.numel() for value in network.state_dict().values())

    def spaghetti(self) -> int:
        """The representation; returns the width D of its intrinsics."""
        published = self.published
        self.step("reading SPAGHETTI")
        settings = read_settings(published.options)
        state = read_tensors(published.model)
        codes = state.get("z.weight")
        if codes is None or codes.ndim != 2:
            raise CheckpointError(
                f"{published.model} holds no shape codes (z.weight): it is no SPAGHETTI model"
            )
        # Options are saved before the size of the data set is known.
        settings = {**settings, "dataset_size": len(codes)}
        with _named(published.options):
            configs = spaghetti_configs(settings)
        with _named(published.model):
            states = split_spaghetti_state(state)
        for name, kind in (("shape_codes", ShapeCodes), ("mixing", Mixing), ("occupancy", Occupancy)):
            built = fitted(lambda kind=kind, name=name: kind(**configs[name]), states[name], published.model)  # type: ignore[misc]
            self.save(built, name)
        return int(configs["mixing"]["intrinsic_dim"])

    def library(self) -> int:
        """Copy the encoded shapes, if there are any; returns how many shapes come with the model."""
        path = self.published.shapes
        if path is None:
            return int(read_json(self.out / "shape_codes" / "config.json")["dataset_size"])
        self.step("copying the encoded shapes")
        self.sources[path.relative_to(self.published.folder).as_posix()] = file_digest(path)
        return copy_shapes(path, self.out / FILE)

    def normalisation(self, phases: Mapping[str, Phase], width: int) -> None:
        """Statistics of the data, if the phases were trained on standardised Gaussians."""
        modes = {phase.normalised for name, phase in phases.items() if name.endswith("phase1")}
        if len(modes) > 1:
            raise CheckpointError("phase1 and lang_phase1 were trained on differently standardised Gaussians")
        mode = modes.pop()
        network = Normalisation(width, partial=True)
        if mode is not None:
            path = self.published.statistics
            if path is None:
                raise CheckpointError(
                    f"{self.published.folder} has no *_mean_std.hdf5 of category {self.published.category}, "
                    "without which samples mean nothing; it is published with the data"
                )
            found = read_tensors(path, "statistics")
            first = 12 if mode == "partial" else 0
            network.extrinsic_mean[first:] = found["mean"][first:]
            network.extrinsic_std[first:] = found["std"][first:]
        self.save(network, "normalisation")

    def phase(self, phase: Phase, width: int, phases: Mapping[str, Phase]) -> SchedulerConfig:
        """One denoiser and, of a language phase, its text encoder; returns its diffusion."""
        self.step(f"reading {phase.name}")
        states = _split(read_tensors(phase.checkpoint), phase.checkpoint)
        first = phase.name.endswith("phase1")
        kind: type[ExtrinsicDenoiser] | type[IntrinsicDenoiser] = (
            ExtrinsicDenoiser if first else IntrinsicDenoiser
        )
        language = phase.name.startswith("lang_")
        settings = phase.network
        with _named(phase.hparams):
            for key in ("enc_num_layers", "dec_num_layers"):
                if isinstance(settings.get(key), int) and settings[key] > MAX_LAYERS:
                    raise ValueError(f"{key} is {settings[key]}, more than {MAX_LAYERS}")
            expected = 16 if first else width
            if settings.get("input_dim") != expected:
                raise ValueError(f"input_dim is {settings.get('input_dim')!r} where {expected} is needed")
            schedule = _schedule(phase, states["var_sched"])
        network = fitted(lambda: kind.from_published(settings), states["net"], phase.checkpoint)
        alone = "lang_" + phase.name if not language else phase.name.removeprefix("lang_")
        text = language and alone in phases
        name = ("text_" if text else "") + ("extrinsic_denoiser" if first else "intrinsic_denoiser")
        self.save(network, name)
        if language:
            told = network.context_dim - (0 if first else 16)
            self.save(
                _text_encoder(states["bertmodel"], told, phase), "text_lstm" if first else "text_lstm_latents"
            )
        elif states["bertmodel"]:
            raise CheckpointError(f"{phase.checkpoint} holds a text encoder, but {phase.name} takes no text")
        return schedule


class _named:
    """Turns refusals of settings and tensors inside into a `CheckpointError` that names the file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ValueError | TypeError | RuntimeError) and not isinstance(
            error, CheckpointError
        ):
            raise CheckpointError(f"{self.path}: {' '.join(str(error).split())[:300]}") from None


def fitted(build: Callable[[], Network], state: Mapping[str, Tensor], path: Path) -> Network:
    """A network with these tensors, each in its place; sizes are compared before anything is allocated.

    Raises
    ------
    CheckpointError
        If tensors are missing, left over, or of other shapes.
    """
    with _named(path):
        with torch.device("meta"):
            places = build().state_dict()
        for name in sorted({*places, *state}):
            if name not in state:
                raise ValueError(f"the tensor {name} is missing")
            if name not in places:
                raise ValueError(f"the tensor {name} belongs nowhere")
            if places[name].shape != state[name].shape:
                raise ValueError(
                    f"the tensor {name} is {list(state[name].shape)}, where the settings ask for "
                    f"{list(places[name].shape)}"
                )
        network = build()
        network.load_state_dict({name: value.float() for name, value in state.items()})
    return network.eval()


def _split(state: Mapping[str, Tensor], path: Path) -> dict[str, dict[str, Tensor]]:
    """Sort a SALAD state dictionary by the three prefixes it has."""
    parts: dict[str, dict[str, Tensor]] = {"net": {}, "var_sched": {}, "bertmodel": {}}
    for name, tensor in state.items():
        room, _, rest = name.partition(".")
        if room not in parts or not rest:
            raise CheckpointError(
                f"{path}: the tensor {name[:80]} belongs nowhere; known are {', '.join(parts)}"
            )
        parts[room][rest] = tensor
    return parts


def _schedule(phase: Phase, stored: Mapping[str, Tensor]) -> SchedulerConfig:
    """The diffusion that settings and stored numbers agree on (ValueError)."""
    settings = phase.schedule
    config = replace(
        PUBLISHED, num_steps=settings["num_steps"], beta_1=settings["beta_1"], beta_T=settings["beta_T"]
    )
    if not (1 <= config.num_steps <= 10_000 and 0.0 < config.beta_1 <= config.beta_T < 1.0):
        raise ValueError("variance_schedule is out of range")
    schedule = published_schedule(
        config.num_steps, config.beta_1, config.beta_T, settings.get("mode", "linear")
    )
    known = {"betas", "alphas", "alpha_bars", "sigmas_flex", "sigmas_inflex"}
    for name, values in stored.items():
        if name not in known:
            raise ValueError(f"the checkpoint stores var_sched.{name}, which is unknown")
        wanted = getattr(schedule, name, None)
        if wanted is not None and not (
            values.shape == wanted.shape and torch.allclose(values.float(), wanted, rtol=1e-3, atol=1e-6)
        ):
            raise ValueError(f"var_sched.{name} of the checkpoint is not the schedule of the settings")
    return config


def _text_encoder(state: Mapping[str, Tensor], width: int, phase: Phase) -> TextLSTM:
    """The LSTM that reads prompts for a phase."""
    words = state.get("word_embedding.weight")
    if words is None or words.ndim != 2:
        raise CheckpointError(
            f"{phase.checkpoint} holds no LSTM over words (bertmodel.word_embedding.weight)"
        )
    if len(words) != VOCABULARY_SIZE:
        raise CheckpointError(
            f"{phase.checkpoint} knows {len(words)} word pieces; bert-base-uncased has {VOCABULARY_SIZE}"
        )
    embedding = int(words.shape[1])
    return fitted(
        lambda: TextLSTM(text_dim=width, embedding_dim=embedding, vocab_size=VOCABULARY_SIZE),
        state,
        phase.checkpoint,
    )
