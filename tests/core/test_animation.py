"""Animated GIFs: read back by another reader, frame for frame."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from core.animation import AnimationError, gif_bytes


def frames(count: int) -> list[np.ndarray]:
    """A bright square that wanders over a gradient."""
    pictures = []
    for number in range(count):
        picture = np.zeros((40, 60, 3), np.uint8)
        picture[..., 2] = np.linspace(20, 120, 40, dtype=np.uint8)[:, None]
        picture[10:30, number * 4 : number * 4 + 8] = (250, 180, 20)
        pictures.append(picture)
    return pictures


def test_frames_times_and_colours_come_back() -> None:
    given = frames(12)
    gif = Image.open(BytesIO(gif_bytes(given, 1.2)))
    assert (gif.size, gif.n_frames, gif.info["loop"]) == ((60, 40), 12, 0)
    for number, picture in enumerate(given):
        gif.seek(number)
        assert gif.info["duration"] == 100
        assert np.abs(np.asarray(gif.convert("RGB")).astype(int) - picture).mean() < 4


@pytest.mark.parametrize(("count", "seconds"), [(1, 1.0), (241, 9.0), (12, 0.1), (12, 0.0), (12, 1e9)])
def test_what_cannot_be_shown_is_refused(count: int, seconds: float) -> None:
    with pytest.raises(AnimationError):
        gif_bytes(frames(12) * count if count > 12 else frames(count), seconds)


def test_encoding_can_be_stopped() -> None:
    asked = []

    def check() -> None:
        asked.append(1)
        if len(asked) == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        gif_bytes(frames(12), 1.2, check)
    assert len(asked) == 3
