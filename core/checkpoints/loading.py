"""Reading a checkpoint folder: every component is built by its own class, named here and never in a file.

A checkpoint is a folder with one folder per component (`config.json`, `model.safetensors`), a
`scheduler_config.json`, `normalisation.safetensors` and `card.json` (category, labels, recipe, licence,
metrics, SHA-256 of every weight file). Configurations are plain numbers; sizes are checked before anything is
built.
"""

from __future__ import annotations

import hashlib
import inspect
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from safetensors import SafetensorError
from safetensors.torch import load
from torch import Tensor, nn

from core.models.extrinsic_denoiser import ExtrinsicDenoiser
from core.models.intrinsic_denoiser import IntrinsicDenoiser
from core.models.mixing import Mixing
from core.models.normalisation import Normalisation
from core.models.occupancy import Occupancy
from core.models.part_encoder import PartEncoder
from core.models.part_namer import PartNamer
from core.models.representation import Decoder, Representation
from core.models.shape_codes import ShapeCodes
from core.models.text_encoder import TextAdapter, TextLSTM
from core.models.text_matcher import TextMatcher

Network = TypeVar("Network", bound=nn.Module)

MAX_JSON_BYTES = 1 << 20
MAX_WEIGHT_BYTES = 1 << 31
EXTRINSICS = 16
MAX_SIZE = 65_536
"""Largest number a configuration may hold: no single dimension of a network comes near it."""


class CheckpointError(Exception):
    """A checkpoint cannot be used; the message names the file and what to do."""


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object from a file of at most 1 MiB (raises CheckpointError)."""
    try:
        if path.stat().st_size > MAX_JSON_BYTES:
            raise CheckpointError(f"{path} is larger than 1 MiB; it is not a checkpoint's description")
        value = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CheckpointError(f"{path} is missing; choose a complete checkpoint folder") from None
    except (OSError, ValueError, RecursionError) as error:
        raise CheckpointError(f"{path} cannot be read: {error}") from None
    if not isinstance(value, dict):
        raise CheckpointError(f"{path} must hold a JSON object")
    return value


def file_digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_weights(path: Path, digest: str | None = None) -> dict[str, Tensor]:
    """Tensors of a safetensors file as float32; checks the SHA-256 if one is known.

    Raises
    ------
    CheckpointError
        If the file is missing, too large, damaged or not the one the card names.
    """
    try:
        if path.stat().st_size > MAX_WEIGHT_BYTES:
            raise CheckpointError(f"{path} is larger than 2 GiB; such weights are not supported")
        # Read once: what was checked is what is used, even if the file changes meanwhile.
        data = path.read_bytes()
        if digest is not None and hashlib.sha256(data).hexdigest() != digest:
            raise CheckpointError(f"{path} is not the file its card describes; restore the checkpoint")
        tensors = load(data)
    except FileNotFoundError:
        raise CheckpointError(f"{path} is missing; choose a complete checkpoint folder") from None
    except (OSError, SafetensorError) as error:
        raise CheckpointError(f"{path} cannot be read: {error}") from None
    return {name: t.float() if t.is_floating_point() else t for name, t in tensors.items()}


def load_component(kind: type[Network], folder: Path, digest: str | None = None) -> Network:
    """Build one network from its folder; anything unexpected in its files is refused by name."""
    config = read_json(folder / "config.json")
    known = inspect.signature(kind.__init__).parameters
    for key, value in config.items():
        if key not in known or key == "self":
            raise CheckpointError(f"{folder}/config.json has the unknown setting {key!r}")
        flags = isinstance(value, list) and len(value) == 3 and all(isinstance(item, bool) for item in value)
        if not flags and not isinstance(value, str | bool | int | float | type(None)):
            raise CheckpointError(f"{folder}/config.json: {key!r} must be a plain value")
        if isinstance(value, int | float) and not abs(value) <= MAX_SIZE:
            raise CheckpointError(f"{folder}/config.json: {key!r} = {value} is out of range")
    weights = read_weights(folder / "model.safetensors", digest)
    try:
        network = kind(**config)
        network.load_state_dict(weights)
    except (RuntimeError, TypeError, ValueError, ZeroDivisionError) as error:
        raise CheckpointError(f"{folder} does not hold a {kind.__name__}: {error}") from None
    return network.eval()


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """Everything needed to sample, edit and decode one category of shapes.

    Attributes
    ----------
    encoder, shape_codes
        Where parts come from: from points in models trained here, from stored codes in published ones.
    extrinsic_denoiser, intrinsic_denoiser
        The two phases; they may take text.
    text_extrinsic_denoiser, text_intrinsic_denoiser
        Used instead of these when there is a prompt (published models train two networks per phase).
    text_adapter
        Reads prompts for both phases, from sentence features.
    text_lstm, text_lstm_latents
        Read prompts for phase 1 and for phase 2, from word pieces (published).
    part_namer
        None = parts stay unnamed.
    text_matcher
        Judges proposals by the words; None = they are not judged by them.
    """

    folder: Path
    card: dict[str, Any]
    scheduler: dict[str, Any]
    representation: Decoder
    extrinsic_denoiser: ExtrinsicDenoiser
    intrinsic_denoiser: IntrinsicDenoiser
    normalisation: Normalisation
    encoder: PartEncoder | None
    shape_codes: ShapeCodes | None
    text_extrinsic_denoiser: ExtrinsicDenoiser | None
    text_intrinsic_denoiser: IntrinsicDenoiser | None
    text_adapter: TextAdapter | None
    text_lstm: TextLSTM | None
    text_lstm_latents: TextLSTM | None
    part_namer: PartNamer | None
    text_matcher: TextMatcher | None

    @property
    def id(self) -> str:
        return str(self.card["id"])

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(self.card["labels"])

    @property
    def slot_count(self) -> int:
        """Parts of a generated shape."""
        source = self.encoder or self.shape_codes
        assert source is not None
        return int(source.num_parts)

    @property
    def intrinsic_dim(self) -> int:
        """Width D of the intrinsics."""
        return int(self.normalisation.intrinsic_mean.shape[0])

    @property
    def has_slots(self) -> bool:
        """Whether a part's place in the order means something: it does not in published models."""
        return self.extrinsic_denoiser.slot_embedding is not None

    @property
    def reads_text(self) -> bool:
        return self.text_adapter is not None or self.text_lstm is not None


