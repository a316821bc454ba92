"""Edits in words."""

from __future__ import annotations

import pytest

from app.edit_titles import job_title, parts_phrase, step_title
from core.edits.requests import (
    Complete,
    Export,
    Generate,
    Mix,
    Refine,
    Sampled,
    TextEdit,
    Vary,
)
from tests.app.numpy_engine import make_shape
from tests.app.steps import (
    ARM,
    BACK,
    LEG,
    OTHER_LEG,
    SEAT,
)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ((BACK,), "back"),
        ((LEG, OTHER_LEG), "2 legs"),
        ((SEAT, BACK), "seat and back"),
        ((SEAT, BACK, ARM), "3 parts"),
        (tuple(range(6)), "all parts"),
        ((), "missing parts"),
    ],
)
def test_parts_in_words(parts: tuple[int, ...], words: str) -> None:
    assert parts_phrase(make_shape(), parts) == words


def test_titles_of_all_requests() -> None:
    base, source = make_shape(), make_shape(1, "s2", "Chair 2")
    requests: list[tuple[Sampled, str]] = [
        (Generate(text="x" * 60), f"Generate “{'x' * 39}…”"),
        (Complete(base=base, parts=(BACK,)), "Complete back of Chair 1"),
        (Mix(base=base, source=source, take=(ARM,)), "Mix arm of Chair 2 into Chair 1"),
        (Vary(base=base, parts=(LEG, OTHER_LEG)), "Vary 2 legs of Chair 1"),
        (Refine(base=base), "Refine joints of Chair 1"),
        (TextEdit(base=base, parts=(BACK,), text="tall"), "Change back of Chair 1 to “tall”"),
    ]
    assert [job_title(request) for request, _ in requests] == [title for _, title in requests]
    assert step_title(Refine(base=base), 3) == "Refine joints (seed 3)"
    assert job_title(Export(shapes=(base,), path="/a/b.glb")) == "Export b.glb"
