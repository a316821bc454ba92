"""Every headless edit, run on a tiny real checkpoint."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from core import cli, cli_inputs
from core.cli_inputs import BAD_ARGUMENTS, BAD_FILE, DONE, INTERRUPTED, MODEL_PROBLEM
from core.edits.blending import blend_parts
from core.edits.job import Progress
from core.scene.shape import Shape
from core.scene.storage import read_scene


def run_json(capsys: pytest.CaptureFixture[str], *argv: object) -> tuple[int, dict[str, Any], str]:
    """Exit code, the one JSON object, and standard error of a command."""
    code = cli.main([*map(str, argv), "--json"])
    printed = capsys.readouterr()
    return code, json.loads(printed.out), printed.err


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.tiny import make_tiny_checkpoint

    folder = tmp_path_factory.mktemp("tiny")
    make_tiny_checkpoint(folder)
    return folder


@pytest.fixture(scope="module")
def chairs(checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scene of two generated shapes."""
    out = tmp_path_factory.mktemp("chairs") / "chairs.partsmith"
    argv = ["generate", "--checkpoint", str(checkpoint), "--count", "2", "--seed", "5", "--steps", "3"]
    assert cli.main([*argv, "--device", "cpu", "--out", str(out)]) == DONE
    return out


def fast(checkpoint: Path, out: Path) -> list[object]:
    """Options of a quick edit."""
    return ["--checkpoint", checkpoint, "--device", "cpu", "--steps", "3", "--out", out]


def assert_only_changed(before: Shape, after: Shape, changed: set[int]) -> None:
    """Everything but the parts `changed` is the same to the last bit."""
    for part_id in set(before.part_ids) - changed:
        old, new = before.row(part_id), after.row(part_id)
        assert before.extrinsics[old].tobytes() == after.extrinsics[new].tobytes()
        assert before.intrinsics[old].tobytes() == after.intrinsics[new].tobytes()
        assert before.parts[old] == after.parts[new]


