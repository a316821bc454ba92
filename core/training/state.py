"""Everything a training needs to go on after a kill: weights, moving averages, optimiser, step, time spent.

Random numbers are no part of it: every step draws from a generator seeded by (seed, step), so a resumed run
sees what the uninterrupted one would have seen. Files are safetensors and JSON, replaced atomically.
"""

from __future__ import annotations

import json
import math
import os
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from core.training.parallel import Draws, average_gradients


def generator_for(seed: int, step: int) -> torch.Generator:
    """The CPU generator of one training step, for all of its shapes."""
    return draws_for(seed, step, 0, 1)


def draws_for(seed: int, step: int, rank: int, world: int) -> Draws:
    """The CPU generator of one training step, for one of `world` processes that share its shapes."""
    draws = Draws()
    draws.rank, draws.world = rank, world
    draws.manual_seed((seed * 1_000_003 + step * 7_919 + 17) % (2**63))
    return draws


def learning_rate(peak: float, fraction: float, step: int, warmup: int) -> float:
    """Linear warm-up, then half a cosine down to 1 % of the peak; `fraction` of the run in [0, 1]."""
    rise = min(1.0, (step + 1) / max(warmup, 1))
    return peak * rise * (0.01 + 0.99 * 0.5 * (1.0 + math.cos(math.pi * min(fraction, 1.0))))


class TrainingState:
    """Networks under training with AdamW, gradient clipping and an exponential moving average.

    Parameters
    ----------
    networks : dict of str to nn.Module
    peak_rate : float
        Highest learning rate.
    ema : float
        Decay of the average; the first steps use ``(1 + step) / (10 + step)`` if that is smaller.
    """

    def __init__(
        self,
        networks: dict[str, nn.Module],
        peak_rate: float,
        weight_decay: float = 0.01,
        ema: float = 0.999,
        clip: float = 1.0,
        warmup: int = 300,
    ) -> None:
        self.networks = networks
        self.peak_rate, self.ema, self.clip, self.warmup = peak_rate, ema, clip, warmup
        self.names = [f"{n}.{k}" for n, module in networks.items() for k, _ in module.named_parameters()]
        self.parameters = [p for module in networks.values() for p in module.parameters()]
        self.averages = [p.detach().clone() for p in self.parameters]
        matrices = [p for p in self.parameters if p.ndim > 1]
        others = [p for p in self.parameters if p.ndim <= 1]
        self.optimizer = torch.optim.AdamW(
            [{"params": matrices, "weight_decay": weight_decay}, {"params": others, "weight_decay": 0.0}],
            lr=peak_rate,
            betas=(0.9, 0.98),
            fused=True,
        )
        self.step = 0
        self.seconds = 0.0
        self.start: dict[str, object] = {}
        """Id and recipe of the model it started from; empty for a training from scratch."""
        self.best = math.inf
        """Lowest validation error so far."""
        self.best_step = 0
        self.stale = 0
        """Checks in a row that brought no better one."""

    def update(self, loss: Tensor, fraction: float) -> float:
        """One optimiser step at `fraction` of the run; returns the gradient norm (nan steps are skipped)."""
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        average_gradients(self.parameters)
        norm = float(nn.utils.clip_grad_norm_(self.parameters, self.clip))
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(self.peak_rate, fraction, self.step, self.warmup)
        if math.isfinite(norm):
            self.optimizer.step()
            decay = min(self.ema, (1 + self.step) / (10 + self.step))
            torch._foreach_lerp_(self.averages, [p.detach() for p in self.parameters], 1.0 - decay)
        self.step += 1
        return norm

    def averaged(self) -> _Averaged:
        """Context in which the networks hold their averaged weights."""
        return _Averaged(self)

    def improved(self, error: float) -> bool:
        """Note a validation error; whether it is the lowest so far."""
        if error < self.best:
            self.best, self.best_step, self.stale = error, self.step, 0
            return True
        self.stale += 1
        return False

    def save(self, folder: Path, facts: dict[str, object]) -> None:
        """Write the state and a JSON of plain facts (step, time and whatever the caller adds)."""
        folder.mkdir(parents=True, exist_ok=True)
        tensors: dict[str, Tensor] = {}
        for name, parameter, average in zip(self.names, self.parameters, self.averages, strict=True):
            tensors[f"weight/{name}"] = parameter.detach()
            tensors[f"average/{name}"] = average
            for key, value in self.optimizer.state.get(parameter, {}).items():
                tensors[f"optimizer.{key}/{name}"] = value
        partial = folder / "state.partial"
        save_file({key: value.contiguous() for key, value in tensors.items()}, partial, self._header(facts))
        os.replace(partial, folder / "state.safetensors")

    def _header(self, facts: dict[str, object]) -> dict[str, str]:
        known: dict[str, object] = {"step": self.step, "seconds": self.seconds, "start": self.start}
        if self.best < math.inf:
            known |= {"best": self.best, "best_step": self.best_step, "stale": self.stale}
        return {"facts": json.dumps({**facts, **known})}

    def resume(self, folder: Path) -> bool:
        """Continue from a folder if it holds a state; False if there is none."""
        path = folder / "state.safetensors"
        if not path.exists():
            return False
        tensors = load_file(path)
        with torch.no_grad():
            for name, parameter, average in zip(self.names, self.parameters, self.averages, strict=True):
                parameter.copy_(tensors[f"weight/{name}"])
                average.copy_(tensors[f"average/{name}"])
                moments = {
                    key.split("/", 1)[0].removeprefix("optimizer."): key
                    for key in (f"optimizer.{k}/{name}" for k in ("step", "exp_avg", "exp_avg_sq"))
                    if key in tensors
                }
                if moments:
                    self.optimizer.state[parameter] = {
                        k: tensors[key].to(parameter.device, copy=True) for k, key in moments.items()
                    }
        facts = read_facts(path)
        self.step, self.seconds = int(facts["step"]), float(facts["seconds"])
        self.start = facts.get("start", {})
        self.best = float(facts.get("best", math.inf))
        self.best_step, self.stale = int(facts.get("best_step", 0)), int(facts.get("stale", 0))
        return True


def read_facts(path: Path) -> dict:
    """The JSON facts in the header of a state file."""
    with path.open("rb") as file:
        size = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(size))
    return json.loads(header["__metadata__"]["facts"])


def recipe_of(folder: Path, stage: str) -> dict[str, object]:
    """Id of a checkpoint and the recipe of one of its stages; empty if the folder has no card."""
    card = folder / "card.json"
    if not card.exists():
        return {}
    known = json.loads(card.read_text(encoding="utf-8"))
    return {"id": known["id"], **known["recipe"][stage]}


class _Averaged:
    def __init__(self, state: TrainingState) -> None:
        self.state = state

    def _swap(self) -> None:
        with torch.no_grad():
            for parameter, average in zip(self.state.parameters, self.state.averages, strict=True):
                kept = parameter.clone()
                parameter.copy_(average)
                average.copy_(kept)

    def __enter__(self) -> None:
        self._swap()

    def __exit__(self, *_: object) -> None:
        self._swap()
