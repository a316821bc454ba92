"""Models at hand: described by their cards, loaded when needed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from core.checkpoints import catalog
from core.checkpoints.catalog import Models, default_checkpoint, describe, shipped_checkpoints
from core.checkpoints.loading import CheckpointError
from core.edits.engine import Engine
from core.edits.job import EditError, Job
from core.edits.requests import Generate
from core.edits.results import Candidates
from tests.tiny import TINY_CHECKPOINT


def copied(folder: Path, name: str, category: str) -> Path:
    """The tiny checkpoint under another id."""
    target = folder / category
    shutil.copytree(TINY_CHECKPOINT, target)
    card = json.loads((target / "card.json").read_text())
    (target / "card.json").write_text(json.dumps({**card, "id": name, "category": category}))
    return target


def test_shipped_models_describe_themselves() -> None:
    assert shipped_checkpoints()[0] == default_checkpoint()
    for folder in shipped_checkpoints():
        info = describe(folder)
        assert info.id.startswith("partsmith-")
        assert info.labels
        assert info.licence == "MIT"
        assert info.slot_count >= 2


@pytest.mark.parametrize(
    "card", ["[]", "{}", '{"id": "x", "labels": 3}', '{"id": 1, "labels": [], "slot_shares": 1}']
)
def test_a_damaged_card_is_refused(tmp_path: Path, card: str) -> None:
    folder = copied(tmp_path, "x", "chair")
    (folder / "card.json").write_text(card)
    with pytest.raises(CheckpointError, match=r"card|damaged|lacks"):
        describe(folder)


def test_other_models_are_loaded_when_a_request_names_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = copied(tmp_path, "one", "chair"), copied(tmp_path, "two", "table")
    monkeypatch.setattr(catalog, "shipped_checkpoints", lambda: [first, second])
    engine = Engine(first, "cpu")
    assert [info.id for info in engine.models] == ["one", "two"]
    result = engine.run(Generate(count=1, steps=2, preview=False, checkpoint="two"), Job())
    assert isinstance(result, Candidates)
    assert result.items[0].shape.checkpoint == "two"
    assert result.items[0].shape.name == "Table"
    assert engine.checkpoint_id == "one"
    with pytest.raises(EditError, match=r"three is not at hand; there are one, two"):
        engine.run(Generate(count=1, checkpoint="three"), Job())


def test_a_damaged_model_beside_the_first_one_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = copied(tmp_path, "one", "chair"), copied(tmp_path, "two", "table")
    monkeypatch.setattr(catalog, "shipped_checkpoints", lambda: [first, second])
    (second / "card.json").write_text("{")
    assert [info.id for info in Models(first, "cpu").infos] == ["one"]
    with pytest.raises(CheckpointError):
        Models(second, "cpu")


def test_models_are_loaded_once(tmp_path: Path) -> None:
    models = Models(copied(tmp_path, "one", "chair"), "cpu")
    assert models.get("") is models.get("one") is models.default
