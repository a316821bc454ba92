"""The constructor is the configuration: what a network was built with is what its `config.json` holds."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any


def recorded(init: Callable[..., None]) -> Callable[..., None]:
    """Decorate ``__init__`` so that ``self.config`` holds its keyword arguments, defaults included."""
    signature = inspect.signature(init)

    @functools.wraps(init)
    def wrapper(self: Any, *args: Any, **kwargs: Any) -> None:
        bound = signature.bind(self, *args, **kwargs)
        bound.apply_defaults()
        init(self, *args, **kwargs)
        self.config = {name: value for name, value in bound.arguments.items() if name != "self"}

    return wrapper
