"""The schedulers of diffusers, imported without the seconds that the rest of that library costs.

On import it loads torch's compiler, for a mark on functions that someone may compile, and all of scipy's
statistics, for noise schedules that nothing here uses: almost half of the time until a model is loaded.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType


@contextmanager
def _instead(name: str, stand_in: ModuleType | None) -> Iterator[None]:
    """Meanwhile importing a module brings something else (None: an ImportError), unless it is loaded already.

    Afterwards it can be imported as ever.
    """
    if name in sys.modules:
        yield
        return
    sys.modules[name] = stand_in  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]


# diffusers does without the compiler; of the statistics it looks up what it needs when it needs it.
with _instead("torch._dynamo", None), _instead("scipy.stats", ModuleType("scipy.stats")):
    from diffusers import DDIMScheduler, DDPMScheduler, DPMSolverMultistepScheduler

__all__ = ["DDIMScheduler", "DDPMScheduler", "DPMSolverMultistepScheduler"]