def load_representation(
    folder: Path, device: str = "cpu", digests: dict[str, str] | None = None
) -> Representation:
    """The three networks of the representation, from a checkpoint or a training folder."""
    known = digests or {}
    return Representation(
        load_component(PartEncoder, folder / "encoder", known.get("encoder")),
        load_component(Mixing, folder / "mixing", known.get("mixing")),
        load_component(Occupancy, folder / "occupancy", known.get("occupancy")),
    ).to(device)


def load_checkpoint(folder: Path, device: str = "cpu") -> Checkpoint:
    """Load a whole checkpoint, ready for inference on `device`.

    Raises
    ------
    CheckpointError
        If anything is missing, damaged or unexpected.
    """
    card = read_json(folder / "card.json")
    for key, kind in (("id", str), ("labels", list), ("sha256", dict)):
        if not isinstance(card.get(key), kind):
            raise CheckpointError(f"{folder}/card.json lacks {key!r}")
    digests = card["sha256"]

    def component(kind: type[Network], name: str) -> Network:
        return load_component(kind, folder / name, digests.get(name)).to(device).requires_grad_(False)

    def optional(kind: type[Network], name: str) -> Network | None:
        return component(kind, name) if (folder / name).is_dir() else None

    shape_codes = optional(ShapeCodes, "shape_codes")
    checkpoint = Checkpoint(
        folder=folder,
        card=card,
        scheduler=read_json(folder / "scheduler_config.json"),
        representation=Decoder(component(Mixing, "mixing"), component(Occupancy, "occupancy")),
        extrinsic_denoiser=component(ExtrinsicDenoiser, "extrinsic_denoiser"),
        intrinsic_denoiser=component(IntrinsicDenoiser, "intrinsic_denoiser"),
        normalisation=component(Normalisation, "normalisation"),
        encoder=None if shape_codes is not None else component(PartEncoder, "encoder"),
        shape_codes=shape_codes,
        text_extrinsic_denoiser=optional(ExtrinsicDenoiser, "text_extrinsic_denoiser"),
        text_intrinsic_denoiser=optional(IntrinsicDenoiser, "text_intrinsic_denoiser"),
        text_adapter=optional(TextAdapter, "text_adapter"),
        text_lstm=optional(TextLSTM, "text_lstm"),
        text_lstm_latents=optional(TextLSTM, "text_lstm_latents"),
        part_namer=optional(PartNamer, "part_namer"),
        text_matcher=optional(TextMatcher, "text_matcher"),
    )
    _check_text(checkpoint)
    return checkpoint


def _check_text(model: Checkpoint) -> None:
    """Refuse networks that take text where nothing reads it."""
    gaussians = model.text_extrinsic_denoiser or model.extrinsic_denoiser
    latents = model.text_intrinsic_denoiser or model.intrinsic_denoiser
    untold = gaussians.context_dim > 0 and not (model.text_adapter or model.text_lstm)
    if untold or (latents.context_dim > EXTRINSICS and not (model.text_adapter or model.text_lstm_latents)):
        raise CheckpointError(f"{model.folder} has networks that take text, and none that reads it")
