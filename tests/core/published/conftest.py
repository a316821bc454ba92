"""Published folders of the reference networks, and models converted from them; made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.published.convert import convert
from tests.published import reference_folder, reference_settings, reference_states, write_published


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return reference_folder(tmp_path_factory.mktemp("published"))


@pytest.fixture(scope="session")
def converted(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With both language phases, and the published sampler."""
    out = tmp_path_factory.mktemp("models") / "reference"
    convert(published, out, sampler="ddpm", text_latents=True)
    return out


@pytest.fixture(scope="session")
def solid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A converted model whose random decoder has an inside: its last bias is moved. In few steps."""
    states = reference_states()
    states["spaghetti"] = dict(states["spaghetti"])
    bias = "occupancy_network.occ_mlp.layers.5.bias"
    states["spaghetti"][bias] = states["spaghetti"][bias] + 0.06
    folder = write_published(tmp_path_factory.mktemp("solid"), reference_settings(), states)
    out = tmp_path_factory.mktemp("models") / "solid"
    convert(folder, out)
    return out
