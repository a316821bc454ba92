"""While much is loaded nothing is collected, and what was loaded is never looked through."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from core.loading_for_good import loading_for_good


@pytest.fixture
def collections() -> Iterator[list[str]]:
    """Begun and ended collections."""
    seen: list[str] = []

    def note(phase: str, _info: dict[str, int]) -> None:
        seen.append(phase)

    gc.callbacks.append(note)
    yield seen
    gc.callbacks.remove(note)


def test_nothing_is_collected_meanwhile_and_what_was_loaded_is_spared(collections: list[str]) -> None:
    with loading_for_good():
        loaded = [[number] for number in range(100_000)]
        assert collections == []
    assert gc.get_freeze_count() > len(loaded)
    assert not any(kept is loaded for kept in gc.get_objects())
    assert gc.isenabled()
    others = [[number] for number in range(100_000)]
    assert len(others) == len(loaded)
    assert collections != []


def test_what_fails_to_load_leaves_the_collector_as_it_was() -> None:
    with pytest.raises(OSError, match="gone"), loading_for_good():
        raise OSError("gone")
    assert gc.isenabled()
    gc.disable()
    try:
        with loading_for_good():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
