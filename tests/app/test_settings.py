"""Settings: remembered, bounded, and never in the way of starting."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.settings import FILE_NAME, FOLDER_VARIABLE, Settings, config_folder, from_text, to_text

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def test_settings_come_back(tmp_path: Path) -> None:
    before = Settings.load(tmp_path)
    before.theme, before.device, before.twins, before.antialiasing = "light", "cpu", False, "off"
    before.parameters = {"count": 4, "strengths": {"vary": 0.2}}
    before.add_recent_file(tmp_path / "a.partsmith")
    assert before.save()
    after = Settings.load(tmp_path)
    assert after == before
    assert json.loads((tmp_path / FILE_NAME).read_text())["version"] == 1


def test_the_folder_can_be_named_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "here"))
    assert config_folder() == tmp_path / "here"
    assert Settings.load().save()
    assert (tmp_path / "here" / FILE_NAME).exists()


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff\xfe", b"null", b"[" * 100_000])
def test_a_bad_file_is_set_aside(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / FILE_NAME
    path.write_bytes(content)
    loaded = Settings.load(tmp_path)
    assert loaded == Settings(path=path)
    assert path.with_name(FILE_NAME + ".bad").read_bytes() == content
    assert loaded.save()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.dictionaries(st.sampled_from([*Settings().__dict__, "version", "newer"]), json_values))
def test_no_json_object_keeps_the_program_from_starting(tmp_path: Path, values: dict[str, object]) -> None:
    (tmp_path / FILE_NAME).write_text(json.dumps(values))
    loaded = Settings.load(tmp_path)
    assert loaded.theme in ("dark", "light")
    assert all(isinstance(name, str) for name in loaded.recent_files)
    assert isinstance(loaded.twins, bool)
    assert loaded.path == tmp_path / FILE_NAME
    assert loaded.save()


def test_fields_of_a_newer_version_are_kept(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text('{"version": 9, "theme": "light", "gestures": {"pinch": 2}}')
    loaded = Settings.load(tmp_path)
    assert loaded.theme == "light"
    assert loaded.save()
    assert json.loads((tmp_path / FILE_NAME).read_text())["gestures"] == {"pinch": 2}


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("not a folder")
    assert not Settings.load(blocker).save()
    assert not Settings().save()


def test_recent_files_are_unique_newest_first_and_bounded(tmp_path: Path) -> None:
    remembered = Settings()
    for number in (*range(12), 5):
        remembered.add_recent_file(tmp_path / f"{number}.partsmith")
    names = [Path(name).stem for name in remembered.recent_files]
    assert names == ["5", "11", "10", "9", "8", "7", "6", "4", "3", "2"]
    remembered.forget_recent_file(tmp_path / "5.partsmith")
    assert Path(remembered.recent_files[0]).stem == "11"


def test_window_state_as_text() -> None:
    assert to_text(from_text("AAEC")) == "AAEC"
    assert from_text("no base64 !").isEmpty()
