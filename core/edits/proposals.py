"""Requests of sampled edits, from the scene and what a person chose; what accepting a candidate does.

They refuse in words (EditError). The window, the command line and `core.api` all make their requests here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields, replace
from random import SystemRandom
from typing import Protocol, TypedDict

from core.edits.job import EditError
from core.edits.model_info import ModelInfo
from core.edits.requests import MAX_SEED, Complete, Generate, Mix, Refine, Request, Sampled, TextEdit, Vary
from core.edits.results import Candidate
from core.edits.words import parts_meant, parts_replaced
from core.scene.scene import Scene
from core.scene.shape import Shape

_random = SystemRandom()
MORE_STRENGTH = 0.25
"""How far from a candidate more like it may be: clearly other, of the same kind."""


class KnowsModels(Protocol):
    """What says how many slots a model has and what its parts are called."""

    def model(self, checkpoint_id: str = "") -> ModelInfo: ...


class Sampling(TypedDict, total=False):
    """Options shared by all sampled edits; no seed (or None) draws a new one, 0 steps means the default."""

    seed: int | None
    count: int
    steps: int
    tries: int
    guidance: float
    negative: str
    preview: bool


class SeededSampling(TypedDict, total=False):
    """`Sampling` with a definite seed and checkpoint, ready for a request."""

    seed: int
    count: int
    steps: int
    tries: int
    guidance: float
    negative: str
    preview: bool
    checkpoint: str


def new_seed() -> int:
    """A random seed a person can read aloud and type again."""
    return _random.randrange(100_000)


def seeded(sampling: Sampling, base: Shape | None = None, checkpoint: str = "") -> SeededSampling:
    """Fill in seed and checkpoint.

    Raises
    ------
    EditError
        If the seed is outside what a request can carry.
    """
    seed = sampling.get("seed")
    if seed is None:
        seed = new_seed()
    if not 0 <= seed <= MAX_SEED:
        raise EditError(f"Seeds go from 0 to {MAX_SEED}.")
    filled = SeededSampling(seed=seed, checkpoint=base.checkpoint if base else checkpoint)
    if "count" in sampling:
        filled["count"] = sampling["count"]
    if "steps" in sampling:
        filled["steps"] = sampling["steps"]
    if "tries" in sampling:
        filled["tries"] = sampling["tries"]
    if "guidance" in sampling:
        filled["guidance"] = sampling["guidance"]
    if "negative" in sampling:
        filled["negative"] = sampling["negative"].strip()
    if "preview" in sampling:
        filled["preview"] = sampling["preview"]
    return filled


def unlocked(shape: Shape, part_ids: Collection[int]) -> tuple[int, ...]:
    """The parts, in the given order.

    Raises
    ------
    EditError
        If the shape has no such part, or one of them is locked.
    """
    for part_id in part_ids:
        if part_id not in shape.part_ids:
            raise EditError(f"{shape.name} has no part {part_id}.")
        if shape.part(part_id).locked:
            raise EditError(f"{shape.part(part_id).name} is locked. Unlock it to edit it.")
    return tuple(part_ids)


def all_unlocked(shape: Shape) -> tuple[int, ...]:
    """Every part that is not locked (EditError if there is none)."""
    parts = tuple(part.id for part in shape.parts if not part.locked)
    if not parts:
        raise EditError(f"All parts of {shape.name} are locked.")
    return parts


def generate_request(text: str, checkpoint: str, sampling: Sampling) -> Generate:
    """New shapes of a model ("" = the default one)."""
    return Generate(text=text.strip(), **seeded(sampling, checkpoint=checkpoint))


def complete_request(
    base: Shape,
    parts: Collection[int],
    text: str,
    resample: int,
    engine: KnowsModels | None,
    sampling: Sampling,
) -> Complete:
    """Replace `parts`, else the hidden unlocked parts, else fill up what the shape has lost of its slots."""
    chosen = unlocked(base, parts)
    if not chosen:
        chosen = tuple(part.id for part in base.parts if not part.visible and not part.locked)
    if not chosen and (engine is None or len(base.parts) >= engine.model(base.checkpoint).slot_count):
        raise EditError("Select the parts to replace, hide them, or delete some first.")
    return Complete(base=base, parts=chosen, text=text.strip(), resample=resample, **seeded(sampling, base))


def mix_request(
    base: Shape,
    source: Shape,
    take: Collection[int],
    drop: Collection[int] | None,
    strength: float,
    sampling: Sampling,
) -> Mix:
    """Take parts of `source`; by default they replace the unlocked parts of `base` of the same kinds."""
    if source is base or source.id == base.id:
        raise EditError("Source and target are the same shape: choose another source.")
    if source.checkpoint != base.checkpoint:
        raise EditError(f"{source.name} and {base.name} come from different models.")
    taken = tuple(part_id for part_id in source.part_ids if part_id in set(take))
    if not taken:
        raise EditError(f"Choose the parts of {source.name} to take.")
    if drop is None:
        drop = parts_replaced(base, source, taken)
    return Mix(
        base=base,
        source=source,
        take=taken,
        drop=unlocked(base, drop),
        strength=strength,
        **seeded(sampling, base),
    )


def vary_request(base: Shape, parts: Collection[int], strength: float, sampling: Sampling) -> Vary:
    """Vary `parts`, else every unlocked one."""
    chosen = unlocked(base, parts) or all_unlocked(base)
    return Vary(base=base, parts=chosen, strength=strength, **seeded(sampling, base))


def refine_request(base: Shape, parts: Collection[int], strength: float, sampling: Sampling) -> Refine:
    """Mend the joints of `parts`, else of every unlocked one."""
    return Refine(base=base, parts=unlocked(base, parts), strength=strength, **seeded(sampling, base))


def _labels(shape: Shape) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.label for part in shape.parts))


def text_request(
    base: Shape,
    parts: Collection[int],
    text: str,
    strength: float,
    engine: KnowsModels | None,
    sampling: Sampling,
) -> TextEdit:
    """Change `parts`, else those that the words speak of, so that the shape fits the words."""
    if not text.strip():
        raise EditError("Write what the parts should become.")
    if not parts:
        model = engine.model(base.checkpoint) if engine else ModelInfo("", labels=_labels(base))
        parts = parts_meant(base, text, model.slot_shares, model.labels)
    if not parts:
        raise EditError("Select the parts that the words are about, or name them: “round arms”.")
    return TextEdit(
        base=base,
        parts=unlocked(base, parts),
        text=text.strip(),
        strength=strength,
        **seeded(sampling, base),
    )


def again_request(request: Sampled, scene: Scene, seed: int | None) -> Sampled:
    """The same request on what its base has become, with another seed.

    Raises
    ------
    EditError
        If the shape, or parts of it that the request names, are gone or locked.
    """
    fresh = new_seed() if seed is None else seed
    if request.like is not None:  # it starts from a candidate, which stays what it is
        return replace(request, seed=fresh)
    base = getattr(request, "base", None)
    if not isinstance(base, Shape):
        return replace(request, seed=fresh)
    if base.id not in scene:
        raise EditError(f"{base.name} is no longer in the scene.")
    current = scene.shape(base.id)
    unlocked(current, (*getattr(request, "parts", ()), *getattr(request, "drop", ())))
    return replace(request, base=current, seed=fresh)  # type: ignore[call-arg]


def first_of(request: Request) -> Request:
    """The request that a chain of "more like this" began with."""
    while isinstance(request, Sampled) and request.like is not None:
        request = request.like
    return request


def alternatives(one: Request, other: Request) -> bool:
    """Whether candidates of two requests are one choice: each can be accepted in place of any other.

    Those of one request are, and those of mixes of the same parts, raw or refined in whatever way.
    """
    one, other = first_of(one), first_of(other)
    if not (isinstance(one, Mix) and isinstance(other, Mix)):
        return one is other
    same = one.base is other.base and one.source is other.source
    return same and (one.take, one.drop) == (other.take, other.drop)


def base_of(request: Request) -> Shape | None:
    """The shape of the scene whose place candidates of a request take; None for a new shape."""
    base = getattr(first_of(request), "base", None)
    return base if isinstance(base, Shape) else None


def more_request(candidate: Candidate, request: Sampled) -> Vary | TextEdit:
    """Variations of the parts that a request has sampled in a candidate, by its words if it had any."""
    shape = candidate.shape
    parts = candidate.changed or all_unlocked(shape)
    strength = MORE_STRENGTH
    if isinstance(request, Vary | Refine):
        strength = min(strength, request.strength)
    more = Vary(
        base=shape,
        parts=parts,
        strength=strength,
        checkpoint=shape.checkpoint,
        seed=new_seed(),
        count=request.count,
        steps=request.steps,
        tries=request.tries,
        guidance=request.guidance,
        negative=request.negative,
        preview=request.preview,
        like=request,
        like_seed=candidate.seed,
    )
    text = getattr(request, "text", "")
    return more if not text else TextEdit(text=text, **{f.name: getattr(more, f.name) for f in fields(more)})


def stale_reason(request: Request, scene: Scene, accepted: Shape | None) -> str:
    """Why candidates of `request` cannot be accepted any more; empty if they can.

    They can while the base shape is the very value the request started from, or the candidate `accepted`
    last of its `alternatives` (so a person may change her mind without undoing first).
    """
    base = base_of(request)
    if base is None:
        return ""
    if base.id not in scene:
        return f"{base.name} is no longer in the scene."
    current = scene.shape(base.id)
    return "" if current is base or current is accepted else f"{base.name} has changed since."


def accepted_shape(candidate: Candidate, request: Request, scene: Scene) -> Shape:
    """What the scene gets for a candidate: its base as the candidate has it, or a shape of its own."""
    base = base_of(request)
    if base is None:
        return scene.newcomer(candidate.shape)
    now = scene.shape(base.id)
    return replace(candidate.shape, id=now.id, name=now.name, position=now.position, visible=now.visible)


def with_accepted(scene: Scene, shape: Shape, request: Request) -> Scene:
    """The scene with an accepted shape, and with the words of its request in the prompt history."""
    return scene.with_shape(shape).with_prompt(str(getattr(request, "text", "")))