def test_generate_puts_shapes_side_by_side(
    chairs: Path, checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scene = read_scene(chairs)
    assert [shape.id for shape in scene] == ["s1", "s2"]
    assert scene.shapes[1].position[0] - scene.shapes[0].position[0] >= 2.0
    again = tmp_path / "again.partsmith"
    code, found, _ = run_json(
        capsys, "generate", "--seed", 5, "--count", 2, "--text", "a stool", *fast(checkpoint, again)
    )
    assert code == DONE
    assert found["seed"] == 5
    assert read_scene(again).prompts == ("a stool",)
    unguided = tmp_path / "unguided.partsmith"
    run_json(capsys, "generate", "--seed", 5, "--count", 2, *fast(checkpoint, unguided))
    for one, other in zip(read_scene(unguided), scene, strict=True):
        assert one.extrinsics.tobytes() == other.extrinsics.tobytes()


@pytest.mark.parametrize(
    "command",
    [
        ["complete"],
        ["vary", "--strength", "0.4"],
        ["refine", "--strength", "0.2"],
        ["edit", "--text", "a chair with wheels"],
    ],
    ids=lambda command: command[0],
)
def test_edits_leave_other_parts_bit_exact(
    command: list[str], chairs: Path, checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = read_scene(chairs).shapes[0]
    chosen = base.part_ids[1]
    out = tmp_path / "out.partsmith"
    argv = [command[0], chairs, *command[1:], "--shape", base.id, "--parts", chosen, "--no-twins"]
    code, found, _ = run_json(capsys, *argv, "--seed", 1, *fast(checkpoint, out))
    assert code == DONE, found
    scene = read_scene(out)
    after = scene.shape(base.id)
    assert_only_changed(base, after, {chosen})
    assert after.intrinsics.tobytes() != base.intrinsics.tobytes()
    assert after.name == base.name
    assert_only_changed(read_scene(chairs).shapes[1], scene.shapes[1], set())


def test_a_text_edit_finds_its_parts_in_the_words(
    chairs: Path, checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = read_scene(chairs).shapes[0]
    label = base.parts[0].label
    out = tmp_path / "out.partsmith"
    argv = ["edit", chairs, "--shape", base.id, "--text"]
    code, found, _ = run_json(capsys, *argv, f"another {label}", *fast(checkpoint, out))
    assert code == DONE, found
    after = read_scene(out).shape(base.id)
    assert_only_changed(base, after, {part.id for part in base.parts if part.label == label})
    code, found, _ = run_json(capsys, *argv, "something nice", *fast(checkpoint, out))
    assert code == BAD_ARGUMENTS
    assert "names no part" in str(found["error"])


def test_mix_takes_the_parts_and_keeps_the_rest(
    chairs: Path, checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base, source = read_scene(chairs).shapes
    take, drop = source.part_ids[:2], base.part_ids[:1]
    out = tmp_path / "mixed.partsmith"
    code, found, _ = run_json(
        capsys,
        *["mix", chairs, chairs, "--into", base.id, "--from", source.id, "--strength", 0],
        *["--take", ",".join(map(str, take)), "--drop", drop[0]],
        *fast(checkpoint, out),
    )
    assert code == DONE, found
    mixed = read_scene(out).shape(base.id)
    assert len(mixed.parts) == len(base.parts) - len(drop) + len(take)
    kept = base.subset(set(base.part_ids) - set(drop))
    assert_only_changed(kept, mixed, set())
    rows = {row.tobytes() for row in mixed.intrinsics}
    assert {source.intrinsics[source.row(part_id)].tobytes() for part_id in take} <= rows
    assert (found["taken"], found["dropped"]) == (list(take), list(drop))


def test_blend_needs_no_model(chairs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "between.partsmith"
    argv = ["blend", chairs, "--shape", "s1", "--with", "s2", "--amount", 0.4, "--out", out]
    code, found, _ = run_json(capsys, *argv, "--parts", 0, "--no-twins")
    assert code == DONE
    (first, second), (after, other) = read_scene(chairs), read_scene(out)
    assert after.latent_hash == blend_parts(first, second, 0.4, [0]).latent_hash
    assert_only_changed(first, after, {0})
    assert_only_changed(second, other, set())
    assert [shape["id"] for shape in found["shapes"]] == ["s1"]
    assert run_json(capsys, *argv, "--parts", "wheel")[0] == BAD_ARGUMENTS


def test_further_candidates_stand_beside_the_first(
    chairs: Path, checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "three.partsmith"
    code, found, _ = run_json(
        capsys, "vary", chairs, "--shape", "s1", "--parts", "all", "--count", 3, *fast(checkpoint, out)
    )
    assert code == DONE, found
    scene = read_scene(out)
    assert [shape.id for shape in scene] == ["s1", "s2", "s3", "s4"]
    assert len({shape.position for shape in scene}) == 4
    assert len(found["shapes"]) == 3


def test_export_render_and_back_in(
    chairs: Path, checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = ["--checkpoint", checkpoint, "--device", "cpu"]
    mesh = tmp_path / "chair.glb"
    code, found, _ = run_json(
        capsys, "export", chairs, "--shapes", "s1", "--resolution", 32, "--out", mesh, *model
    )
    assert code == DONE, found
    assert mesh.stat().st_size > 0
    assert found["faces"] > 0
    code, found, _ = run_json(
        capsys, "export", chairs, "--format", "stl", "--out", mesh, "--resolution", 32, *model
    )
    assert code == BAD_ARGUMENTS
    assert ".stl" in found["error"]

    picture = tmp_path / "chair.png"
    size = ["--width", 96, "--height", 64, "--resolution", 32]
    code, found, _ = run_json(capsys, "render", chairs, "--out", picture, *size, *model)
    assert code == DONE, found
    from PIL import Image

    with Image.open(picture) as image:
        assert image.size == (96, 64)
        assert len(image.getcolors(96 * 64)) > 20

    turned = tmp_path / "chair.gif"
    size = ["--size", 48, "--frames", 3, "--seconds", 0.6, "--resolution", 32]
    code, found, _ = run_json(capsys, "turntable", chairs, "--shape", "s1", "--out", turned, *size, *model)
    assert code == DONE, found
    assert (found["frames"], found["shapes"], found["bytes"]) == (3, ["s1"], turned.stat().st_size)
    with Image.open(turned) as image:
        assert (image.size, image.n_frames, image.info["duration"]) == ((48, 48), 3, 200)
    code, found, _ = run_json(capsys, "turntable", chairs, "--out", turned.with_suffix(".mp4"), *size, *model)
    assert code == DONE, found
    import av

    with av.open(found["out"]) as video:
        pictures = [frame.to_ndarray(format="rgb24") for frame in video.decode(video=0)]
    assert [picture.shape for picture in pictures] == [(48, 48, 3)] * 3
    assert all(picture.std() > 10 for picture in pictures), "no shape"

    out = tmp_path / "encoded.partsmith"
    code, found, _ = run_json(capsys, "encode", mesh, "--name", "Found", "--out", out, *model)
    assert code == DONE, found
    assert [shape.name for shape in read_scene(out)] == ["Found"]
    (tmp_path / "broken.obj").write_text("this is no mesh", encoding="utf-8")
    code, _, _ = run_json(capsys, "encode", tmp_path / "broken.obj", "--out", out, *model)
    assert code == BAD_FILE


def test_validate_reads_a_whole_checkpoint(checkpoint: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found, _ = run_json(capsys, "validate", checkpoint)
    assert (code, found["kind"]) == (DONE, "checkpoint")


def test_interrupted_edits_write_nothing(
    chairs: Path,
    checkpoint: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def press_ctrl_c(self: cli_inputs.ProgressLine, progress: Progress) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(cli_inputs.ProgressLine, "__call__", press_ctrl_c)
    out = tmp_path / "out.partsmith"
    code, found, _ = run_json(capsys, "generate", *fast(checkpoint, out))
    assert code == INTERRUPTED
    assert "nothing was written" in found["error"]
    assert not out.exists()


def test_encode_places_fits_and_reports_the_agreement(
    checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import trimesh

    mesh = tmp_path / "stool.stl"
    trimesh.creation.box((40.0, 30.0, 50.0)).export(mesh)
    out = tmp_path / "out.partsmith"
    argv = ["encode", mesh, "--checkpoint", checkpoint, "--device", "cpu", "--out", out]
    placed = ["--up", "+z", "--front=-y", "--unit", "0.02"]
    code, found, _ = run_json(capsys, *argv, *placed, "--fit", "--fit-steps", 5)
    assert code == DONE, found
    assert set(found["before"]) == set(found["agreement"]) == {"iou", "chamfer", "f_score"}
    original = read_scene(out).shapes[0].original
    assert original is not None
    assert (original.placement.up, original.placement.front, original.unit) == ("+z", "-y", 0.02)
    back = tmp_path / "back.stl"
    code, found, _ = run_json(
        capsys, "export", out, "--checkpoint", checkpoint, "--device", "cpu", "--keep-original",
        "--original-frame", "--resolution", 32, "--out", back,
    )  # fmt: skip
    assert code == DONE, found
    assert sorted(trimesh.load(back, force="mesh").extents) == pytest.approx([30.0, 40.0, 50.0], rel=1e-4)
    for wrong in (["--up", "+z"], ["--up", "+z", "--front=-z"]):
        code, found, _ = run_json(capsys, *argv, *wrong)
        assert code == cli_inputs.BAD_ARGUMENTS, found
    code, found, _ = run_json(capsys, *argv, "--no-scale")
    assert code == BAD_FILE
    assert "does not fit" in found["error"]


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--frames", 1], BAD_ARGUMENTS, "2 to 240 frames"),
        (["--frames", 200, "--seconds", 1], BAD_ARGUMENTS, "more seconds"),
        (["--seconds", "nan"], BAD_ARGUMENTS, "more seconds"),
        (["--shape", "s9"], BAD_ARGUMENTS, "s1"),
        (["--out", "turn.png"], BAD_ARGUMENTS, ".gif or .mp4"),
        (["--checkpoint", "nowhere"], MODEL_PROBLEM, "nowhere"),
    ],
)
def test_a_turntable_that_cannot_be_made_says_why(
    chairs: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    options: list[object],
    code: int,
    words: str,
) -> None:
    out = tmp_path / "turn.gif"
    found_code, found, err = run_json(capsys, "turntable", chairs, "--out", out, *options)
    assert found_code == found["code"] == code
    assert words in found["error"]
    assert found["error"] in err
    assert not out.exists()
