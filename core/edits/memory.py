"""What to do when memory runs out: the same again in smaller pieces."""

from __future__ import annotations

import gc
from dataclasses import dataclass

import torch

from core.edits.requests import CheckPrint, Decode, Encode, Export, Fit, Inspect, Request, Sampled
from core.pipelines.decode import BLOCK

LACKING = ("can't allocate memory", "out of memory", "ALLOC_FAILED", "unable to allocate")
"""What errors without a type of their own say: those of the processor's allocator, of drivers, of cuBLAS."""


@dataclass(frozen=True)
class Portion:
    """How much is computed at once.

    Attributes
    ----------
    candidates : int
        In one batch; 0 = all of them.
    points : int
        Of a field.
    """

    candidates: int = 0
    points: int = BLOCK


USUAL = Portion()
SMALLER = (Portion(4, BLOCK // 4), Portion(1, BLOCK // 16))
"""Tried one after the other. Surfaces are the same bit for bit; candidates of smaller batches up to rounding
(1e-5), since products of another size are summed in another order."""


def is_lacking(error: BaseException) -> bool:
    """Whether an error says that there was not enough memory."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    return isinstance(error, RuntimeError) and any(words in str(error) for words in LACKING)


def give_back(device: torch.device) -> None:
    """Return to the system what nothing refers to any more."""
    gc.collect()
    if device.type == "cuda" and torch.cuda.is_available():
        torch.cuda.empty_cache()


def told(request: Request, portion: Portion) -> str:
    """What is done now, for the person who waits."""
    how = "in smaller pieces"
    if isinstance(request, Sampled) and request.count > portion.candidates:
        how = (
            "one candidate at a time"
            if portion.candidates == 1
            else f"{portion.candidates} candidates at a time"
        )
    return f"Memory ran out. It is tried again {how}, which takes longer."


def refusal(request: Request) -> str:
    """That nothing helped, and what to change."""
    match request:
        case Sampled():
            advice = "ask for fewer candidates"
        case Decode() | Export() | CheckPrint():
            advice = "choose a lower resolution"
        case Encode() | Fit() | Inspect():
            advice = "use a mesh with fewer triangles"
        case _:
            advice = "try again"
    return f"There is not enough memory, in smaller pieces neither. Close other programs, or {advice}."
