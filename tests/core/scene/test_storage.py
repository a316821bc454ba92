"""Scene files: bit-exact round trips, the same bytes every time, saves that never lose the old file."""

from __future__ import annotations

import errno
import json
import os
import stat
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from PIL import Image

from core.scene import replacing, storage
from core.scene.replacing import backup_path
from core.scene.scene import Scene
from core.scene.shape import Part, Shape
from core.scene.storage import (
    FORMAT_VERSION,
    MIGRATIONS,
    SceneFileError,
    migrate,
    read_scene,
    read_thumbnail,
    write_scene,
)
from tests.core.scene.strategies import any_scenes, make_shape, random_extrinsics

GOLDEN = Path(__file__).resolve().parents[2] / "data" / "scene_v1.partsmith"
GOLDEN_GROUPS = GOLDEN.with_name("scene_v1_groups.partsmith")


def golden_scene() -> Scene:
    """What ``tests/data/scene_v1.partsmith`` holds, spelled out."""
    extrinsics = np.zeros((2, 16), np.float32)
    extrinsics[0] = [0.25, -0.5, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, -1.5, 0.125, 0.0625, 0.03125]
    extrinsics[1] = [-0.25, -0.5, -0.0, -1, 0, 0, 0, 0, 1, 0, 1, 0, 0.75, 2**-10, 2**-11, 1e-4]
    intrinsics = (np.arange(6, dtype=np.float32).reshape(2, 3) - 2.5) / 64
    chair = Shape(
        "s1",
        extrinsics,
        intrinsics,
        (
            Part(0, "leg", "left leg", 3, True, False, "generate seed 7"),
            Part(7, "leg", "hind leg, \u00e9toil\u00e9", 11, False, True, "complete seed 8"),
        ),
        name="Chair \U0001fa91",
        checkpoint="chair-v1",
        position=(0.1, -2.0, 1e-300),
        origin="generate seed 7",
        extra={"x-tags": ["oak", None, 1.5], "part_fields": {"7": {"x-note": "from a later version"}}},
    )
    stool = Shape(
        "s2-b", np.zeros((0, 16)), np.zeros((0, 3)), (), name="Empty", checkpoint="chair-v1", visible=False
    )
    return Scene((chair, stool), ("a stool", "thin legs"), {"x-camera": {"azimuth": 35.0, "up": [0, 1, 0]}})


def assert_same(first: Scene, second: Scene) -> None:
    assert (first.prompts, first.extra) == (second.prompts, second.extra)
    assert len(first) == len(second)
    for one, other in zip(first, second, strict=True):
        assert one.extrinsics.tobytes() == other.extrinsics.tobytes()
        assert one.intrinsics.tobytes() == other.intrinsics.tobytes()
        assert one.extrinsics.shape == other.extrinsics.shape
        assert one.intrinsics.shape == other.intrinsics.shape
        assert one.parts == other.parts
        for name in ("id", "name", "checkpoint", "position", "visible", "origin", "extra"):
            assert getattr(one, name) == getattr(other, name)
        assert not other.extrinsics.flags.writeable


def names_in(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def small_scene(seed: int = 0) -> Scene:
    rng = np.random.default_rng(seed)
    return Scene((make_shape(random_extrinsics(rng, 3), rng),), (f"prompt {seed}",))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(any_scenes())
def test_round_trip_of_any_scene(tmp_path: Path, scene: Scene) -> None:
    path = tmp_path / "scene.partsmith"
    write_scene(scene, path)
    again = read_scene(path)
    assert_same(scene, again)
    written = path.read_bytes()
    write_scene(again, path)
    assert path.read_bytes() == written
    assert names_in(tmp_path) == ["scene.partsmith", "scene.partsmith~"]


def test_the_golden_file_of_format_1_opens_and_is_written_again_byte_for_byte(tmp_path: Path) -> None:
    scene = read_scene(GOLDEN)
    assert_same(golden_scene(), scene)
    assert FORMAT_VERSION == 1
    write_scene(scene, tmp_path / "again.partsmith")
    assert (tmp_path / "again.partsmith").read_bytes() == GOLDEN.read_bytes()


def test_the_golden_file_with_groups_opens_and_is_written_again_byte_for_byte(tmp_path: Path) -> None:
    scene = golden_scene()
    grouped = scene.with_shape(scene.shape("s1").with_part(7, group="gauche / \u00e9toil\u00e9"))
    again = read_scene(GOLDEN_GROUPS)
    assert_same(grouped, again)
    write_scene(again, tmp_path / "again.partsmith")
    assert (tmp_path / "again.partsmith").read_bytes() == GOLDEN_GROUPS.read_bytes()


def test_the_bytes_depend_on_nothing_but_the_scene(tmp_path: Path) -> None:
    scene = small_scene()
    extra = {"b": 1, "a": {"d": 2, "c": 3}}
    backwards = {"a": {"c": 3, "d": 2}, "b": 1}
    write_scene(replace(scene, extra=extra), tmp_path / "one.partsmith")
    time.sleep(0.01)
    write_scene(replace(scene, extra=backwards), tmp_path / "two.partsmith")
    assert (tmp_path / "one.partsmith").read_bytes() == (tmp_path / "two.partsmith").read_bytes()


def test_files_packed_by_other_tools_open_too(tmp_path: Path) -> None:
    path, packed = tmp_path / "a.partsmith", tmp_path / "b.partsmith"
    write_scene(small_scene(), path)
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("notes/readme.txt", "an entry of somebody else")
        for name in reversed(source.namelist()):
            target.writestr(name, source.read(name))
    assert_same(small_scene(), read_scene(packed))


@pytest.mark.parametrize("channels", [3, 4])
def test_the_thumbnail_is_a_png_other_programs_read(tmp_path: Path, channels: int) -> None:
    path = tmp_path / "scene.partsmith"
    image = np.random.default_rng(0).integers(0, 256, (5, 7, channels), np.uint8)
    write_scene(small_scene(), path, thumbnail=image)
    data = read_thumbnail(path)
    assert data is not None
    (tmp_path / "thumbnail.png").write_bytes(data)
    with Image.open(tmp_path / "thumbnail.png") as opened:
        np.testing.assert_array_equal(np.asarray(opened), image)
    assert_same(small_scene(), read_scene(path))
    write_scene(small_scene(), path)
    assert read_thumbnail(path) is None


@pytest.mark.parametrize(
    "image", [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3)), np.zeros((0, 4, 3), np.uint8)]
)
def test_other_thumbnails_are_refused(tmp_path: Path, image: np.ndarray) -> None:
    with pytest.raises(SceneFileError, match="thumbnail"):
        write_scene(small_scene(), tmp_path / "scene.partsmith", thumbnail=image)
    assert not list(tmp_path.iterdir())


