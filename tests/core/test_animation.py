"""Animated GIFs and videos: read back by another reader, frame for frame."""

from __future__ import annotations

import sys
from io import BytesIO
from itertools import pairwise

import av
import numpy as np
import pytest
from PIL import Image

from core import animation
from core.animation import FASTEST, AnimationError, animation_bytes


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
    gif = Image.open(BytesIO(animation_bytes(".gif", given, 1.2)))
    assert (gif.size, gif.n_frames, gif.info["loop"]) == ((60, 40), 12, 0)
    for number, picture in enumerate(given):
        gif.seek(number)
        assert gif.info["duration"] == 100
        assert np.abs(np.asarray(gif.convert("RGB")).astype(int) - picture).mean() < 4


@pytest.mark.parametrize("codec", animation.CODECS)
def test_a_video_comes_back_frame_for_frame(codec: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert codec in av.codecs_available
    monkeypatch.setattr(animation, "CODECS", ("of another build", codec))
    given = [picture[:39, :59] for picture in frames(12)]  # sides that video cannot have
    data = animation_bytes(".mp4", given, 0.9)
    assert data.index(b"moov") < data.index(b"mdat"), "it cannot be played before all of it is there"
    with av.open(BytesIO(data)) as video:
        (stream,) = video.streams
        context = stream.codec_context
        assert context.name == {"libx264": "h264"}.get(codec, codec)
        assert (context.pix_fmt, context.width, context.height) == ("yuv420p", 60, 40)
        assert video.duration == pytest.approx(0.9 * av.time_base, rel=1e-3)
        shown = [frame.to_ndarray(format="rgb24").astype(int) for frame in video.decode(stream)]
    assert len(shown) == 12
    for picture, found in zip(given, shown, strict=True):
        assert np.abs(found[:39, :59] - picture).mean() < 6
    # The square is there, in its colour, and has moved on in every frame.
    assert np.abs(shown[0][14:26, 2:6].mean((0, 1)) - (250, 180, 20)).max() < 12
    assert all(np.abs(one - other).max() > 100 for one, other in pairwise(shown))
    # What was added to make the sides even is the edge once more.
    assert np.abs(shown[0][:, 59] - shown[0][:, 58]).max() < 12


def test_videos_that_cannot_be_made_say_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(animation, "CODECS", ("of another build",))
    with pytest.raises(AnimationError, match="no encoder"):
        animation_bytes(".mp4", frames(12), 1.2)
    monkeypatch.setattr(animation, "CODECS", ("libx264",))
    monkeypatch.setattr(animation, "QUALITY", {"libx264": {"profile": "none of its own"}})
    with pytest.raises(AnimationError, match="cannot be encoded"):
        animation_bytes(".mp4", frames(12), 1.2)
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(AnimationError, match="package av"):
        animation_bytes(".mp4", frames(12), 1.2)
    with pytest.raises(AnimationError, match=r"\.gif or \.mp4"):
        animation_bytes(".webm", frames(12), 1.2)


@pytest.mark.parametrize("suffix", FASTEST)
@pytest.mark.parametrize(("count", "seconds"), [(1, 1.0), (241, 9.0), (12, 0.1), (12, 0.0), (12, 1e9)])
def test_what_cannot_be_shown_is_refused(suffix: str, count: int, seconds: float) -> None:
    with pytest.raises(AnimationError):
        animation_bytes(suffix, frames(12) * count if count > 12 else frames(count), seconds)


@pytest.mark.parametrize("suffix", FASTEST)
def test_encoding_can_be_stopped(suffix: str) -> None:
    asked = []

    def check() -> None:
        asked.append(1)
        if len(asked) == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        animation_bytes(suffix, frames(12), 1.2, check)
    assert len(asked) == 3
