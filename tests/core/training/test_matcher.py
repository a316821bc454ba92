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
from core.training.state import generator_for

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
    # A third sentence is said of the even shapes only and true of all.
    truth = torch.zeros(KINDS + 1, SHAPES // 8, dtype=torch.uint8)
    truth[0], truth[1], truth[2] = 0b01010101, 0b10101010, 0b11111111
    tensors = {
        "features": torch.randn(KINDS + 1, 5, 384).half(),
        "mask": torch.ones(KINDS + 1, 5, dtype=torch.bool),
        "rows": torch.stack((kinds, torch.where(kinds == 0, 2, 1)), 1),
        "truth": truth,
        "doubt": torch.zeros_like(truth),
    }
    save_file(tensors, root / "captions.safetensors", {"sentences": '["even", "odd", "any"]'})
    return root


@pytest.fixture(scope="module")
def trained(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> TextMatcher:
    out = tmp_path_factory.mktemp("matcher")
    options = ["--latents", folder, "--out", out, "--steps", 400, "--batch", 64, "--device", "cpu"]
    assert matcher.main([str(word) for word in options]) == 0
    return load_component(TextMatcher, out / "text_matcher")


@torch.no_grad()
def test_words_fit_the_shapes_they_were_said_of(trained: TextMatcher, folder: Path) -> None:
    bank = matcher.caption_bank.read(folder / "captions.safetensors")
    texts = trained.texts(bank.features[:KINDS].float(), bank.mask[:KINDS])
    fresh = shapes_of(torch.arange(40) % KINDS)
    scores = trained.scores(trained.shapes(fresh["extrinsics"], fresh["intrinsics"]), texts)
    fits = scores >= trained.demanded(texts)
    right = torch.nn.functional.one_hot(torch.arange(40) % KINDS, KINDS).bool()
    assert float((fits == right).float().mean()) > 0.9


@torch.no_grad()
def test_what_is_true_of_all_tells_none_apart(trained: TextMatcher, folder: Path) -> None:
    bank = matcher.caption_bank.read(folder / "captions.safetensors")
    texts = trained.texts(bank.features.float(), bank.mask)
    kinds = torch.arange(40) % KINDS
    fresh = shapes_of(kinds)
    scores = trained.scores(trained.shapes(fresh["extrinsics"], fresh["intrinsics"]), texts)
    apart = scores[kinds == 0].mean(0) - scores[kinds == 1].mean(0)
    assert float(apart[2].abs()) < 0.2 * float(apart[0])


@torch.no_grad()
def test_what_may_be_true_counts_neither_way() -> None:
    torch.manual_seed(0)
    model = TextMatcher(WIDTH, num_known=2)
    batch = {
        "x": gaussians_from_raw(torch.randn(2, PARTS, 16)),
        "s": torch.randn(2, PARTS, WIDTH),
        "text": torch.randn(2, 5, 384),
        "text_mask": torch.ones(2, 5, dtype=torch.bool),
    }
    true, none = torch.eye(2).bool(), torch.zeros(2, 2).bool()
    loss = matcher.match_loss(model, batch, true, none, generator_for(1, 0))
    undecided = matcher.match_loss(model, batch, true, ~true, generator_for(1, 0))
    assert float(loss) > 0.01
    assert float(undecided) == pytest.approx(0.0, abs=1e-6)


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


def test_captions_without_truth_are_true_of_their_own_shapes(folder: Path, tmp_path: Path) -> None:
    bank = matcher.caption_bank.read(folder / "captions.safetensors")
    older = {"features": bank.features, "mask": bank.mask, "rows": bank.rows}
    save_file(older, tmp_path / "captions.safetensors", {"sentences": '["even", "odd", "any"]'})
    true, doubt = matcher.caption_bank.read(tmp_path / "captions.safetensors").true_of(
        torch.arange(KINDS + 1), torch.arange(SHAPES)
    )
    even = torch.arange(SHAPES) % KINDS == 0
    assert torch.equal(true.T, torch.stack((even, ~even, even)))
    assert not doubt.any()


def test_captions_of_other_shapes_are_refused(folder: Path, tmp_path: Path) -> None:
    save_file(shapes_of(torch.zeros(3)), tmp_path / "latents.safetensors")
    bank = matcher.caption_bank.read(folder / "captions.safetensors")
    assert isinstance(bank, CaptionBank)
    (tmp_path / "captions.safetensors").write_bytes((folder / "captions.safetensors").read_bytes())
    with pytest.raises(SystemExit):
        matcher.main(["--latents", str(tmp_path), "--out", str(tmp_path / "out")])
