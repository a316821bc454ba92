"""Frames as an animated GIF."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

MIN_FRAMES, MAX_FRAMES = 2, 240
SHORTEST_DELAY = 2
"""Hundredths of a second between two frames; viewers slow down what is faster."""
PALETTE_FRAMES = 6
"""Frames that the one palette of all of them is made from: one for each would flicker."""
COLORS = 256


class AnimationError(Exception):
    """The frames cannot be written as asked; the message says what to change."""


def delay_of(count: int, seconds: float) -> int:
    """Hundredths of a second that each of `count` frames stays, so that all of them take `seconds`.

    Raises
    ------
    AnimationError
        If there are too few or too many frames, or they would follow each other too fast or too slowly.
    """
    if not MIN_FRAMES <= count <= MAX_FRAMES:
        raise AnimationError(f"A turntable has {MIN_FRAMES} to {MAX_FRAMES} frames, not {count}.")
    delay = round(100 * seconds / count) if 0 < seconds <= 600 else 0
    if delay < SHORTEST_DELAY:
        raise AnimationError(
            f"{count} frames in {seconds:g} s cannot be shown: a GIF has 50 frames a second at most. "
            "Take fewer frames or more seconds (up to 600)."
        )
    return delay


def azimuths(count: int, first: float) -> list[float]:
    """Degrees in [-180, 180) of a camera that goes once around in `count` even steps."""
    return [(first + 360.0 * number / count + 180.0) % 360.0 - 180.0 for number in range(count)]


def gif_bytes(
    frames: Sequence[NDArray[np.uint8]], seconds: float, check: Callable[[], None] = lambda: None
) -> bytes:
    """An endless GIF of frames [H, W, 3] that takes `seconds`.

    Parameters
    ----------
    check : callable
        Called before each frame is encoded; what it raises ends the work.

    Raises
    ------
    AnimationError
        See `delay_of`.
    """
    delay = delay_of(len(frames), seconds)
    images = [Image.fromarray(np.ascontiguousarray(frame)) for frame in frames]
    chosen = [images[len(images) * number // PALETTE_FRAMES] for number in range(PALETTE_FRAMES)]
    palette = _side_by_side(chosen).quantize(
        COLORS,
        # Colours of small parts count as much as those of the large background.
        Image.Quantize.MAXCOVERAGE,
        kmeans=2,
    )

    def encoded() -> Iterable[Image.Image]:
        for image in images:
            check()
            yield image.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG)

    first, *others = encoded()
    buffer = BytesIO()
    first.save(
        buffer, "GIF", save_all=True, append_images=others, duration=10 * delay, loop=0, optimize=False
    )
    return buffer.getvalue()


def _side_by_side(images: list[Image.Image]) -> Image.Image:
    width, height = images[0].size
    width, height = max(width // 2, 1), max(height // 2, 1)
    sheet = Image.new("RGB", (width * len(images), height))
    for number, image in enumerate(images):
        sheet.paste(image.resize((width, height), Image.Resampling.NEAREST), (number * width, 0))
    return sheet
