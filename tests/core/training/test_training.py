"""The three training stages on a handful of shapes: they learn, they resume, they fit together."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from core.checkpoints.catalog import describe
from core.checkpoints.loading import CheckpointError, load_checkpoint
from core.checkpoints.saving import save_component
from core.corpus.families import FAMILIES
from core.models.representation import TINY, build
from core.models.text_matcher import TextMatcher
from core.training import cascade, latents, matcher, package, representation
from core.training.sample_cache import load
from core.training.state import TrainingState, generator_for

COMMON = ["--size", "tiny", "--device", "cpu", "--fp32"]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole, very short training."""
    root = tmp_path_factory.mktemp("runs")
    cache = ["--cache", str(root / "samples")]
    representation.main(
        [
            *COMMON,
            *cache,
            "--out",
            str(root / "representation"),
            "--shapes",
            "8",
            "--steps",
            "20",
            "--batch",
            "4",
            "--points",
            "128",
            "--rate",
            "3e-3",
        ]
    )
    latents.main(
        [
            "--device",
            "cpu",
            *cache,
            "--representation",
            str(root / "representation"),
            "--fp32",
            "--out",
            str(root / "latents"),
            "--shapes",
            "8",
            "--captions",
            "2",
            "--namer-steps",
            "5",
        ]
    )
    cascade.main(
        [
            *COMMON,
            "--latents",
            str(root / "latents"),
            "--out",
            str(root / "cascade"),
            "--steps",
            "50",
            "--batch",
            "4",
        ]
    )
    return root


def log_of(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]


def test_stages_fit_together_as_a_checkpoint(runs: Path) -> None:
    card = package.package(runs, runs / "chair", FAMILIES["chairs"], "test")
    checkpoint = load_checkpoint(runs / "chair")
    assert checkpoint.id == "test"
    assert card["recipe"]["representation"]["steps_done"] == 20  # type: ignore[index]
    assert checkpoint.normalisation.extrinsic_std.min() > 0
    shares = np.array(list(describe(runs / "chair").slot_shares.values()))
    assert shares.shape == (len(checkpoint.labels), checkpoint.slot_count)
    assert (shares.sum(0) <= 1 + 1e-3).all()
    assert shares.sum() > 1


def test_the_surface_level_becomes_part_of_the_network(runs: Path) -> None:
    points = torch.rand(1, 50, 3)
    logits = []
    for level in (0.0, -0.5):
        folder = runs / f"level{level}"
        card = package.package(runs, folder, FAMILIES["chairs"], "test", level)
        assert card["surface_level"] == level
        checkpoint = load_checkpoint(folder)
        assert checkpoint.encoder is not None
        with torch.no_grad():
            surface = torch.rand(1, 200, 3, generator=torch.Generator().manual_seed(0))
            extrinsics, intrinsics = checkpoint.encoder(surface, surface)
            logits.append(checkpoint.representation.decode(points, extrinsics, intrinsics))
    torch.testing.assert_close(logits[1], logits[0] + 0.5, atol=2e-3, rtol=1e-3)


def test_a_new_cascade_can_keep_the_representation_of_a_model(runs: Path) -> None:
    made, again = runs / "made", runs / "again"
    package.package(runs, made, FAMILIES["chairs"], "test-1", -0.5)
    for stage in ("latents", "cascade"):
        (again / stage).parent.mkdir(exist_ok=True)
        (again / stage).symlink_to(runs / stage)
    card = package.package(again, again / "chair", FAMILIES["chairs"], "test-2", 0.0, made)
    assert card["surface_level"] == -0.5
    assert card["recipe"]["representation"]["steps_done"] == 20  # type: ignore[index]
    for name in ("encoder", "mixing", "occupancy"):
        kept = load_file(again / "chair" / name / "model.safetensors")
        for key, value in load_file(made / name / "model.safetensors").items():
            torch.testing.assert_close(kept[key], value, rtol=0, atol=0)


def test_a_matcher_can_be_added_to_a_model(runs: Path, tmp_path: Path) -> None:
    model = runs / "matched"
    card = package.package(runs, model, FAMILIES["chairs"], "test-1")
    assert "text_matcher" not in card["sha256"]  # type: ignore[operator]
    assert load_checkpoint(model).text_matcher is None
    options = ["--latents", runs / "latents", "--out", tmp_path / "matcher", "--steps", 1, "--dim", 8]
    matcher.main([str(word) for word in (*options, "--device", "cpu")])
    assert package.main(["--add-matcher", "--runs", str(tmp_path), "--out", str(model)]) == 0
    loaded = load_checkpoint(model)  # compares weights with the digests of the card
    assert loaded.text_matcher is not None
    assert loaded.id == "test-1"
    assert loaded.card["recipe"]["matcher"]["steps_done"] == 1
    other = TextMatcher(7, dim=8, out_dim=8, num_known=4)
    save_component(other, tmp_path / "matcher" / "text_matcher")
    with pytest.raises(CheckpointError, match="other latents"):
        package.add_matcher(tmp_path, model)


