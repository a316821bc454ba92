"""The text matcher learns which words belong to which shapes."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from core.checkpoints.loading import load_component
from core.models.gaussian_head import gaussians_from_raw
from core.models.text_matcher import TextMatcher
from core.training import matcher
from core.training.caption_bank import CaptionBank

SHAPES, PARTS, WIDTH = 200, 4, 8
KINDS = 2


def shapes_of(kinds: torch.Tensor) -> dict[str, torch.Tensor]:
    """Shapes whose latents tell their kind, with noise."""
    torch.manual_seed(0)
    latents = torch.randn(len(kinds), PARTS, WIDTH)
    latents[:, 0, 0] = 4.0 * kinds - 2.0
    return {"extrinsics": gaussians_from_raw(torch.randn(len(kinds), PARTS, 16)), "intrinsics": latents}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Latents and captions as `train latents` writes them: one sentence for each of two kinds of shapes."""
    root = tmp_path_factory.mktemp("latents")
    kinds = torch.arange(SHAPES) % KINDS
    save_file(shapes_of(kinds), root / "latents.safetensors")
    tensors = {
        "features": torch.randn(KINDS, 5, 384).half(),
        "mask": torch.ones(KINDS, 5, dtype=torch.bool),
        "rows": kinds[:, None].clone(),
    }
    save_file(tensors, root / "captions.safetensors", {"sentences": '["even", "odd"]'})
    return root


@pytest.fixture(scope="module")
def trained(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> TextMatcher:
    out = tmp_path_factory.mktemp("matcher")
    options = ["--latents", folder, "--out", out, "--steps", 200, "--batch", 64, "--device", "cpu"]
    assert matcher.main([str(word) for word in options]) == 0
    return load_component(TextMatcher, out / "text_matcher")


@torch.no_grad()
def test_words_fit_the_shapes_they_were_said_of(trained: TextMatcher, folder: Path) -> None:
    bank = matcher.caption_bank.read(folder / "captions.safetensors")
    texts = trained.texts(bank.features.float(), bank.mask)
    fresh = shapes_of(torch.arange(40) % KINDS)
    scores = trained.scores(trained.shapes(fresh["extrinsics"], fresh["intrinsics"]), texts)
    fits = scores >= trained.demanded(texts)
    right = torch.nn.functional.one_hot(torch.arange(40) % KINDS, KINDS).bool()
    assert float((fits == right).float().mean()) > 0.9


@torch.no_grad()
def test_absent_parts_do_not_count(trained: TextMatcher) -> None:
    shapes = shapes_of(torch.zeros(3))
    mask = torch.tensor([True, True, False, True]).expand(3, -1)
    there = [0, 1, 3]
    whole = trained.shapes(shapes["extrinsics"], shapes["intrinsics"], mask)
    fewer = trained.shapes(shapes["extrinsics"][:, there], shapes["intrinsics"][:, there])
    assert torch.allclose(whole, fewer, atol=1e-5)


def test_a_stopped_training_goes_on(folder: Path, tmp_path: Path) -> None:
    options = ["--latents", str(folder), "--out", str(tmp_path), "--batch", "16", "--device", "cpu"]
    matcher.main([*options, "--steps", "2"])
    matcher.main([*options, "--steps", "3"])
    assert matcher.TrainingState({"matcher": TextMatcher(WIDTH, num_known=SHAPES)}, 1.0).resume(tmp_path)


def test_captions_of_other_shapes_are_refused(folder: Path, tmp_path: Path) -> None:
    save_file(shapes_of(torch.zeros(3)), tmp_path / "latents.safetensors")
    bank = matcher.caption_bank.read(folder / "captions.safetensors")
    assert isinstance(bank, CaptionBank)
    (tmp_path / "captions.safetensors").write_bytes((folder / "captions.safetensors").read_bytes())
    with pytest.raises(SystemExit):
        matcher.main(["--latents", str(tmp_path), "--out", str(tmp_path / "out")])
