"""Training in several processes, each with a share of every batch (data parallel).

``torchrun`` and ``accelerate launch`` start the same command once per device and say in the environment which
process is which; nothing else is needed of either. Networks are called at several places of a step, which
a wrapper with one ``forward`` cannot follow, so gradients are averaged by hand, in one piece.

The batch is that of the whole: every process draws all random numbers of a step and keeps its rows. So how
many processes there are changes no result beyond rounding, and a state may be continued by any number.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import torch
from torch import Tensor, distributed

PATIENCE = timedelta(hours=12)
"""The first process samples meshes and encodes shapes while the others wait for it."""


class FirstFailed(Exception):
    """What the first process was to do alone did not succeed; it tells why."""


class Draws(torch.Generator):
    """The CPU generator of one training step: draws for the whole batch, and gives the rows of this process.

    Attributes
    ----------
    rank, world : int
        This process, and how many there are; a plain generator is one of one.
    """

    rank = 0
    world = 1


def own(whole: Tensor, generator: torch.Generator) -> Tensor:
    """The rows of a process of what was drawn for the whole batch."""
    rank, world = _place(generator)
    return whole[rank::world]


def places(count: int, generator: torch.Generator) -> tuple[Tensor, int]:
    """Which rows of the whole batch the `count` rows of a process are, and how many the whole has."""
    rank, world = _place(generator)
    return rank + world * torch.arange(count), count * world


def rand(count: int, *shape: int, generator: torch.Generator) -> Tensor:
    """Uniform numbers [count, ...], a row of them for each shape of this process."""
    return own(torch.rand(count * _place(generator)[1], *shape, generator=generator), generator)


def randn(shape: Sequence[int], generator: torch.Generator) -> Tensor:
    """Normal numbers, a row of them for each shape of this process."""
    whole = (shape[0] * _place(generator)[1], *shape[1:])
    return own(torch.randn(whole, generator=generator), generator)


def randint(high: int, count: int, generator: torch.Generator) -> Tensor:
    """`count` whole numbers below `high`, one for each shape of this process."""
    return own(torch.randint(high, (count * _place(generator)[1],), generator=generator), generator)


def _place(generator: torch.Generator) -> tuple[int, int]:
    return (generator.rank, generator.world) if isinstance(generator, Draws) else (0, 1)


def asked_for() -> int:
    """How many processes this training was started in."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def asked_for_first() -> bool:
    """Whether this is to be the process that writes; known before the others are met."""
    return os.environ.get("RANK", "0") == "0"


def join(device: str) -> str:
    """Meet the other processes of this training, if there are any; the device of this one."""
    if asked_for() > 1 and not distributed.is_initialized():
        backend = "cpu:gloo,cuda:nccl" if device.startswith("cuda") else "gloo"
        distributed.init_process_group(backend, timeout=PATIENCE)
    if device == "cuda" and world() > 1:
        device = f"cuda:{os.environ.get('LOCAL_RANK', '0')}"
        torch.cuda.set_device(device)
    return device


def leave() -> None:
    """End what `join` began."""
    if distributed.is_initialized():
        distributed.destroy_process_group()


def world() -> int:
    """How many processes train."""
    return distributed.get_world_size() if distributed.is_initialized() else 1


def rank() -> int:
    """Which of them this one is."""
    return distributed.get_rank() if distributed.is_initialized() else 0


def first() -> bool:
    """Whether this process is the one that writes."""
    return rank() == 0


def wait() -> None:
    """Go on when all processes have come here."""
    if world() > 1:
        most([0.0])


def alone(do: Callable[[], object]) -> None:
    """Let the first process do something, while the others wait for what it writes.

    Raises
    ------
    FirstFailed
        In the other processes, if it failed in the first.
    """
    done = 0.0
    try:
        if first():
            do()
        done = 1.0
    finally:
        agreed = -most([-done])[0] if world() > 1 else done
    if not agreed:
        raise FirstFailed("the first process failed; its message tells why")


def most(numbers: Sequence[float]) -> list[float]:
    """The highest of each number among the processes: what they all go by."""
    if world() == 1:
        return list(numbers)
    found = torch.tensor(numbers, dtype=torch.float64)
    distributed.all_reduce(found, distributed.ReduceOp.MAX)
    return [float(number) for number in found]


def means(numbers: Sequence[float]) -> list[float]:
    """Mean of each number over the processes."""
    if world() == 1:
        return list(numbers)
    return [float(number) for number in mean(torch.tensor(numbers, dtype=torch.float64))]


def mean(value: Tensor) -> Tensor:
    """Mean of a tensor over the processes (no gradient goes through it)."""
    if world() == 1:
        return value
    found = value.detach().clone()
    distributed.all_reduce(found)
    return found / world()


def gather(value: Tensor, generator: torch.Generator) -> Tensor:
    """The rows of all processes, in the order of the whole batch; gradients find their way back."""
    return value if _place(generator)[1] == 1 else _Gathered.apply(value)


class _Gathered(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, value: Tensor) -> Tensor:
        found = [torch.empty_like(value) for _ in range(world())]
        distributed.all_gather(found, value.contiguous())
        return torch.stack(found, 1).flatten(0, 1)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        # What every process's loss says of these rows; the mean over processes is taken of the weights'.
        together = gradient.clone(memory_format=torch.contiguous_format)
        distributed.all_reduce(together)
        return together[rank() :: world()]


def average_gradients(parameters: Sequence[Tensor]) -> None:
    """Replace gradients by their means over the processes; a parameter that no loss reached has none."""
    gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
    if world() == 1 or not gradients:
        return
    together = mean(torch.cat([gradient.flatten() for gradient in gradients]))
    parts = together.split([gradient.numel() for gradient in gradients])
    for gradient, part in zip(gradients, parts, strict=True):
        gradient.copy_(part.view_as(gradient))


def share(tensors: Sequence[Tensor]) -> None:
    """Give all processes the values of the first one."""
    if world() > 1:
        for tensor in tensors:
            distributed.broadcast(tensor, 0)
