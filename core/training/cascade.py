"""Train the cascade: ``python main.py train cascade`` (SALAD section 4).

Phase 1 denoises the standardised Gaussians of a shape, phase 2 its standardised intrinsics given them.
Both read a text vector made from frozen MiniLM token features; for a share of the shapes the text is dropped,
so that the same networks sample without text and with guidance. v-prediction, cosine schedule, 1000 steps.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor

from core.checkpoints.device import trains_in_bfloat16
from core.checkpoints.loading import load_component
from core.models.cascade import SIZES, Cascade, build
from core.models.extrinsic_denoiser import ExtrinsicDenoiser
from core.models.intrinsic_denoiser import IntrinsicDenoiser
from core.models.normalisation import Normalisation
from core.models.schedule import COSINE, make_scheduler
from core.models.text_encoder import TextAdapter
from core.training import caption_bank, latents, loop
from core.training.caption_bank import CaptionBank, words_read
from core.training.loop import NOBODY, Listener, Training
from core.training.parallel import mean, own, rand, randint, randn
from core.training.state import TrainingState, generator_for, recipe_of

TEXT_DROP = 0.15
"""Share of shapes trained without their text (classifier-free guidance)."""
CONTEXT_NOISE = 0.03
"""Noise on the Gaussians phase 2 is given, in standard deviations: phase 1 is not exact either."""


def velocity_loss(
    denoise: Callable[[Tensor, Tensor], Tensor],
    x0: Tensor,
    alphas: Tensor,
    mask: Tensor,
    generator: torch.Generator,
) -> tuple[Tensor, Tensor]:
    """Mean squared error of the predicted velocity (Salimans and Ho 2022, eq. 12) over the parts there are.

    `denoise(x_t, t)` predicts ``sqrt(a) noise - sqrt(1 - a) x0``. Returns the loss and the steps t [B].
    """
    t = randint(len(alphas), len(x0), generator)
    noise = randn(x0.shape, generator).to(x0.device)
    a = alphas[t].to(x0.device)[:, None, None]
    x_t = a.sqrt() * x0 + (1 - a).sqrt() * noise
    target = a.sqrt() * noise - (1 - a).sqrt() * x0
    predicted = denoise(x_t, t.to(x0.device).float()).float()
    error = (predicted - target).square().mean(-1)
    return (error * mask).sum() / mean(mask.sum().float()), t


def cascade_loss(
    model: Cascade,
    batch: dict[str, Tensor],
    alphas: Tensor,
    generator: torch.Generator,
    autocast: bool,
    text_drop: float = TEXT_DROP,
) -> tuple[Tensor, dict[str, float]]:
    """Loss of both phases on one batch: ``x [B,P,16]``, ``s [B,P,D]``, ``text [B,L,384]``, ``text_mask``."""
    x, s = batch["x"], batch["s"]
    device = x.device
    count, parts = x.shape[:2]
    present = (rand(count, generator=generator) >= text_drop).to(device)
    # A fifth of the shapes lacks some parts, so that shapes with any number of parts can be denoised.
    lacking = rand(count, 1, generator=generator) < 0.2
    mask = ~(lacking & (rand(count, parts, generator=generator) < 0.25)).to(device)
    mask[:, 0] |= ~mask.any(1)
    slots = torch.arange(parts, device=device).expand(count, -1)
    read = words_read(batch["text_mask"], generator)
    with torch.autocast(device.type, torch.bfloat16, enabled=autocast):
        text = model.text_adapter(batch["text"], read, present)
        first, _ = velocity_loss(
            lambda x_t, t: model.extrinsic_denoiser(x_t, t, text, slots, mask), x, alphas, mask, generator
        )
        seen = x + CONTEXT_NOISE * randn(x.shape, generator).to(device)
        context = torch.cat((seen, text.float()[:, None].expand(-1, parts, -1)), -1)
        second, _ = velocity_loss(
            lambda s_t, t: model.intrinsic_denoiser(s_t, t, context, slots, mask), s, alphas, mask, generator
        )
    return first + second, {"extrinsic": float(first.detach()), "intrinsic": float(second.detach())}


def draw_batch(
    x: Tensor, s: Tensor, bank: CaptionBank, size: int, generator: torch.Generator, device: str
) -> dict[str, Tensor]:
    """Random captions (this process's share of `size`), each with a random shape that it is true of.

    So a shape is told in far more ways than were written of it.
    """
    written = own(torch.randint(len(x), (size,), generator=generator), generator)
    told = bank.draw(written, generator, device)
    rows = bank.others(told["sentence"], generator)
    return {"x": x[rows].to(device), "s": s[rows].to(device), **told}


@torch.no_grad()
def validation_loss(
    model: Cascade, x: Tensor, s: Tensor, bank: CaptionBank, alphas: Tensor, device: str, autocast: bool
) -> float:
    """Mean loss of held-out shapes without text, always at the same steps and noise."""
    model.eval()
    total = 0.0
    for start in range(0, len(x), 32):
        rows = slice(start, start + 32)
        count = len(x[rows])
        batch = {
            "x": x[rows].to(device),
            "s": s[rows].to(device),
            "text": bank.features[:1].expand(count, -1, -1).to(device).float(),
            "text_mask": bank.mask[:1].expand(count, -1).to(device),
        }
        for repeat in range(8):
            loss, _ = cascade_loss(model, batch, alphas, generator_for(repeat, start), autocast, 1.0)
            total += float(loss) * count / 8
    model.train()
    return total / len(x)


def main(argv: list[str], listener: Listener = NOBODY) -> int:
    """Command line; see ``--help``."""
    parser = argparse.ArgumentParser(prog="main.py train cascade", description=__doc__)
    parser.add_argument("--latents", type=Path, default=Path("runs/latents"))
    parser.add_argument("--out", type=Path, default=Path("runs/cascade"))
    loop.add_options(parser, steps=12_000, batch=128, rate=1e-3)
    parser.add_argument("--size", choices=tuple(SIZES), default="default")
    parser.add_argument("--start", type=Path, help="checkpoint folder to start from (fine-tuning)")
    parser.add_argument("--fp32", action="store_true", help="no bfloat16, even where it is faster")
    options = parser.parse_args(argv)
    loop.begin(parser, options)
    autocast = not options.fp32 and trains_in_bfloat16(options.device)

    encoded = latents.read(options.latents / "latents.safetensors")
    bank = caption_bank.read(options.latents / "captions.safetensors")
    if len(bank.rows) != len(encoded["extrinsics"]):
        parser.error(f"{options.latents} has captions of other shapes; run `train latents` again")
    normalisation = load_component(Normalisation, options.latents / "normalisation")

    def standardised(found: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        return (
            normalisation.encode_extrinsics(found["extrinsics"]),
            normalisation.encode_intrinsics(found["intrinsics"]),
        )

    x, s = standardised(encoded)
    validation = options.latents / "validation.safetensors"
    held_out = standardised(latents.read(validation)) if validation.exists() else None
    torch.manual_seed(options.seed)
    if options.start:
        model = Cascade(
            load_component(ExtrinsicDenoiser, options.start / "extrinsic_denoiser"),
            load_component(IntrinsicDenoiser, options.start / "intrinsic_denoiser"),
            load_component(TextAdapter, options.start / "text_adapter"),
        )
    else:
        model = build(SIZES[options.size], num_slots=x.shape[1], intrinsic_dim=s.shape[-1])
    model.to(options.device).train()
    alphas = make_scheduler(COSINE).alphas_cumprod
    state = TrainingState({"cascade": model}, options.rate)
    if options.start:
        state.start = recipe_of(options.start, "cascade")

    def loss(generator: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        batch = draw_batch(x, s, bank, options.batch, generator, options.device)
        return cascade_loss(model, batch, alphas, generator, autocast)

    def check() -> tuple[float | None, dict[str, float]]:
        if held_out is None:
            return None, {}
        error = validation_loss(model, *held_out, bank, alphas, options.device, autocast)
        return error, {"validation_loss": error}

    Training("cascade", state, dict(model.named_children()), options, loss, check).run(listener)
    return 0
