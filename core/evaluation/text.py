"""Do words work? Prompts in other words than the training captions, each with geometric checks.

Whole shapes: every prompt is sampled with one seed; ``passed`` is the share that passes all checks of its
prompt. ``by_chance`` is how often shapes of the corpus, drawn at random, pass the same checks.

Edits of parts: every prompt gets a test shape that fails its checks and has parts of the names to select;
only those are edited. ``passed``: the checks hold now; ``exact``: the rest is bit for bit what it was;
``connected``: one piece holds at least 95 % of the area; ``success``: all three.

Prompts that are shown in pictures (`shown`) are counted apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from core.corpus.program import FAMILY_PARTS
from core.edits.requests import Generate, TextEdit
from core.edits.results import Candidate
from core.evaluation.checks import agree
from core.evaluation.completion import same_rows
from core.evaluation.material import Material, Picture, Result, connected, evenly, in_rows, mean, solid_of
from core.evaluation.prompts import Prompt, Prompts, load_prompts
from core.meshing.raycast import render
from core.scene.shape import Mesh, Shape

SHOWN_ORDINARY = 32
CHANCE_SHAPES = 200
PICTURE = (160, 160)


def prompts_of(material: Material) -> Prompts:
    """The prompts of the material's category."""
    category = material.category
    return load_prompts(category.prompts, category.checks, FAMILY_PARTS[category.name])


def measure_whole(material: Material) -> Result:
    """Sample whole shapes from prompts; ``check_<name>`` is the share of the prompts that ask for a check."""
    prompts = prompts_of(material)
    chosen = evenly(prompts.whole, material.counts.prompts)
    passed, whole, of_check = [], [], defaultdict(list)
    pictures: list[Picture] = []
    for index, prompt in enumerate(chosen):
        for candidate in _sampled(material, prompt, 1, index):
            mesh = None if candidate is None else material.mesh_of(candidate)
            good = material.category.checks.hold(solid_of(mesh), prompt.checks)
            passed.append(good)
            whole.append(connected(mesh))
            for check in prompt.checks:
                of_check[f"check_{check.replace('!', 'not_')}"].append(good)
            if candidate is not None and len(pictures) < SHOWN_ORDINARY:
                pictures.append(candidate.thumbnail)
    rows, shown = [], []
    for index, prompt in enumerate(prompts.shown):
        found = _sampled(material, prompt, material.counts.shown, 10_000 + 100 * index)
        for candidate in found:
            mesh = None if candidate is None else material.mesh_of(candidate)
            shown.append(material.category.checks.hold(solid_of(mesh), prompt.checks))
        rows.append([candidate.thumbnail for candidate in found if candidate is not None])
    values = {
        "prompts": len(chosen),
        "passed": mean(passed),
        "by_chance": by_chance(material, chosen),
        "connected": mean(whole),
        "shown_passed": mean(shown),
        **{name: mean(facts) for name, facts in sorted(of_check.items())},
    }
    return Result(values, {"text": in_rows(pictures), "text_shown": rows})


def _sampled(material: Material, prompt: Prompt, count: int, offset: int) -> list[Candidate | None]:
    request = Generate(text=prompt.text, count=count, seed=material.seed + offset, preview=False)
    return material.propose(request)


def by_chance(material: Material, prompts: Sequence[Prompt]) -> float:
    """Mean share of shapes of the corpus that pass the checks of a prompt."""
    count = min(CHANCE_SHAPES, material.counts.real)
    answers = material.answers(count)
    return mean([mean([agree(answer, prompt.checks) for answer in answers]) for prompt in prompts])


class Bases:
    """Encoded test shapes with the answers to all checks, for edits to start from."""

    def __init__(self, material: Material) -> None:
        self.material = material
        self._answers: dict[int, dict[str, bool]] = {}

    def fitting(self, prompt: Prompt, start: int) -> int | None:
        """Index of a test shape that fails the prompt's checks and has parts to select; None if none does."""
        pool = self.material.counts.pool
        for step in range(pool):
            index = (start + step) % pool
            mesh = self.material.base_mesh(index)
            if not connected(mesh) or not selected(self.material.encoded(index).shape, prompt):
                continue
            if index not in self._answers:
                self._answers[index] = self.material.category.checks.answers(solid_of(mesh))
            if not agree(self._answers[index], prompt.checks):
                return index
        return None


def selected(shape: Shape, prompt: Prompt) -> tuple[int, ...]:
    """Ids of the parts whose names the prompt selects; none if that would be all."""
    chosen = tuple(part.id for part in shape.parts if part.label in prompt.parts)
    return chosen if len(chosen) < len(shape.parts) else ()


def measure_edits(material: Material) -> Result:
    """Edit parts of test shapes by words."""
    prompts, bases = prompts_of(material), Bases(material)
    chosen = evenly(prompts.edits, material.counts.edits)
    facts: dict[str, list[bool]] = {"passed": [], "exact": [], "connected": [], "success": []}
    shown: list[bool] = []
    rows: list[list[Picture]] = []
    skipped = 0
    asked = [(prompt, 1) for prompt in chosen]
    asked += [(prompt, material.counts.shown) for prompt in prompts.shown_edits]
    for number, (prompt, count) in enumerate(asked):
        index = bases.fitting(prompt, 7 * number)
        if index is None:
            skipped += 1
            continue
        base, before = material.encoded(index).shape, material.base_mesh(index)
        request = TextEdit(
            base=base,
            parts=selected(base, prompt),
            text=prompt.text,
            count=count,
            seed=material.seed + 100 * number,
            preview=False,
        )
        found = material.propose(request)
        judged = [judge(material, base, prompt, candidate) for candidate in found]
        if number < len(chosen):
            for one in judged:
                for name, fact in one.items():
                    facts[name].append(fact)
        else:
            shown += [one["success"] for one in judged]
            rows.append(_row(before, base, found))
    values = {
        "edits": len(facts["success"]),
        "skipped": skipped,
        **{name: mean(found) for name, found in facts.items()},
        "shown_success": mean(shown),
    }
    return Result(values, {"text_edits_shown": rows})


def judge(material: Material, base: Shape, prompt: Prompt, candidate: Candidate | None) -> dict[str, bool]:
    """The four facts about one edit."""
    if candidate is None:
        return {"passed": False, "exact": True, "connected": False, "success": False}
    mesh = material.mesh_of(candidate)
    kept = [row for row, part in enumerate(base.parts) if part.label not in prompt.parts]
    found = {
        "passed": material.category.checks.hold(solid_of(mesh), prompt.checks),
        "exact": same_rows(base, candidate.shape, kept),
        "connected": connected(mesh),
    }
    return {**found, "success": all(found.values())}


def _row(before: Mesh | None, base: Shape, found: Sequence[Candidate | None]) -> list[Picture]:
    first = [] if before is None else [render([before], [base], size=PICTURE)]
    return [*first, *(candidate.thumbnail for candidate in found if candidate is not None)]
