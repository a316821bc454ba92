"""Prompts of a category with the geometric checks that say whether they were followed, from a JSON file.

The file holds an object with four lists::

    {
      "shown": [{"text": ..., "checks": [...]}, ...],
      "shown_edits": [{"text": ..., "parts": [...], "checks": [...]}, ...],
      "whole": [{"checks": [...], "texts": [...]}, ...],
      "edits": [{"parts": [...], "checks": [...], "texts": [...]}, ...]
    }

All checks of a prompt must hold; a leading "!" asks for the opposite. `parts` are the names of the parts that
are selected for an edit. None of the texts is a caption of the corpus.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.evaluation.checks import CheckSet


@dataclass(frozen=True)
class Prompt:
    """A text, what must be true of a shape that follows it, and the parts to select if it is an edit."""

    text: str
    checks: tuple[str, ...]
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Prompts:
    """All prompts of a category; those that are shown in pictures apart."""

    shown: tuple[Prompt, ...]
    shown_edits: tuple[Prompt, ...]
    whole: tuple[Prompt, ...]
    edits: tuple[Prompt, ...]


def load_prompts(path: Path, checks: CheckSet, part_names: tuple[str, ...]) -> Prompts:
    """Read a prompts file.

    Raises
    ------
    ValueError
        If it names a check or a part that there is not, or repeats a text.
    """
    found = json.loads(path.read_text(encoding="utf-8"))
    groups = {
        key: tuple(prompt for entry in found[key] for prompt in _prompts(entry))
        for key in ("shown", "shown_edits", "whole", "edits")
    }
    for key, prompts in groups.items():
        texts = [prompt.text.lower() for prompt in prompts]
        if len(set(texts)) < len(texts):
            raise ValueError(f"{path.name}: a text stands twice in {key!r}")
        for prompt in prompts:
            unknown = {name.lstrip("!") for name in prompt.checks} - set(checks.checks)
            unknown |= set(prompt.parts) - set(part_names)
            if unknown or not prompt.checks or bool(prompt.parts) != key.endswith("edits"):
                raise ValueError(f"{path.name}: {prompt.text!r} has wrong checks or parts {sorted(unknown)}")
    return Prompts(**groups)


def _prompts(entry: dict[str, Any]) -> list[Prompt]:
    texts = entry.get("texts") or [entry["text"]]
    return [Prompt(text, tuple(entry["checks"]), tuple(entry.get("parts", ()))) for text in texts]
