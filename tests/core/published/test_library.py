"""Shapes that come with a model, importing as the window does, and the person's own models."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file

from core import cli, places
from core.checkpoints.catalog import describe
from core.checkpoints.library import FILE, ShapeLibrary
from core.checkpoints.loading import CheckpointError, load_checkpoint
from core.edits.engine import Engine
from core.edits.job import EditError, Job
from core.edits.requests import Browse, Decode, Generate, ImportModels
from core.edits.results import Browsed, Candidates, Decoded, ImportedModels
from core.places import user_models
from core.published.convert import convert
from core.scene.storage import read_scene
from core.training import folder
from tests.published import reference_folder, save_shapes
from tests.tiny import TINY_CHECKPOINT


@pytest.fixture(scope="module")
def latents(solid: Path) -> tuple[np.ndarray, np.ndarray]:
    """Encoded shapes as the authors made them: float64, from shape codes."""
    codes = load_checkpoint(solid).shape_codes
    assert codes is not None
    z = torch.randn(70, codes.z.embedding_dim, generator=torch.Generator().manual_seed(8)) * 0.2
    with torch.inference_mode():
        intrinsics, extrinsics = codes.decompose(z)
    return extrinsics.double().numpy(), intrinsics.double().numpy()


@pytest.fixture(scope="module")
def stocked(latents: tuple[np.ndarray, np.ndarray], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = reference_folder(tmp_path_factory.mktemp("published"), phases=("phase1", "phase2"))
    save_shapes(folder / "data" / "spaghetti_chair_latents.hdf5", *latents)
    out = tmp_path_factory.mktemp("models") / "stocked"
    convert(folder, out)
    return out


def test_encoded_shapes_come_along_exactly(stocked: Path, latents: tuple[np.ndarray, np.ndarray]) -> None:
    library = ShapeLibrary(load_checkpoint(stocked))
    assert len(library) == describe(stocked).shapes == 70
    for start, count in ((0, 3), (63, 4), (68, 24)):
        extrinsics, intrinsics = library.read(start, count)
        assert len(extrinsics) == min(count, 70 - start)
        assert np.array_equal(extrinsics, latents[0][start : start + count].astype(np.float32))
        assert np.array_equal(intrinsics, latents[1][start : start + count].astype(np.float32))
    card = json.loads((stocked / "card.json").read_text())
    assert "data/spaghetti_chair_latents.hdf5" in card["source"]


def test_without_a_file_the_stored_codes_are_the_library(solid: Path) -> None:
    model = load_checkpoint(solid)
    library = ShapeLibrary(model)
    assert len(library) == describe(solid).shapes == 3
    extrinsics, _ = library.read(1, 24)
    assert model.shape_codes is not None
    with torch.inference_mode():
        wanted = model.shape_codes(torch.tensor([1, 2]))[2].numpy()
    np.testing.assert_allclose(extrinsics, wanted, atol=1e-6)
    assert len(library.read(3, 24)[0]) == 0


def test_a_model_made_here_has_no_library() -> None:
    assert len(ShapeLibrary(load_checkpoint(TINY_CHECKPOINT))) == 0
    assert describe(TINY_CHECKPOINT).shapes == 0


def test_no_training_begins_with_a_published_model(
    solid: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(places.USER_VARIABLE, str(tmp_path / "models"))
    shutil.copytree(solid, tmp_path / "models" / "mine")
    assert not describe(solid).trainable
    assert describe(TINY_CHECKPOINT).trainable
    for start in (str(solid), "mine", describe(solid).id):
        words = ["--data", str(tmp_path), "--name", "x", "--start", start, "--run", str(tmp_path / "run")]
        assert folder.main(words) == 3
        assert "it takes no meshes in" in capsys.readouterr().err
        assert not (tmp_path / "run").exists()


def test_damaged_libraries_are_refused(stocked: Path, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(stocked, folder)
    arrays = load_file(folder / FILE)
    for change, message in (
        ({"intrinsics": arrays["intrinsics"][..., :8].copy()}, "another model"),
        ({"extrinsics": arrays["extrinsics"][:5].copy()}, "another model"),
        ({"more": arrays["extrinsics"]}, "no library"),
    ):
        save_file({**arrays, **change}, folder / FILE)
        with pytest.raises(CheckpointError, match=message):
            ShapeLibrary(load_checkpoint(folder))
    arrays["intrinsics"][2, 0, 0] = np.inf
    save_file(arrays, folder / FILE)
    with pytest.raises(CheckpointError, match="not finite"):
        ShapeLibrary(load_checkpoint(folder)).read(0, 5)
    (folder / FILE).write_bytes(b"hello")
    with pytest.raises(EditError, match="cannot be read"):
        Engine(folder, "cpu").run(Browse(), Job())


def test_browsed_shapes_can_be_decoded_and_edited(solid: Path) -> None:
    engine = Engine(solid, "cpu")
    browsed = engine.run(Browse(start=1, count=24), Job())
    assert isinstance(browsed, Browsed)
    assert (browsed.total, len(browsed.shapes)) == (3, 2)
    assert browsed.shapes[0].name == "Chair 1"
    decoded = engine.run(Decode(shape=browsed.shapes[0], resolution=32), Job())
    assert isinstance(decoded, Decoded)
    assert len(decoded.mesh.faces) > 50
    for bad in (Browse(start=-1), Browse(count=0), Browse(count=1000)):
        with pytest.raises(EditError, match="at a time"):
            engine.run(bad, Job())


def test_importing_makes_a_model_available(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(places.USER_VARIABLE, str(tmp_path / "mine"))
    engine = Engine(TINY_CHECKPOINT, "cpu")
    known = {info.id for info in engine.models}
    result = engine.run(ImportModels(path=str(published)), Job())
    assert isinstance(result, ImportedModels)
    (model,) = result.models
    assert {info.id for info in engine.models} - known == {model.id}
    assert [path.name for path in user_models().iterdir()] == ["salad-chair"]
    # A later start finds it by itself, and a damaged one beside it does no harm.
    (user_models() / "broken").mkdir()
    (user_models() / "broken" / "card.json").write_text("{")
    again = Engine(TINY_CHECKPOINT, "cpu")
    assert model.id in {info.id for info in again.models}
    browsed = again.run(Browse(checkpoint=model.id, count=2), Job())
    assert isinstance(browsed, Browsed)
    assert browsed.shapes[0].checkpoint == model.id
    with pytest.raises(EditError, match="no folder"):
        engine.run(ImportModels(path=str(tmp_path / "nowhere")), Job())
    made = engine.run(Generate(count=1, steps=4, preview=False, tries=1), Job())
    assert isinstance(made, Candidates)


def test_every_category_of_a_folder_is_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(places.USER_VARIABLE, str(tmp_path / "mine"))
    folder = reference_folder(tmp_path / "published", category="airplane", phases=("phase1", "phase2"))
    reference_folder(folder, category="table", phases=("phase1", "phase2"))
    for _ in range(2):
        result = Engine(TINY_CHECKPOINT, "cpu").run(ImportModels(path=str(folder)), Job())
        assert isinstance(result, ImportedModels)
        assert [model.category for model in result.models] == ["airplane", "table"]
    names = sorted(path.name for path in user_models().iterdir())
    assert names == ["salad-airplane", "salad-airplane-2", "salad-table", "salad-table-2"]


def test_where_own_models_are(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(places.USER_VARIABLE)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert user_models() == tmp_path / "partsmith" / "models"
    monkeypatch.delenv("XDG_DATA_HOME")
    assert user_models() == Path.home() / ".local" / "share" / "partsmith" / "models"


def test_the_command(solid: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = ["--checkpoint", str(solid), "--device", "cpu", "--json"]
    out = tmp_path / "shapes.partsmith"
    assert cli.main(["library", "--start", "1", "--count", "2", "--out", str(out), *model]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["total"] == 3
    assert [shape["name"] for shape in found["shapes"]] == ["Chair 1", "Chair 2"]
    assert len(read_scene(out)) == 2
    assert cli.main(["library", "--count", "1", "--out", str(tmp_path / "x.png"), *model]) == 0
    assert (tmp_path / "x.png").read_bytes().startswith(b"\x89PNG")
    assert cli.main(["library", "--start", "9", "--out", str(out), *model]) == 2
    assert "3 shapes; none from 9 on" in capsys.readouterr().err
