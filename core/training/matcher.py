"""Train the text matcher: ``python main.py train matcher``, from what `train latents` wrote.

Symmetric cross-entropy over the pairs of a batch (CLIP), but for one thing: a caption of one shape is often
true of others in the batch as well, and what it was made of tells of which. All of them count as its pairs.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from core.models.text_matcher import TextMatcher
from core.training import caption_bank, latents, loop, parallel
from core.training.caption_bank import CaptionBank, words_read
from core.training.loop import Training
from core.training.parallel import gather, places, randint, randn
from core.training.state import TrainingState, generator_for

HELD_OUT = 0.05
"""Share of the shapes that is only measured on."""


def match_loss(
    model: TextMatcher,
    batch: dict[str, Tensor],
    true: Tensor,
    doubt: Tensor,
    generator: torch.Generator,
    noise: float = 0.2,
) -> Tensor:
    """Loss of a batch: ``x [B,P,16]``, ``s [B,P,D]``, ``text [B,L,384]``, ``text_mask [B,L]``.

    `true` [W, W] tells for the whole batch which shape (row) which text (column) is true of, and `doubt` of
    which it may be: these pairs count neither way.

    Intrinsics get noise, as those of proposals are not exact, and some tokens are left out. Shapes and texts
    of this process are compared with those of all processes; the mean of their losses is that of the whole
    batch.
    """
    s = batch["s"] + noise * randn(batch["s"].shape, generator).to(batch["s"].device)
    mask = words_read(batch["text_mask"], generator)
    count = len(mask)
    shapes, texts = model.shapes(batch["x"], s), model.texts(batch["text"], mask)
    own = places(count, generator)[0]
    to_texts = model.scores(shapes, gather(texts, generator))
    to_shapes = model.scores(gather(shapes, generator), texts).T
    return (_any_of(to_texts, true[own], doubt[own]) + _any_of(to_shapes, true.T[own], doubt.T[own])) / 2


def _any_of(scores: Tensor, true: Tensor, doubt: Tensor) -> Tensor:
    """Cross-entropy of each row of scores [B, W] with its true columns, all as likely."""
    wanted = true.to(scores) / true.sum(1, keepdim=True).to(scores)
    return functional.cross_entropy(scores.masked_fill(doubt, -1e4), wanted)


def draw_batch(
    encoded: dict[str, Tensor], bank: CaptionBank, rows: Tensor, generator: torch.Generator, device: str
) -> dict[str, Tensor]:
    """The shapes `rows`, each with one of its captions."""
    return {
        "x": encoded["extrinsics"][rows].to(device),
        "s": encoded["intrinsics"][rows].to(device),
        **bank.draw(rows, generator, device),
    }


def main(argv: list[str]) -> int:
    """Command line; see ``--help``."""
    parser = argparse.ArgumentParser(prog="main.py train matcher", description=__doc__)
    parser.add_argument("--latents", type=Path, default=Path("runs/latents"))
    parser.add_argument("--out", type=Path, default=Path("runs/matcher"))
    loop.add_options(parser, steps=3000, batch=512, rate=2e-3, save_every=120.0)
    parser.add_argument("--dim", type=int, default=64, help="width of the networks and of the embeddings")
    parser.add_argument("--known", type=int, default=512, help="shapes that are kept to compare scores with")
    options = parser.parse_args(argv)
    loop.begin(parser, options)
    encoded = latents.read(options.latents / "latents.safetensors")
    bank = caption_bank.read(options.latents / "captions.safetensors")
    if len(bank.rows) != len(encoded["extrinsics"]):
        parser.error(f"{options.latents} has captions of other shapes; run `train latents` again")
    count = len(bank.rows)
    train = max(int(count * (1 - HELD_OUT)), 1)
    torch.manual_seed(options.seed)
    model = TextMatcher(
        encoded["intrinsics"].shape[-1],
        dim=options.dim,
        out_dim=options.dim,
        num_known=min(options.known, count),
    )
    model.to(options.device).train()
    state = TrainingState({"matcher": model}, options.rate)
    held_out = torch.arange(train, count)
    share = max(min(options.batch, train) // parallel.world(), 1)

    def loss(generator: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        rows = randint(train, share, generator)
        batch = draw_batch(encoded, bank, rows, generator, options.device)
        answers = bank.true_of(gather(batch["sentence"], generator), gather(rows, generator))
        true, doubt = (answer.to(options.device) for answer in answers)
        return match_loss(model, batch, true, doubt, generator), {}

    @torch.no_grad()
    def check() -> tuple[float | None, dict[str, float]]:
        model.eval()
        known = slice(0, len(model.known))
        model.known.copy_(
            model.shapes(
                encoded["extrinsics"][known].to(options.device),
                encoded["intrinsics"][known].to(options.device),
            )
        )
        right = accuracy(model, encoded, bank, held_out, options.device)
        model.train()
        if parallel.first():
            print(
                f"of a held-out shape and one it is not true of the caption picks the right one: {right:.3f}"
            )
        return (1.0 - right, {"accuracy": right}) if len(held_out) > 1 else (None, {})

    training = Training("matcher", state, {"text_matcher": model}, options, loss, check)
    training.run()
    return 0


@torch.no_grad()
def accuracy(
    model: TextMatcher, encoded: dict[str, Tensor], bank: CaptionBank, rows: Tensor, device: str
) -> float:
    """How often a caption scores higher with a shape it is true of than with one it is not true of."""
    if len(rows) < 2:
        return float("nan")
    batch = draw_batch(encoded, bank, rows, generator_for(1, 0), device)
    scores = model.scores(
        model.shapes(batch["x"], batch["s"]), model.texts(batch["text"], batch["text_mask"])
    )
    true, doubt = (answer.to(scores.device).T for answer in bank.true_of(batch["sentence"], rows))
    right = [
        text[fits][:, None] > text[~fits & ~unclear]
        for text, fits, unclear in zip(scores.T, true, doubt, strict=True)
    ]
    return float(torch.cat([pairs.flatten() for pairs in right]).float().mean())
