"""The recipe in the Makefile: every command of `make train` is one that its stage takes."""

from __future__ import annotations

import argparse
import importlib
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from core.cli_parser import STAGES

ROOT = Path(__file__).parents[3]


class Parsed(Exception):
    """Stops a stage once it has understood its arguments."""


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
@pytest.mark.parametrize("category", ["chairs", "tables", "airplanes"])
def test_stages_take_the_arguments_of_the_recipe(category: str, monkeypatch: pytest.MonkeyPatch) -> None:
    printed = subprocess.run(
        ["make", "-n", "train", f"CATEGORY={category}"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    commands = [shlex.split(line) for line in printed.splitlines() if "main.py train" in line]
    understand = argparse.ArgumentParser.parse_args

    def stop(self: argparse.ArgumentParser, argv: Sequence[str] | None = None) -> None:
        understand(self, argv)
        raise Parsed

    monkeypatch.setattr(argparse.ArgumentParser, "parse_args", stop)
    trained = []
    for command in commands:
        stage, *arguments = command[command.index("train") + 1 :]
        with pytest.raises(Parsed):
            importlib.import_module(f"core.training.{stage}").main(arguments)
        trained.append(stage)
    assert set(trained) >= set(STAGES) - {"matcher"}
    assert trained[-1] == "package"
