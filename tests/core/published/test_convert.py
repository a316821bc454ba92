"""Converting: published numbers come out of the converted model, everything unexpected is refused by name."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from core import cli
from core.checkpoints.loading import Checkpoint, CheckpointError, load_checkpoint
from core.edits.job import Cancelled, Job, Progress
from core.models.schedule import PUBLISHED, SchedulerConfig
from core.published.convert import convert
from core.published.layout import find_published, read_hparams
from tests.published import REFERENCE, reference_folder, save_statistics


@pytest.fixture(scope="module")
def model(converted: Path) -> Checkpoint:
    return load_checkpoint(converted)


def _reference(name: str) -> dict[str, torch.Tensor]:
    return load_file(REFERENCE / f"{name}.io.safetensors")


@torch.inference_mode()
def test_the_converted_decoder_gives_the_published_numbers(model: Checkpoint) -> None:
    values = _reference("spaghetti")
    assert model.shape_codes is not None
    _, intrinsics, extrinsics = model.shape_codes(values["item"])
    assert (intrinsics - values["intrinsics"]).abs().max() <= 1e-5
    assert (extrinsics - values["extrinsics"]).abs().max() <= 1e-5
    logits = model.representation.decode(values["points"], extrinsics, intrinsics)
    assert (logits - values["logits"]).abs().max() <= 1e-5


@torch.inference_mode()
def test_the_converted_denoisers_give_the_published_numbers(model: Checkpoint) -> None:
    networks = {
        "phase1": model.extrinsic_denoiser,
        "phase2": model.intrinsic_denoiser,
        "lang_phase1": model.text_extrinsic_denoiser,
        "lang_phase2": model.text_intrinsic_denoiser,
    }
    for name, network in networks.items():
        values = _reference(name)
        assert network is not None
        eps = network(values["x"], values["beta"], values.get("context"))
        assert (eps - values["eps"]).abs().max() <= 1e-5, name


@torch.inference_mode()
def test_the_converted_text_encoders_give_the_published_numbers(model: Checkpoint) -> None:
    values = _reference("text_lstm")
    for network in (model.text_lstm, model.text_lstm_latents):
        assert network is not None
        assert (network(values["tokens"])[0] - values["feature"]).abs().max() <= 1e-5


def test_statistics_standardise_weight_and_eigenvalues_only(model: Checkpoint, tmp_path: Path) -> None:
    mean, std = save_statistics(tmp_path / "same.hdf5")
    normalisation = model.normalisation
    assert normalisation.partial
    assert normalisation.extrinsic_mean.tolist() == pytest.approx([0.0] * 12 + mean[12:].tolist())
    assert normalisation.extrinsic_std.tolist() == pytest.approx([1.0] * 12 + std[12:].tolist())
    assert normalisation.intrinsic_std.tolist() == [1.0] * 64


def test_the_card_says_where_everything_is_from(published: Path, converted: Path) -> None:
    card = json.loads((converted / "card.json").read_text())
    assert card["category"] == "chair"
    assert len(card["source"]) == 2 + 4 * 2 + 1
    for name, digest in card["source"].items():
        assert hashlib.sha256((published / name).read_bytes()).hexdigest() == digest
    for name, digest in card["sha256"].items():
        assert hashlib.sha256((converted / name / "model.safetensors").read_bytes()).hexdigest() == digest
    scheduler = SchedulerConfig.from_dict(json.loads((converted / "scheduler_config.json").read_text()))
    assert scheduler == SchedulerConfig(**{**PUBLISHED.to_dict(), "sampler": "ddpm"})  # type: ignore[arg-type]
    assert not list(converted.parent.glob(".*"))


def test_phases_side_by_side_and_two_categories(tmp_path: Path) -> None:
    """The layout of the published demo, where nothing but the settings tells the category."""
    folder = reference_folder(tmp_path / "both", category="chair", phases=("phase1", "phase2"))
    reference_folder(folder, category="table", phases=("lang_phase1", "phase2"))
    with pytest.raises(CheckpointError, match=r"chair, table; choose one with --category"):
        find_published(folder)
    assert set(find_published(folder, "table").phases) == {"lang_phase1", "phase2"}
    with pytest.raises(CheckpointError, match=r"no phase1, .* of category airplane"):
        find_published(folder, "airplane")
    flat = reference_folder(tmp_path / "flat", category="airplane", phases=("phase1", "phase2"))
    for phase in list((flat / "checkpoints" / "airplane").iterdir()):
        phase.rename(flat / "checkpoints" / phase.name)
    (flat / "checkpoints" / "airplane").rmdir()
    found = find_published(flat)
    assert found.category == "airplane"
    assert found.model.parent.name == "spaghetti_airplanes"
    card = convert(flat, tmp_path / "planes")
    assert card["category"] == "airplane"
    assert not load_checkpoint(tmp_path / "planes").reads_text


def test_the_unused_phase_is_named(published: Path, tmp_path: Path) -> None:
    card = convert(published, tmp_path / "model")
    assert card["recipe"]["converted"]["left_out"] == ["lang_phase2"]
    assert not [name for name in card["source"] if "lang_phase2" in name]
    assert not (tmp_path / "model" / "text_intrinsic_denoiser").exists()


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def _repickle(path: Path, change: Callable[[dict[str, torch.Tensor]], object]) -> None:
    state = torch.load(path, weights_only=True)
    change(state)
    torch.save(state, path)


PHASE1, LANG1 = "checkpoints/chair/phase1", "checkpoints/chair/lang_phase1"
PHASES = "checkpoints/chair"
SPAGHETTI = "spaghetti/spaghetti_chairs_large"
STATISTICS = "data/spaghetti_chair_latents_mean_std.hdf5"


def settings(old: str, new: str, phase: str = PHASE1) -> Callable[[Path], object]:
    """Change a line of `hparams.yaml`."""
    return lambda folder: _edit(folder / phase / "hparams.yaml", old, new)


def tensors(change: Callable[[dict[str, torch.Tensor]], object]) -> Callable[[Path], object]:
    """Change the state dictionary of phase 1."""
    return lambda folder: _repickle(folder / PHASE1 / "state_only.ckpt", change)


def spaghetti(change: Callable[[dict[str, torch.Tensor]], object]) -> Callable[[Path], object]:
    """Change the state dictionary of SPAGHETTI."""
    return lambda folder: _repickle(folder / SPAGHETTI / "model", change)


def without(*names: str) -> Callable[[Path], object]:
    return lambda folder: [shutil.rmtree(folder / name) for name in names]


def cut(folder: Path) -> None:
    path = folder / SPAGHETTI / "model"
    path.write_bytes(path.read_bytes()[:5000])


ONE = torch.ones(1)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (without("spaghetti"), "no SPAGHETTI folder of category chair"),
        (lambda f: (f / SPAGHETTI / "options.pkl").unlink(), "no SPAGHETTI folder"),
        (lambda f: (f / PHASE1 / "hparams.yaml").unlink(), r"phase1/hparams\.yaml is missing"),
        (lambda f: (f / PHASE1).rename(f / "checkpoints/chair/first"), "not called phase1"),
        (lambda f: shutil.copytree(f / PHASE1, f / "more/chair/phase1"), "are both phase1 of chair"),
        (without(f"{PHASES}/phase2"), None),
        (without(f"{PHASES}/phase2", f"{PHASES}/lang_phase2"), "neither phase2"),
        (lambda f: (f / STATISTICS).unlink(), r"no \*_mean_std\.hdf5"),
        (settings("residual: true", "residual: ${x}"), r"network\.residual"),
        (settings("residual", "wings"), r"network\.wings is unknown"),
        (settings("lr: 0.0001", "lr: !!python/object:os.system {}"), "python/object"),
        (settings("embedding_dim: 64", "embedding_dim: 128"), r"embedding\.\w+ is \["),
        (settings("enc_num_layers: 2", "enc_num_layers: 65"), "more than 64"),
        (settings("enc_num_layers: 2", "enc_num_layers: 3"), "is missing"),
        (settings("beta_T: 0.05", "beta_T: 0.02"), "not the schedule of the settings"),
        (settings("mode: linear", "mode: cosine"), "cosine"),
        (settings("partial", "some"), "global_normalization"),
        (settings("partial", "all"), "differently standardised"),
        (settings("use_lstm: true", "use_lstm: false", LANG1), "use_lstm"),
        (tensors(lambda s: s.update(extra=ONE)), "extra belongs nowhere"),
        (tensors(lambda s: s.update({"net.x": ONE})), "x belongs nowhere"),
        (tensors(lambda s: s["net.embedding.bias"].fill_(float("nan"))), "not finite"),
        (spaghetti(lambda s: s.update({"wings.x": ONE})), "wings"),
        (spaghetti(lambda s: s.pop("z.weight")), "no shape codes"),
        (cut, "is refused as torch"),
    ],
)
def test_anything_unexpected_is_named_and_leaves_nothing(
    published: Path, tmp_path: Path, damage: Callable[[Path], object], message: str | None
) -> None:
    folder = tmp_path / "published"
    shutil.copytree(published, folder)
    damage(folder)
    out = tmp_path / "models" / "model"
    if message is None:
        convert(folder, out)
        assert load_checkpoint(out).intrinsic_denoiser.context_dim == 64
        return
    with pytest.raises(CheckpointError, match=message):
        convert(folder, out)
    assert not out.parent.exists() or not list(out.parent.iterdir())


def test_bad_choices_are_refused(published: Path, converted: Path, tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="is there already"):
        convert(published, converted)
    with pytest.raises(CheckpointError, match="sampler"):
        convert(published, tmp_path / "m", sampler="magic")
    with pytest.raises(CheckpointError, match="no category"):
        convert(published, tmp_path / "m", category="boat")
    with pytest.raises(CheckpointError, match="no folder"):
        convert(tmp_path / "nowhere", tmp_path / "m")
    (tmp_path / "empty").mkdir()
    with pytest.raises(CheckpointError, match="holds no published checkpoint"):
        convert(tmp_path / "empty", tmp_path / "m")
    big = tmp_path / "hparams.yaml"
    big.write_text("a: [" + "1, " * 20_000 + "1]")
    with pytest.raises(CheckpointError, match="more than 2000 values"):
        read_hparams(big)


def test_a_cancelled_conversion_leaves_nothing(published: Path, tmp_path: Path) -> None:
    job = Job()

    def stop(progress: Progress) -> None:
        if progress.stage == "reading phase1":
            job.cancel()

    job._on_progress = stop
    with pytest.raises(Cancelled):
        convert(published, tmp_path / "models" / "m", job=job)
    assert not list((tmp_path / "models").iterdir())


def test_the_command(published: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "model"
    assert cli.main(["convert", str(published), "--out", str(out), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["id"] == load_checkpoint(out).id
    assert found["left_out"] == ["lang_phase2"]
    assert cli.main(["validate", str(out), "--json"]) == 0
    capsys.readouterr()
    assert cli.main(["convert", str(published), "--out", str(out)]) == 4
    assert "is there already" in capsys.readouterr().err


def test_a_model_without_a_reader_for_its_text_is_refused(converted: Path, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(converted, folder)
    shutil.rmtree(folder / "text_lstm_latents")
    with pytest.raises(CheckpointError, match="none that reads it"):
        load_checkpoint(folder)
    weights = folder / "mixing" / "model.safetensors"
    save_file({name: value + 1 for name, value in load_file(weights).items()}, weights)
    with pytest.raises(CheckpointError, match="not the file its card"):
        load_checkpoint(folder)