def test_the_cascade_can_start_from_a_trained_one(runs: Path, tmp_path: Path) -> None:
    options = ["--latents", runs / "latents", "--out", tmp_path, "--start", runs / "cascade"]
    cascade.main([*COMMON, *map(str, options), "--steps", "1", "--batch", "4", "--rate", "0"])
    for name in ("extrinsic_denoiser", "intrinsic_denoiser", "text_adapter"):
        before = load_file(runs / "cascade" / name / "model.safetensors")
        after = load_file(tmp_path / name / "model.safetensors")
        for key, value in before.items():
            torch.testing.assert_close(after[key], value)


def test_a_card_tells_what_its_training_started_from(runs: Path, tmp_path: Path) -> None:
    first = runs / "first"
    package.package(runs, first, FAMILIES["chairs"], "test-1")
    options = ["--cache", runs / "samples", "--out", tmp_path / "representation", "--start", first]
    size = ["--shapes", "8", "--steps", "1", "--batch", "2", "--points", "128", "--inside-weight", "1.5"]
    representation.main([*COMMON, *map(str, options), *size])
    recipe = package.recipe(tmp_path / "representation")
    assert recipe["inside_weight"] == "1.5"
    assert recipe["start"]["id"] == "test-1"  # type: ignore[index]
    assert recipe["start"]["steps_done"] == 20  # type: ignore[index]
    assert str(tmp_path) not in json.dumps(recipe)
    assert str(runs) not in json.dumps(recipe)


def test_the_inside_weight_counts_points_inside_that_often(runs: Path) -> None:
    cache = load(runs / "samples", "chairs", 0, 8)
    torch.manual_seed(0)
    model = build(TINY)

    def loss(weight: float) -> float:
        batch = representation.draw_batch(cache, 4, 256, 128, generator_for(1, 0), "cpu")
        found = representation.representation_loss(model, batch, generator_for(1, 1), False, weight)
        return found[1]["occupancy"]

    inside = loss(2.0) - loss(1.0)
    assert inside > 0.01
    assert loss(4.0) - loss(1.0) == pytest.approx(3 * inside, rel=1e-3)


def test_logs_are_json_lines(runs: Path) -> None:
    assert "validation_iou" in log_of(runs / "representation")[-1]
    assert {"extrinsic", "intrinsic", "step"} <= set(log_of(runs / "cascade")[0])


def test_resuming_continues_exactly(tmp_path: Path) -> None:
    """Ten steps at once and six plus four after a restart give the same weights."""

    def train(state: TrainingState, steps: int) -> None:
        while state.step < steps:
            generator = generator_for(3, state.step)
            x = torch.randn(8, 40, 3, generator=generator)
            extrinsics, intrinsics = state.networks["r"].encoder(x, x)
            state.update(extrinsics.square().mean() + intrinsics[..., 0].square().mean(), state.step / 10)

    def fresh() -> TrainingState:
        torch.manual_seed(0)
        return TrainingState({"r": build(TINY)}, 1e-2)

    whole = fresh()
    train(whole, 10)
    first = fresh()
    train(first, 6)
    first.save(tmp_path, {"options": {}})
    second = fresh()
    assert second.resume(tmp_path)
    assert second.step == 6
    train(second, 10)
    for a, b in zip(whole.parameters + whole.averages, second.parameters + second.averages, strict=True):
        assert torch.equal(a, b)


def test_a_bad_gradient_is_skipped() -> None:
    state = TrainingState({"r": build(TINY)}, 1e-2)
    before = [parameter.detach().clone() for parameter in state.parameters]
    state.update(sum(parameter.sum() for parameter in state.parameters) * float("nan"), 0.0)
    assert all(torch.equal(a, b) for a, b in zip(before, state.parameters, strict=True))


def test_learning_lowers_the_loss() -> None:
    """Fitting one batch drives its occupancy loss well below the start."""
    torch.manual_seed(0)
    from core.corpus.chairs import make_chair
    from core.corpus.distance import pack
    from core.corpus.sampling import sample

    drawn = sample(
        pack([make_chair(seed) for seed in range(4)]), torch.Generator().manual_seed(0), 128, 128, 64
    )
    batch = {
        "surface": drawn.surface, "normals": drawn.normals, "points": drawn.points, "inside": drawn.inside,
    }  # fmt: skip
    state = TrainingState({"r": build(TINY)}, 5e-3, warmup=10)
    losses = []
    for step in range(60):
        loss, terms = representation.representation_loss(
            state.networks["r"], batch, generator_for(0, step), autocast=False
        )
        state.update(loss, 0.0)
        losses.append(terms["occupancy"])
    assert sum(losses[-10:]) < 0.85 * sum(losses[:10])
    assert terms["likelihood"] > -1.5
