"""A converted model is a model like any other: every edit, text, both kinds of samplers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor
from transformers import AutoTokenizer

from core.checkpoints.loading import Checkpoint, load_checkpoint
from core.edits.borrowed_names import borrowed_names
from core.edits.engine import Engine
from core.edits.job import EditError, Job
from core.edits.requests import Complete, Encode, Export, Generate, Mix, Refine, TextEdit, Vary
from core.edits.results import Candidates, Exported
from core.models.schedule import published_schedule
from core.models.text_encoder import sentence_model_folder
from core.models.word_pieces import VOCABULARY_SIZE, WordPieces
from core.pipelines.generate import GeneratePipeline
from core.pipelines.guidance import Guidance
from core.pipelines.prompts import text_context
from core.pipelines.sampling import Noise
from core.places import RESOURCES
from core.scene.shape import Mesh, Shape
from core.scene.storage import read_scene
from tests.published import reference_folder


def _quiet(stage: str, done: int, total: int, estimate: Tensor) -> None:
    """Nobody watches."""


def _no_sentences() -> None:
    raise AssertionError("a published model must not need the sentence model")


def _published_chain(network: torch.nn.Module, noise: Noise, width: int, context: object) -> Tensor:
    """The published sampler, as its authors wrote it: t = 1000 .. 1, beta_t told, posterior deviation."""
    betas, alpha_bars, sigmas = published_schedule()
    x = noise(16, width)
    for t in range(1000, 0, -1):
        z = noise(16, width) if t > 1 else torch.zeros_like(x)
        beta = betas[[t] * len(x)]
        eps = context(network, x, beta)  # type: ignore[operator]
        x = (x - betas[t] / (1 - alpha_bars[t]).sqrt() * eps) / (1 - betas[t]).sqrt() + sigmas[t] * z
    return x


def _published_gaussians(x: Tensor, model: Checkpoint) -> Tensor:
    """Un-normalise entries 12.., clip eigenvalues, project axes onto orthogonal matrices."""
    x = x.clone()
    mean, std = model.normalisation.extrinsic_mean, model.normalisation.extrinsic_std
    x[..., 12:] = x[..., 12:] * std[12:] + mean[12:]
    x[..., 13:] = x[..., 13:].clamp_min(1e-4)
    u, _, v = torch.linalg.svd(x[..., 3:12].unflatten(-1, (3, 3)))
    x[..., 3:12] = (u @ v).flatten(-2)
    return x


@pytest.mark.parametrize("text", ["", "an office chair"])
@torch.inference_mode()
def test_the_published_sampler_is_reproduced_over_the_full_chain(converted: Path, text: str) -> None:
    model = load_checkpoint(converted)
    context = text_context(model, text, _no_sentences)  # type: ignore[arg-type]
    seeds, cpu = [3, 4], torch.device("cpu")
    guidance = Guidance(model, context, 2.0)
    made = GeneratePipeline(model)(guidance, Noise(seeds, cpu), 2, 1000, _quiet)

    noise = Noise(seeds, cpu)
    assert model.text_lstm is not None
    assert model.text_lstm_latents is not None
    pieces = WordPieces()
    if text:
        told, empty = (model.text_lstm(pieces.encode([words] * 2))[0][:, None] for words in (text, ""))
        x = _published_chain(
            model.text_extrinsic_denoiser, noise, 16,  # type: ignore[arg-type]
            lambda net, x, beta: 3.0 * net(x, beta, told) - 2.0 * net(x, beta, empty),
        )  # fmt: skip
        gaussians = _published_gaussians(x, model)
        seen = model.text_lstm_latents(pieces.encode([text] * 2))[0][:, None].expand(-1, 16, -1)
        both = torch.cat((gaussians, seen), -1)
        latents = _published_chain(
            model.text_intrinsic_denoiser, noise, 64,  # type: ignore[arg-type]
            lambda net, x, beta: net(x, beta, both),
        )  # fmt: skip
    else:
        x = _published_chain(model.extrinsic_denoiser, noise, 16, lambda net, x, beta: net(x, beta))
        gaussians = _published_gaussians(x, model)
        latents = _published_chain(
            model.intrinsic_denoiser, noise, 64, lambda net, x, beta: net(x, beta, gaussians)
        )
    assert bool(latents.isfinite().all())
    assert float(latents.abs().max()) > 0.5
    assert (made.extrinsics - gaussians).abs().max() <= 1e-4
    assert (made.intrinsics - latents).abs().max() <= 1e-4


def test_word_pieces_are_those_of_bert(tmp_path: Path) -> None:
    texts = [
        "",
        "An office-chair with armrests!",
        "Fauteuil à bascule",
        "a  stool",
        "x" * 300,
        "two 2x4 legs",
    ]
    ids = WordPieces().encode(texts)
    other = AutoTokenizer.from_pretrained(sentence_model_folder(), local_files_only=True)
    wanted = [other(text, truncation=True, max_length=512)["input_ids"] for text in texts]
    assert [[piece for piece in row if piece] for row in ids.tolist()] == wanted
    assert ids[0, :3].tolist() == [101, 102, 0]
    assert int(ids.max()) < VOCABULARY_SIZE
    assert len(WordPieces().encode(["chair " * 1000])[0]) == 512


@pytest.fixture(scope="module")
def engine(solid: Path) -> Engine:
    return Engine(solid, "cpu", resolution=32)


@pytest.fixture(scope="module")
def shapes(engine: Engine) -> list[Shape]:
    result = engine.run(Generate(count=2, seed=1, steps=8, preview=False, tries=1), Job())
    assert isinstance(result, Candidates)
    return [item.shape for item in result.items]


def _only(result: object) -> Shape:
    assert isinstance(result, Candidates)
    (item,) = result.items
    assert len(item.mesh.faces) > 100
    return item.shape


def test_generated_shapes_are_valid(shapes: list[Shape], engine: Engine) -> None:
    for shape in shapes:
        assert shape.extrinsics.shape == (16, 16)
        assert shape.intrinsics.shape == (16, 64)
        assert shape.checkpoint == engine.checkpoint_id
        axes = shape.extrinsics[:, 3:12].reshape(-1, 3, 3).astype(np.float64)
        np.testing.assert_allclose(axes @ axes.transpose(0, 2, 1), np.tile(np.eye(3), (16, 1, 1)), atol=1e-5)
        assert (shape.extrinsics[:, 13:] >= np.float32(1e-4)).all()
    assert not np.allclose(shapes[0].intrinsics, shapes[1].intrinsics)


@pytest.mark.parametrize("kind", ["complete", "vary", "refine", "text"])
def test_edits_keep_what_was_not_chosen_bit_exact(engine: Engine, shapes: list[Shape], kind: str) -> None:
    base, parts = shapes[0], (2, 5)
    shared = {"seed": 5, "count": 1, "steps": 8, "preview": False, "tries": 1, "base": base, "parts": parts}
    request = {
        "complete": lambda: Complete(**shared, text="a tall back"),  # type: ignore[arg-type]
        "vary": lambda: Vary(**shared, strength=0.4),  # type: ignore[arg-type]
        "refine": lambda: Refine(**shared, strength=0.1),  # type: ignore[arg-type]
        "text": lambda: TextEdit(**shared, text="a back with slats"),  # type: ignore[arg-type]
    }[kind]()
    shape = _only(engine.run(request, Job()))
    kept = np.array([part.id not in parts for part in base.parts])
    assert np.array_equal(shape.extrinsics[kept], base.extrinsics[kept])
    assert np.array_equal(shape.intrinsics[kept], base.intrinsics[kept])
    assert not np.array_equal(shape.intrinsics[~kept], base.intrinsics[~kept])


def test_mixing_takes_parts_and_refines_them(engine: Engine, shapes: list[Shape]) -> None:
    mix = Mix(
        base=shapes[0],
        source=shapes[1],
        take=(1, 9),
        drop=(0,),
        strength=0.1,
        steps=8,
        preview=False,
        tries=1,
    )
    shape = _only(engine.run(mix, Job()))
    assert len(shape.parts) == 17
    assert np.array_equal(shape.intrinsics[:15], shapes[0].intrinsics[1:])


def test_parts_are_named_by_the_shipped_model_of_the_category(engine: Engine, shapes: list[Shape]) -> None:
    known = next(model.labels for model in engine.models if "seat" in model.labels)
    for shape in shapes:
        assert {part.label for part in shape.parts} <= set(known)
        assert [part.name for part in shape.parts] == [part.label for part in shape.parts]
    mine = shapes[0].with_part(shapes[0].parts[2].id, name="mine")
    vary = Vary(base=mine, parts=(2, 5), strength=0.4, seed=5, count=1, steps=8, preview=False, tries=1)
    edited = _only(engine.run(vary, Job()))
    assert edited.parts[2].name == "mine"
    others = [row for row in range(len(mine.parts)) if row not in (2, 5)]
    assert [edited.parts[row] for row in others] == [mine.parts[row] for row in others]


def test_borrowed_names_are_the_own_ones_however_a_chair_stands() -> None:
    engine = Engine(device="cpu", resolution=64)
    chair = read_scene(RESOURCES / "scenes" / "chairs.partsmith").shapes[0]
    mesh = engine.decode(chair, 64, Job())
    turned = np.stack([mesh.vertices[:, 2], mesh.vertices[:, 1], -mesh.vertices[:, 0]], 1) * 0.5 + 0.3
    normals = np.stack([mesh.normals[:, 2], mesh.normals[:, 1], -mesh.normals[:, 0]], 1)
    moved = Mesh(turned, normals, mesh.faces, mesh.face_parts)
    shown = np.unique(mesh.face_parts)
    own = np.array([part.label for part in chair.parts])[shown]
    for surface in (mesh, moved):
        found = np.array(borrowed_names(chair, surface, engine.model))[shown]
        assert (found == own).mean() > 0.8


def test_words_change_what_is_made(engine: Engine) -> None:
    made = [
        _only(
            engine.run(Generate(count=1, seed=2, steps=6, preview=False, tries=1, text=text), Job())
        ).extrinsics
        for text in ("", "a swivel chair", "a bench")
    ]
    assert np.abs(made[0] - made[1]).max() > 1e-3
    assert np.abs(made[1] - made[2]).max() > 1e-4


def test_exported(engine: Engine, shapes: list[Shape], tmp_path: Path) -> None:
    result = engine.run(Export(shapes=(shapes[0],), path=str(tmp_path / "x.glb"), resolution=32), Job())
    assert isinstance(result, Exported)
    assert result.faces > 0


def test_what_a_published_model_cannot_do_is_said(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(EditError, match="cannot read meshes"):
        engine.run(Encode(path=str(tmp_path / "x.obj")), Job())
    from core.published.convert import convert

    plain = reference_folder(tmp_path / "published", category="table", phases=("phase1", "phase2"))
    convert(plain, tmp_path / "tables")
    with pytest.raises(EditError, match="was not trained with text"):
        Engine(tmp_path / "tables", "cpu").run(
            Generate(count=1, text="a desk", preview=False, tries=1), Job()
        )