def test_fields_of_a_deleted_part_go_with_it(tmp_path: Path) -> None:
    scene = golden_scene()
    write_scene(scene.with_shape(scene.shape("s1").subset([0])), tmp_path / "scene.partsmith")
    assert read_scene(tmp_path / "scene.partsmith").shape("s1").extra == {"x-tags": ["oak", None, 1.5]}


def test_unknown_fields_never_override_known_ones(tmp_path: Path) -> None:
    scene = golden_scene()
    shape = replace(scene.shapes[0], extra={"name": "wrong", "parts": [], "part_fields": {"0": {"id": 9}}})
    write_scene(Scene((shape,), (), {"version": 99, "shapes": 0}), tmp_path / "scene.partsmith")
    again = read_scene(tmp_path / "scene.partsmith")
    assert again.shapes[0].name == scene.shapes[0].name
    assert again.shapes[0].parts == scene.shapes[0].parts
    assert again.extra == {}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": "a/b"}, "id"),
        ({"id": ""}, "id"),
        ({"name": "x" * 10_001}, "longer"),
        ({"position": (0.0, float("nan"), 0.0)}, "position"),
        ({"extra": {"x": object()}}, "JSON"),
        ({"extra": {"x": float("inf")}}, "JSON"),
        ({"extra": {"x": [[[]]] * 2, "y": json.loads("[" * 40 + "]" * 40)}}, "nested"),
        ({"parts": (Part(-1), Part(1), Part(2))}, "id or slot"),
    ],
)
def test_what_a_file_cannot_hold_is_refused_before_writing(
    tmp_path: Path, change: dict[str, object], words: str
) -> None:
    shape = replace(small_scene().shapes[0], **change)
    with pytest.raises(SceneFileError, match=words) as caught:
        write_scene(Scene((shape,)), tmp_path / "scene.partsmith")
    assert "Cannot save scene.partsmith" in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_migrations_run_one_after_the_other() -> None:
    steps = (
        lambda document: {**document, "path": [*document["path"], "1 to 2"]},
        lambda document: {**document, "path": [*document["path"], "2 to 3"]},
    )
    assert migrate({"version": 1, "path": []}, steps) == {"version": 3, "path": ["1 to 2", "2 to 3"]}
    assert migrate({"version": 2, "path": []}, steps) == {"version": 3, "path": ["2 to 3"]}
    assert migrate({"version": 3, "path": []}, steps) == {"version": 3, "path": []}
    with pytest.raises(SceneFileError, match="newer"):
        migrate({"version": 4}, steps)
    for version in (0, -1, True, "1", None, 1.0):
        with pytest.raises(SceneFileError, match="version"):
            migrate({"version": version}, steps)
    assert len(MIGRATIONS) == FORMAT_VERSION - 1


# Saving


def failing(step: str) -> object:
    real = {"fsync": os.fsync, "replace": os.replace, "chmod": os.chmod}[step]

    def fail(*arguments: object, **options: object) -> object:
        if step != "fsync" or not stat.S_ISDIR(os.fstat(arguments[0]).st_mode):  # type: ignore[call-overload]
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(*arguments, **options)  # type: ignore[operator]

    return fail


@pytest.mark.parametrize("step", ["fsync", "replace", "chmod"])
def test_a_failing_save_leaves_the_old_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "scene.partsmith"
    write_scene(small_scene(1), path)
    before = path.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(replacing.os, step, failing(step))
        with pytest.raises(SceneFileError, match=r"disk is full.*untouched"):
            write_scene(small_scene(2), path)
    assert path.read_bytes() == before
    assert names_in(tmp_path) == ["scene.partsmith"]
    write_scene(small_scene(2), path)
    assert_same(small_scene(2), read_scene(path))


