"""What the matcher of words and shapes decides: which noise is denoised, what is sampled again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from core.checkpoints.saving import save_component
from core.edits.drafts import DRAFT_STEPS, DRAFTS, fittest, promising, seed_of_try
from core.edits.engine import Engine
from core.edits.job import Job
from core.edits.requests import Generate, Sampled, TextEdit
from core.edits.results import Candidates
from core.edits.soundness import WHOLE, soundness
from core.edits.word_fit import word_fit
from core.meshing.solid import CHAIR_STANCE
from core.models.text_matcher import TextMatcher
from core.pipelines.generate import GeneratePipeline
from core.pipelines.guidance import Guidance
from core.pipelines.prompts import text_context
from core.pipelines.sampling import Noise
from core.scene.shape import Shape
from tests.tiny import make_tiny_checkpoint

QUICK = {"steps": 6, "preview": False}
WHEELS = "a chair with wheels"


def run(engine: Engine, request: Sampled) -> Candidates:
    result = engine.run(request, Job())
    assert isinstance(result, Candidates)
    return result


@pytest.fixture(scope="module")
def judging(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """An engine with an untrained matcher: words fit at random, and that is what is looked at."""
    folder = make_tiny_checkpoint(tmp_path_factory.mktemp("judging"))
    torch.manual_seed(0)
    matcher = TextMatcher(16, dim=16, out_dim=8, num_layers=1, num_heads=2, num_known=9)
    torch.nn.init.normal_(matcher.known)
    save_component(matcher, folder / "text_matcher")
    return Engine(folder, "cpu", resolution=64)


def test_what_misses_the_words_is_sampled_again(judging: Engine, shapes: list[Shape]) -> None:
    fit = word_fit(judging.model, WHEELS, judging.sentences)
    assert fit is not None
    assert word_fit(judging.model, "", judging.sentences) is None
    ask = TextEdit(base=shapes[0], parts=shapes[0].part_ids[:4], seed=2, count=3, text=WHEELS, **QUICK)
    once, more = (run(judging, replace(ask, tries=tries)).items for tries in (1, 4))
    before, after = (
        [soundness(item.shape, item.mesh, CHAIR_STANCE, fit=fit) for item in items] for items in (once, more)
    )
    assert np.mean([sound.fit for sound in after]) > np.mean([sound.fit for sound in before])
    assert len({sound.fit for sound in before}) == 3
    assert any(not sound.meets(WHOLE) for sound in before)


def test_a_negative_prompt_fits_the_better_the_less_its_words_do(
    judging: Engine, shapes: list[Shape]
) -> None:
    parts = [
        torch.from_numpy(np.stack([getattr(shape, name) for shape in shapes]))
        for name in ("extrinsics", "intrinsics")
    ]
    liked, other = (word_fit(judging.model, text, judging.sentences) for text in (WHEELS, "round arms"))
    against = word_fit(judging.model, "", judging.sentences, "round arms")
    both = word_fit(judging.model, WHEELS, judging.sentences, "round arms")
    assert liked is not None
    assert other is not None
    assert against is not None
    assert both is not None
    torch.testing.assert_close(against.of_parts(*parts), -other.of_parts(*parts))
    torch.testing.assert_close(
        both.of_parts(*parts), torch.minimum(liked.of_parts(*parts), -other.of_parts(*parts))
    )


def test_guidance_leads_away_from_the_negative_prompt(judging: Engine) -> None:
    model = judging.model
    told = [
        text_context(model, text, judging.sentences, negative).extrinsic
        for text, negative in ((WHEELS, ""), (WHEELS, "arms"), ("", "arms"), ("arms", ""))
    ]
    plain, both, only, arms = (context for context in told if context is not None)
    torch.testing.assert_close(both.prompt, plain.prompt)
    torch.testing.assert_close(both.away, arms.prompt)
    torch.testing.assert_close(only.prompt, plain.away)
    torch.testing.assert_close(only.away, arms.prompt)
    slots = torch.arange(model.slot_count)[None]
    noise = torch.Generator().manual_seed(0)
    x, time = torch.randn(1, model.slot_count, 16, generator=noise), torch.tensor(500)

    def predicted(text: str, negative: str, weight: float) -> torch.Tensor:
        context = text_context(model, text, judging.sentences, negative)
        with torch.inference_mode():
            return Guidance(model, context, weight).extrinsic(slots)(x, time)

    wanted = 3.0 * predicted(WHEELS, "", 0.0) - 2.0 * predicted("arms", "", 0.0)
    torch.testing.assert_close(predicted(WHEELS, "arms", 2.0), wanted)


def test_what_to_avoid_changes_the_result(judging: Engine) -> None:
    plain, avoiding = (
        run(judging, Generate(seed=3, tries=1, negative=negative, **QUICK)).items[0].shape
        for negative in ("", "wheels")
    )
    assert np.abs(plain.extrinsics - avoiding.extrinsics).max() > 1e-4


def test_drafts_choose_the_noise(judging: Engine) -> None:
    fit = word_fit(judging.model, WHEELS, judging.sentences)
    assert fit is not None
    guidance = Guidance(judging.model, text_context(judging.model, WHEELS, judging.sentences), 2.0)
    seeds = [3, 4]
    chosen = promising(judging.model, guidance, fit, seeds, 1, 0, Job())
    assert promising(judging.model, guidance, fit, seeds, 1, 3, Job()) == chosen  # in smaller pieces
    for seed, best in zip(seeds, chosen, strict=True):
        noises = [seed_of_try(seed, DRAFTS + number) for number in range(DRAFTS)]
        drafts = GeneratePipeline(judging.model)(
            guidance, Noise(noises, judging.device), DRAFTS, DRAFT_STEPS, lambda *_: None
        )
        scores = fit.of_parts(drafts.extrinsics, drafts.intrinsics)
        assert len(set(scores.tolist())) == DRAFTS
        assert best == noises[int(scores.argmax())]
    # One try takes what comes: the noise of the seed itself, without drafts.
    plain = GeneratePipeline(judging.model)(
        guidance, Noise([3], judging.device), 1, QUICK["steps"], lambda *_: None
    )
    (one,) = run(judging, Generate(seed=3, text=WHEELS, guidance=2.0, tries=1, **QUICK)).items
    np.testing.assert_allclose(one.shape.extrinsics, plain.extrinsics[0].numpy(), atol=1e-5)


def test_the_fittest_of_the_variants_of_each_candidate_is_taken(judging: Engine, shapes: list[Shape]) -> None:
    fit = word_fit(judging.model, WHEELS, judging.sentences)
    assert fit is not None
    ask = TextEdit(
        base=shapes[0], parts=shapes[0].part_ids[:4], seed=0, count=6, text=WHEELS, tries=1, **QUICK
    )
    made = [item.shape for item in run(judging, ask).items]
    scores = [
        float(fit.of_parts(*(torch.tensor(x[None]) for x in (s.extrinsics, s.intrinsics)))) for s in made
    ]
    assert len(set(scores)) == 6
    assert fittest(fit, made, 3) == [int(np.argmax(scores[:3])), 3 + int(np.argmax(scores[3:]))]
