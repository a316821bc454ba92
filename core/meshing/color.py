"""sRGB and linear light (IEC 61966-2-1)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from core.scene.shape import FloatArray


def srgb_to_linear(color: ArrayLike) -> FloatArray:
    """Linear light of sRGB values in [0, 1]; any shape, float32."""
    color = np.asarray(color, np.float32)
    return np.where(color <= 0.04045, color / 12.92, ((color + 0.055) / 1.055) ** 2.4).astype(np.float32)


def linear_to_srgb(light: ArrayLike) -> FloatArray:
    """SRGB values in [0, 1] of linear light, which is clipped to that range; any shape, float32."""
    light = np.clip(np.asarray(light, np.float32), 0.0, 1.0)
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055).astype(np.float32)
