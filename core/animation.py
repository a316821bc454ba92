"""Frames as an animated GIF or as an MP4."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from io import BytesIO
from typing import cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

MIN_FRAMES, MAX_FRAMES = 2, 240
LONGEST = 600.0
"""Seconds."""
FASTEST = {".gif": 50, ".mp4": 60}
"""Frames a second by the suffix of a file: viewers slow down what is faster, or leave frames out."""
PALETTE_FRAMES = 6
"""Frames that the one palette of all of them is made from: one for each would flicker."""
COLORS = 256
CODECS = ("libx264", "mpeg4")
"""Encoders of MP4, best first: browsers play H.264, which FFmpeg can be built without."""
QUALITY = {"libx264": {"crf": "18"}, "mpeg4": {"qscale": "3"}}
BT709 = 1
"""Its number in ISO/IEC 23091-2, for primaries, transfer and matrix alike."""
LIMITED = 1
"""FFmpeg's number of the range that video has: 16 to 235."""


class AnimationError(Exception):
    """The frames cannot be written as asked; the message says what to change."""


def check_pace(suffix: str, count: int, seconds: float) -> None:
    """Refuse what a file with this suffix cannot show: `count` frames that together take `seconds`.

    Raises
    ------
    AnimationError
        If there are too few or too many frames, or they would follow each other too fast or too slowly; or
        if the suffix is none of `FASTEST`.
    """
    if suffix not in FASTEST:
        raise AnimationError(f"A turntable is a file that ends in {' or '.join(FASTEST)}, not {suffix!r}.")
    if not MIN_FRAMES <= count <= MAX_FRAMES:
        raise AnimationError(f"A turntable has {MIN_FRAMES} to {MAX_FRAMES} frames, not {count}.")
    if not 0 < seconds <= LONGEST or count / seconds > FASTEST[suffix]:
        raise AnimationError(
            f"{count} frames in {seconds:g} s cannot be shown: {suffix[1:].upper()} files have "
            f"{FASTEST[suffix]} frames a second at most. "
            f"Take fewer frames or more seconds (up to {LONGEST:g})."
        )


def animation_bytes(
    suffix: str, frames: Sequence[NDArray[np.uint8]], seconds: float, check: Callable[[], None] = lambda: None
) -> bytes:
    """A file of frames [H, W, 3] that takes `seconds`: an endless GIF, or an MP4.

    Parameters
    ----------
    suffix : str
        ``.gif`` or ``.mp4``.
    check : callable
        Called before each frame is encoded; what it raises ends the work.

    Raises
    ------
    AnimationError
        See `check_pace`; or if frames cannot be encoded here.
    """
    check_pace(suffix, len(frames), seconds)
    return (_gif if suffix == ".gif" else _mp4)(frames, seconds, check)


def azimuths(count: int, first: float) -> list[float]:
    """Degrees in [-180, 180) of a camera that goes once around in `count` even steps."""
    return [(first + 360.0 * number / count + 180.0) % 360.0 - 180.0 for number in range(count)]


def _gif(frames: Sequence[NDArray[np.uint8]], seconds: float, check: Callable[[], None]) -> bytes:
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
    delay = 10 * round(100 * seconds / len(frames))  # in milliseconds; the format counts hundredths
    first.save(buffer, "GIF", save_all=True, append_images=others, duration=delay, loop=0, optimize=False)
    return buffer.getvalue()


def _side_by_side(images: list[Image.Image]) -> Image.Image:
    width, height = images[0].size
    width, height = max(width // 2, 1), max(height // 2, 1)
    sheet = Image.new("RGB", (width * len(images), height))
    for number, image in enumerate(images):
        sheet.paste(image.resize((width, height), Image.Resampling.NEAREST), (number * width, 0))
    return sheet


def _mp4(frames: Sequence[NDArray[np.uint8]], seconds: float, check: Callable[[], None]) -> bytes:
    """H.264 with a quarter of the colour resolution (yuv420p): the one kind that all browsers play."""
    try:
        import av  # here: only this needs FFmpeg, and it takes a while to load
        from av.video.reformatter import ColorRange, Colorspace
    except ImportError as error:
        raise AnimationError(f"MP4 needs the package av, which cannot be loaded: {error}.") from None
    codec = next((name for name in CODECS if name in av.codecs_available), "")
    if not codec:
        raise AnimationError("The FFmpeg of the package av has no encoder for MP4. Save a GIF.")
    height, width = frames[0].shape[:2]
    # The index stands before the frames, so that playing can begin while a file still loads: room for it is
    # kept, about 20 bytes a frame are needed.
    room = {"moov_size": str(4096 + 64 * len(frames))}
    buffer = BytesIO()
    try:
        with av.open(buffer, "w", format="mp4", options=room) as container:
            rate = Fraction(len(frames) / seconds).limit_denominator(1000)
            stream = cast(av.VideoStream, container.add_stream(codec, rate=rate, options=QUALITY[codec]))
            stream.width, stream.height, stream.pix_fmt = width + width % 2, height + height % 2, "yuv420p"
            context = stream.codec_context
            context.color_primaries = context.color_trc = context.colorspace = BT709
            context.color_range = LIMITED
            for picture in frames:
                check()
                # Sides must be even: the outermost row or column, which is background, is doubled.
                even = np.pad(picture, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
                frame = av.VideoFrame.from_ndarray(even, format="rgb24").reformat(
                    format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
                )
                container.mux(stream.encode(frame))
            container.mux(stream.encode())
    except av.FFmpegError as error:
        raise AnimationError(f"The frames cannot be encoded: {error}. Save a GIF.") from None
    return buffer.getvalue()
