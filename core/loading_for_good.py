"""Loading what stays: modules and networks that the collector of garbage need not look through."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading_for_good() -> Iterator[None]:
    """Put off collections until all is loaded, and spare all there is then from every later one.

    A full collection looks at each of the half million objects that torch and transformers have made: a
    quarter of a second in which no thread gets on, so that the window stands still.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if enabled:
            gc.enable()
