"""Published checkpoints at their full size, with random weights: converted, loaded and run."""

from __future__ import annotations

import resource
import time
from pathlib import Path

import pytest
import torch
from torch import nn

from core.checkpoints.loading import load_checkpoint
from core.models.extrinsic_denoiser import ExtrinsicDenoiser
from core.models.intrinsic_denoiser import IntrinsicDenoiser
from core.models.mixing import Mixing
from core.models.occupancy import Occupancy
from core.models.schedule import SchedulerConfig
from core.models.shape_codes import ShapeCodes, spaghetti_configs
from core.models.text_encoder import TextLSTM
from core.pipelines.generate import GeneratePipeline
from core.pipelines.guidance import Guidance
from core.pipelines.prompts import text_context
from core.pipelines.sampling import Noise
from core.published.convert import convert
from tests.published import State, write_published

SHAPES = 6755
SPAGHETTI = {
    "dataset_size": SHAPES, "dim_z": 256, "pos_dim": 253, "dim_h": 512, "dim_zh": 512, "num_gaussians": 16,
    "decomposition_num_layers": 4, "num_layers": 4, "num_heads": 4, "num_layers_head": 6, "num_heads_head": 8,
    "head_occ_size": 5, "head_occ_type": "skip", "decomposition_network": "transformer", "use_encoder": True,
}  # fmt: skip
TIME = {"residual": True, "use_timestep_embedder": True, "timestep_embedder_dim": 128, "embedding_dim": 512}
COND = {"encoder_use_time": False, "decoder_type": "transformer_encoder", "dec_num_layers": 6, **TIME}
FULL_SIZE: dict[str, dict[str, object]] = {
    "spaghetti": SPAGHETTI,
    "phase1": {"input_dim": 16, "num_heads": 4, "enc_num_layers": 6, "encoder_type": "transformer", **TIME},
    "phase2": {"input_dim": 512, "context_dim": 16, "context_embedding_dim": 512, "enc_num_layers": 6}
    | {"encoder_type": "transformer", **COND},
    "lang_phase1": {"input_dim": 16, "context_dim": 768, "context_embedding_dim": 1024, "enc_num_layers": 2}
    | {"encoder_type": "pointwise", **COND},
    "lang_phase2": {"input_dim": 512, "context_dim": 784, "context_embedding_dim": 1024, "enc_num_layers": 6}
    | {"encoder_type": "transformer", **COND},
}


def _state(network: nn.Module) -> State:
    return network.state_dict()


def write_full_size(folder: Path) -> dict[str, State]:
    """A published folder of all networks at full size; returns the tensors it was written from."""
    torch.manual_seed(0)
    configs = spaghetti_configs(SPAGHETTI)
    spaghetti = _state(ShapeCodes(**configs["shape_codes"])) | _state(Mixing(**configs["mixing"]))
    spaghetti |= {f"occupancy_network.{k}": v for k, v in _state(Occupancy(**configs["occupancy"])).items()}
    states = {"spaghetti": spaghetti, "text_lstm": _state(TextLSTM())}
    for name in FULL_SIZE:
        if name != "spaghetti":
            kind = ExtrinsicDenoiser if name.endswith("phase1") else IntrinsicDenoiser
            states[name] = _state(kind.from_published(FULL_SIZE[name]))
    write_published(folder, FULL_SIZE, states)
    return states


@pytest.mark.slow
@torch.inference_mode()
def test_full_size(tmp_path: Path) -> None:
    states = write_full_size(tmp_path / "published")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    convert(tmp_path / "published", tmp_path / "model", text_latents=True)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(f"convert: {seconds:.1f} s, peak {peak >> 10} MiB (from {before >> 10}), reader {child >> 10} MiB")

    started = time.perf_counter()
    model = load_checkpoint(tmp_path / "model")
    print(f"load: {time.perf_counter() - started:.1f} s")
    sources = {
        "phase1": model.extrinsic_denoiser,
        "phase2": model.intrinsic_denoiser,
        "lang_phase1": model.text_extrinsic_denoiser,
        "lang_phase2": model.text_intrinsic_denoiser,
        "text_lstm": model.text_lstm,
    }
    generator = torch.Generator().manual_seed(1)
    for name, network in sources.items():
        assert network is not None
        direct = TextLSTM() if name == "text_lstm" else type(network).from_published(FULL_SIZE[name])
        direct.load_state_dict(states[name])
        direct.eval()
        if name == "text_lstm":
            tokens = torch.randint(1, 30_522, (2, 9), generator=generator)
            assert torch.equal(network(tokens)[0], direct(tokens)[0])
            continue
        width = int(FULL_SIZE[name]["input_dim"])  # type: ignore[call-overload]
        told = int(FULL_SIZE[name].get("context_dim", 0))  # type: ignore[call-overload]
        x, beta = torch.randn(2, 16, width, generator=generator), torch.tensor([0.01, 0.03])
        context = None
        if told:
            context = torch.randn(2, 1 if name == "lang_phase1" else 16, told, generator=generator)
        assert torch.equal(network(x, beta, context), direct(x, beta, context)), name
    configs = spaghetti_configs(SPAGHETTI)
    occupancy = Occupancy(**configs["occupancy"]).eval()
    prefix = "occupancy_network."
    occupancy.load_state_dict(
        {k.removeprefix(prefix): v for k, v in states["spaghetti"].items() if k.startswith(prefix)}
    )
    points, tokens = torch.rand(1, 500, 3, generator=generator), torch.randn(1, 16, 512, generator=generator)
    assert torch.equal(model.representation.occupancy(points, tokens), occupancy(points, tokens))

    for sampler, steps in (("dpm", 50), ("ddpm", 1000)):
        model.scheduler.clear()
        model.scheduler.update(SchedulerConfig(sampler=sampler).to_dict())
        for text in ("", "a chair with arms"):
            guidance = Guidance(model, text_context(model, text, lambda: pytest.fail("none")), 2.0)
            started = time.perf_counter()
            noise = Noise([1], torch.device("cpu"))
            made = GeneratePipeline(model)(guidance, noise, 1, steps, lambda *report: None)
            print(f"{sampler}, {steps} steps, text {text!r}: {time.perf_counter() - started:.1f} s")
            assert made.intrinsics.shape == (1, 16, 512)
            assert bool(made.intrinsics.isfinite().all())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"peak {peak >> 10} MiB")
