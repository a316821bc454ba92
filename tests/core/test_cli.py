"""The headless commands: arguments, exit codes, JSON, and every edit on a tiny real checkpoint."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from core import cli, cli_edits, cli_inputs
from core.cli_inputs import BAD_ARGUMENTS, BAD_FILE, DONE, MODEL_PROBLEM, CommandError
from core.edits.job import Cancelled, Job, Progress
from core.scene.scene import Scene
from core.scene.shape import Part, Shape
from core.scene.storage import write_scene

LABELS = ("seat", "back", "leg", "leg")


def make_shape(shape_id: str = "s1", name: str = "Chair 1", **changes: object) -> Shape:
    """Four separate parts; the two legs are mirror twins."""
    extrinsics = np.zeros((4, 16), np.float32)
    extrinsics[:, :3] = [[0, 0, 0], [0, 0.5, -0.4], [0.4, -0.5, 0], [-0.4, -0.5, 0]]
    extrinsics[:, 3:12] = np.eye(3, dtype=np.float32).ravel()
    extrinsics[:, 13:16] = [0.02, 0.01, 0.03]
    intrinsics = np.random.default_rng(3).normal(size=(4, 8)).astype(np.float32)
    parts = [Part(id=number + 1, label=label, name=label) for number, label in enumerate(LABELS)]
    shape = Shape(
        id=shape_id,
        extrinsics=extrinsics,
        intrinsics=intrinsics,
        parts=tuple(parts),
        name=name,
        checkpoint="tiny",
    )
    return replace(shape, **changes)  # type: ignore[arg-type]


@pytest.fixture
def scene_file(tmp_path: Path) -> Path:
    path = tmp_path / "two.partsmith"
    scene = Scene((make_shape(), make_shape("s2", "Stool").with_part(1, locked=True)), prompts=("a stool",))
    write_scene(scene, path)
    return path


def run_json(capsys: pytest.CaptureFixture[str], *argv: object) -> tuple[int, dict[str, Any], str]:
    """Exit code, the one JSON object, and standard error of a command."""
    code = cli.main([*map(str, argv), "--json"])
    printed = capsys.readouterr()
    return code, json.loads(printed.out), printed.err


# --- arguments ------------------------------------------------------------------------------------------


def test_every_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--help"]) == DONE
    overview = capsys.readouterr().out
    for name in cli.COMMANDS:
        assert f"    {name}" in overview
        if name not in ("train", "evaluate"):
            assert cli.main([name, "--help"]) == DONE
            assert name in capsys.readouterr().out


@pytest.mark.parametrize(
    ("argv", "complaint"),
    [
        (["paint"], "invalid choice"),
        (["generate"], "--out"),
        (["generate", "--out", "x.partsmith", "--seed", "-1"], "a seed is"),
        (["generate", "--out", "x.partsmith", "--seed", str(2**32)], "a seed is"),
        (["generate", "--out", "x.partsmith", "--count", "0"], "from 1 to 64"),
        (["vary", "a.partsmith", "--parts", "1", "--out", "b", "--strength", "1.5"], "from 0"),
        (["vary", "a.partsmith", "--parts", "1", "--out", "b", "--strength", "nan"], "from 0"),
        (["export", "a.partsmith", "--out", "b.glb", "--resolution", "100"], "invalid choice"),
        (["edit", "a.partsmith", "--parts", "1", "--out", "b"], "--text"),
        (["train", "everything"], "representation,latents,cascade,matcher,package"),
    ],
)
def test_bad_arguments_are_explained(
    argv: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(argv) == BAD_ARGUMENTS
    assert complaint in capsys.readouterr().err


@pytest.mark.parametrize(
    ("wanted", "twins", "found"),
    [
        ("1", False, (1,)),
        ("3", True, (3, 4)),
        ("3", False, (3,)),
        ("leg", False, (3, 4)),
        ("Back, 1", False, (1, 2)),
        ("all", False, (1, 2, 3, 4)),
        ("2,2", True, (2,)),
    ],
)
def test_parts_are_found_by_id_and_name(wanted: str, twins: bool, found: tuple[int, ...]) -> None:
    assert cli_inputs.find_parts(make_shape(), wanted, twins=twins) == found


def test_a_renamed_part_is_found_by_both_words() -> None:
    shape = make_shape().with_part(2, name="Lean on me")
    assert cli_inputs.find_parts(shape, "lean on me") == cli_inputs.find_parts(shape, "back") == (2,)


@pytest.mark.parametrize("wanted", ["9", "wing", "", " , "])
def test_unknown_parts_are_refused_with_what_there_is(wanted: str) -> None:
    with pytest.raises(CommandError) as caught:
        cli_inputs.find_parts(make_shape(), wanted)
    assert caught.value.code == BAD_ARGUMENTS
    assert "--parts" in str(caught.value)


def test_shapes_are_found_by_id_name_or_alone() -> None:
    one, two = make_shape(), make_shape("s2", "Stool")
    assert cli_inputs.find_shape(Scene((one,)), None) is one
    assert cli_inputs.find_shape(Scene((one, two)), "s2") is two
    assert cli_inputs.find_shape(Scene((one, two)), "stool") is two
    for wanted in (None, "s3"):
        with pytest.raises(CommandError, match=r"s1 \(Chair 1\), s2 \(Stool\)"):
            cli_inputs.find_shape(Scene((one, two)), wanted)
    with pytest.raises(CommandError, match="2 shapes are called"):
        cli_inputs.find_shape(Scene((one, make_shape("s2"))), "Chair 1")
    with pytest.raises(CommandError, match="generate"):
        cli_inputs.find_shape(Scene(), None)


def test_output_names_are_checked_before_any_work(tmp_path: Path) -> None:
    assert cli_inputs.check_output(tmp_path / "new" / "scene").name == "scene.partsmith"
    assert (tmp_path / "new").is_dir()
    with pytest.raises(CommandError, match=r"must end in \.partsmith"):
        cli_inputs.check_output(tmp_path / "scene.glb")
    with pytest.raises(CommandError, match="folder"):
        cli_inputs.check_output(tmp_path, None)


# --- files ----------------------------------------------------------------------------------------------


def test_info_lists_shapes_and_parts(scene_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found, _ = run_json(capsys, "info", scene_file)
    assert code == DONE
    assert [shape["id"] for shape in found["shapes"]] == ["s1", "s2"]
    assert [part["label"] for part in found["shapes"][0]["parts"]] == list(LABELS)
    assert found["shapes"][1]["parts"][0]["locked"] is True
    assert found["prompts"] == ["a stool"]
    assert cli.main(["info", str(scene_file)]) == DONE
    text = capsys.readouterr().out
    assert "Stool" in text
    assert "locked" in text


def test_validate_accepts_a_scene(scene_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found, _ = run_json(capsys, "validate", scene_file)
    assert (code, found["valid"], found["shapes"], found["parts"]) == (DONE, True, 2, 8)


@pytest.mark.parametrize("command", ["info", "validate"])
def test_bad_files_end_with_3_and_one_line(
    command: str, tmp_path: Path, scene_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damaged = tmp_path / "damaged.partsmith"
    damaged.write_bytes(scene_file.read_bytes()[:-200])
    for path in (damaged, tmp_path / "absent.partsmith"):
        code, found, complaint = run_json(capsys, command, path)
        assert code == found["code"] == BAD_FILE
        assert found["error"] in complaint
        assert complaint.count("\n") == 1


def test_locked_and_unknown_parts_are_refused_without_a_model(
    scene_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_engine(_: object) -> None:
        pytest.fail("the model was loaded for arguments that cannot work")

    monkeypatch.setattr(cli_edits, "load_engine", no_engine)
    out = tmp_path / "out.partsmith"
    for parts, complaint in (("seat", "locked"), ("wing", "wing")):
        code, found, _ = run_json(
            capsys, "complete", scene_file, "--shape", "s2", "--parts", parts, "--out", out
        )
        assert code == BAD_ARGUMENTS
        assert complaint in found["error"]
    assert not out.exists()


def test_a_missing_checkpoint_is_a_model_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.partsmith"
    code, found, _ = run_json(capsys, "generate", "--checkpoint", tmp_path / "absent", "--out", out)
    assert code == MODEL_PROBLEM
    assert "absent" in found["error"]
    assert not out.exists()


def test_contact_sheet_of_the_corpus(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "sheet.png"
    argv = ["contact-sheet", "--count", 3, "--columns", 2, "--size", 24, "--seed", 4, "--out", out]
    code, found, _ = run_json(capsys, *argv)
    assert (code, found["count"]) == (DONE, 3)
    with Image.open(out) as image:
        pixels = np.asarray(image.convert("RGB"))
    assert min(pixels.shape[:2]) >= 48
    assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 50


def test_verify_reference_needs_its_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["verify-reference", str(tmp_path / "absent")]) == BAD_FILE
    assert "absent" in capsys.readouterr().err


# --- progress and Ctrl-C --------------------------------------------------------------------------------


class Terminal(io.StringIO):
    """Text that claims to be a terminal."""

    def isatty(self) -> bool:
        return True


def test_progress_is_one_line_on_a_terminal_only() -> None:
    terminal, file = Terminal(), io.StringIO()
    for stream in (terminal, file):
        line = cli_inputs.ProgressLine(stream)
        line(Progress("sample", 3, 10, 0.3))
        line(Progress("mesh", 10, 10, 1.0))
        line.clear()
    assert file.getvalue() == ""
    assert "sample 3/10" in terminal.getvalue()
    assert "100%" in terminal.getvalue()
    assert "\n" not in terminal.getvalue()
    assert terminal.getvalue().endswith("\r")
    quiet = Terminal()
    cli_inputs.ProgressLine(quiet, quiet=True)(Progress("mesh", 1, 1, 1.0))
    assert quiet.getvalue() == ""


def test_interrupt_cancels_the_job_and_gives_the_signal_back() -> None:
    before = signal.getsignal(signal.SIGINT)
    job = Job()
    with cli_edits.stoppable(job):
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(Cancelled):
            for step in range(10**6):
                job.step("sample", step, 10**6)
        assert signal.getsignal(signal.SIGINT) is before
    assert signal.getsignal(signal.SIGINT) is before


def test_a_reader_that_leaves_early_is_no_error() -> None:
    command = [sys.executable, "main.py", "info", "resources/scenes/chairs.partsmith"]
    root = Path(cli.__file__).parents[1]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(120) == 0
