"""One small evaluation of the tiny checkpoint for all tests of this folder."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from core.edits.engine import Engine
from core.evaluation.categories import CATEGORIES
from core.evaluation.material import Counts, Material
from tests.tiny import TINY_CHECKPOINT

TINY = Counts(
    shapes=2,
    samples=3,
    emd_shapes=2,
    completed=1,
    completions=2,
    mixed=1,
    strengths=(0.0, 0.1),
    real=6,
    prompts=1,
    edits=1,
    pool=3,
    shown=1,
    moved=1,
    checked=4,
    imported=1,
    fitted=1,
    resolution=32,
)

PROMPTS = {
    "shown": [{"text": "solid back", "checks": ["solid_back"]}],
    "shown_edits": [{"text": "rectangle back chair", "parts": ["back"], "checks": ["round_back", "wheels"]}],
    "whole": [{"checks": ["!wheels"], "texts": ["something to sit on", "a plain seat"]}],
    "edits": [{"parts": ["seat", "leg"], "checks": ["wheels"], "texts": ["let it roll"]}],
}
"""Edits ask for what the test shapes do not have, so that a shape to start from is always found."""


@pytest.fixture(scope="session")
def material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    path = tmp_path_factory.mktemp("prompts") / "prompts.json"
    path.write_text(json.dumps(PROMPTS), encoding="utf-8")
    category = replace(CATEGORIES["chair"], prompts=path)
    return Material(Engine(TINY_CHECKPOINT, "cpu", resolution=64), category, TINY, steps=2)