@pytest.mark.parametrize("damage", ["short", "flipped"])
def test_what_does_not_read_back_is_not_put_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    """A disk that says it wrote and did not."""
    path = tmp_path / "scene.partsmith"
    write_scene(small_scene(1), path)
    before = path.read_bytes()
    real = os.fsync

    def lying(descriptor: int) -> None:
        real(descriptor)
        if damage == "short":
            os.ftruncate(descriptor, 100)
        else:
            os.pwrite(descriptor, b"\xff\x00\xff", 700)

    with monkeypatch.context() as patch:
        patch.setattr(replacing.os, "fsync", lying)
        with pytest.raises(SceneFileError, match="did not read back"):
            write_scene(small_scene(2), path)
    assert path.read_bytes() == before
    assert names_in(tmp_path) == ["scene.partsmith"]


def test_the_order_is_write_sync_verify_backup_replace_sync_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_scene(small_scene(1), tmp_path / "scene.partsmith")
    calls: list[str] = []
    fsync, replace_, read = os.fsync, os.replace, storage.read_archive

    def note_fsync(descriptor: int) -> None:
        calls.append("sync folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "sync file")
        fsync(descriptor)

    def note_replace(source: object, target: object) -> None:
        calls.append("backup" if str(target).endswith("~") else "replace")
        replace_(source, target)  # type: ignore[arg-type]

    def note_read(*arguments: object) -> object:
        calls.append("verify")
        return read(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(replacing.os, "fsync", note_fsync)
    monkeypatch.setattr(replacing.os, "replace", note_replace)
    monkeypatch.setattr(storage, "read_archive", note_read)
    write_scene(small_scene(), tmp_path / "scene.partsmith")
    assert calls == ["sync file", "verify", "backup", "replace", "sync folder"]
    assert_same(small_scene(1), read_scene(tmp_path / "scene.partsmith~"))


def test_a_folder_that_cannot_be_synced_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fsync

    def fsync(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        real(descriptor)

    monkeypatch.setattr(replacing.os, "fsync", fsync)
    write_scene(small_scene(), tmp_path / "scene.partsmith")
    assert_same(small_scene(), read_scene(tmp_path / "scene.partsmith"))


def test_permissions_are_kept_and_links_followed(tmp_path: Path) -> None:
    path, link = tmp_path / "scene.partsmith", tmp_path / "link.partsmith"
    write_scene(small_scene(1), path)
    path.chmod(0o640)
    link.symlink_to(path)
    write_scene(small_scene(2), link)
    assert link.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert_same(small_scene(2), read_scene(path))


def test_places_that_cannot_be_written_are_named(tmp_path: Path) -> None:
    with pytest.raises(SceneFileError, match="does not exist"):
        write_scene(small_scene(), tmp_path / "nowhere" / "scene.partsmith")
    (tmp_path / "folder.partsmith").mkdir()
    with pytest.raises(SceneFileError, match="a folder has that name"):
        write_scene(small_scene(), tmp_path / "folder.partsmith")
    write_scene(small_scene(), tmp_path / "kept.partsmith")
    (tmp_path / "kept.partsmith").chmod(0o444)
    with pytest.raises(SceneFileError, match="write-protected"):
        write_scene(small_scene(1), tmp_path / "kept.partsmith")


@pytest.mark.parametrize("why", [errno.EPERM, errno.EOPNOTSUPP])
def test_without_hard_links_the_backup_is_a_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, why: int
) -> None:
    def link(*_: object) -> None:
        raise OSError(why, os.strerror(why))

    monkeypatch.setattr(replacing.os, "link", link)
    path = tmp_path / "scene.partsmith"
    for seed in (1, 2, 3):
        write_scene(small_scene(seed), path)
    assert_same(small_scene(3), read_scene(path))
    assert_same(small_scene(2), read_scene(backup_path(path)))
    assert names_in(tmp_path) == ["scene.partsmith", "scene.partsmith~"]


SAVE_ON_FULL_DISK = """
import resource, sys
from core.scene.storage import SceneFileError, write_scene
from tests.core.scene.test_storage import small_scene
resource.setrlimit(resource.RLIMIT_FSIZE, (600, 600))
try:
    write_scene(small_scene(2), sys.argv[1])
except SceneFileError as error:
    print("refused:", error)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="uses POSIX signals and limits")
def test_a_write_that_fails_part_way_leaves_the_old_file(tmp_path: Path, root: Path) -> None:
    """A real limit of 600 bytes on the size of files."""
    path = tmp_path / "scene.partsmith"
    write_scene(small_scene(1), path)
    done = subprocess.run(
        [sys.executable, "-c", SAVE_ON_FULL_DISK, str(path)],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("refused: Cannot save scene.partsmith:")
    assert_same(small_scene(1), read_scene(path))
    assert names_in(tmp_path) == ["scene.partsmith"]
