"""What several files of tests compare with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.core.training.boxes import write_boxes
from tests.core.training.tiny_run import command, start


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A training that nobody disturbed, beside the folder of meshes it learned from."""
    root = tmp_path_factory.mktemp("training")
    process = start(command(write_boxes(root / "meshes"), root / "whole"))
    process.join()
    assert process.exitcode == 0
    return root / "whole"
