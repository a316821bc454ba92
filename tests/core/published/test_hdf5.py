"""Published HDF5 files: what they hold comes back exactly, everything that is not plain is refused."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest
from safetensors.numpy import load_file

from core.published import quarantine
from core.published.hdf5_files import copy_shapes, read_statistics
from core.published.plain_pickle import RefusedFileError
from tests.published import save_shapes, save_statistics


def test_hdf5_files(tmp_path: Path) -> None:
    mean, std = save_statistics(tmp_path / "s_mean_std.hdf5")
    found = quarantine.read_tensors(tmp_path / "s_mean_std.hdf5", "statistics")
    np.testing.assert_allclose(found["mean"].numpy(), mean, rtol=1e-6)
    np.testing.assert_allclose(found["std"].numpy(), std, rtol=1e-6)
    generator = np.random.default_rng(0)
    extrinsics, intrinsics = generator.normal(size=(70, 16, 16)), generator.normal(size=(70, 16, 24))
    save_shapes(tmp_path / "latents.hdf5", extrinsics, intrinsics)
    assert quarantine.copy_shapes(tmp_path / "latents.hdf5", tmp_path / "shapes.safetensors") == 70
    copied = load_file(tmp_path / "shapes.safetensors")
    assert np.array_equal(copied["extrinsics"], extrinsics.astype(np.float32))
    assert np.array_equal(copied["intrinsics"], intrinsics.astype(np.float32))


def _hdf5(path: Path, **data: object) -> Path:
    with h5py.File(path, "w") as file:
        for name, value in data.items():
            file[name] = value
    return path


def test_hostile_hdf5_files_are_refused(tmp_path: Path) -> None:
    good = np.zeros((2, 4, 16)), np.zeros((2, 4, 8))
    other = _hdf5(tmp_path / "other.hdf5", g_js_affine=good[0])
    for number, (data, message) in enumerate(
        [
            ({"g_js_affine": good[0]}, "no s_j_affine"),
            ({"g_js_affine": good[0][:1], "s_j_affine": good[1]}, "different numbers"),
            ({"g_js_affine": good[0][..., :15], "s_j_affine": good[1]}, r"\[N, P, 16\]"),
            ({"g_js_affine": good[0] * np.nan, "s_j_affine": good[1]}, "not finite"),
            ({"g_js_affine": np.zeros((2, 4, 16), int), "s_j_affine": good[1]}, "no array"),
            ({"g_js_affine": h5py.ExternalLink(str(other), "g_js_affine"), "s_j_affine": good[1]}, "link"),
            ({"g_js_affine": h5py.SoftLink("/s_j_affine"), "s_j_affine": good[1]}, "link"),
        ]
    ):
        path = _hdf5(tmp_path / f"{number}.hdf5", **data)
        with pytest.raises(RefusedFileError, match=message):
            copy_shapes(path, tmp_path / "out")
    with h5py.File(tmp_path / "v.hdf5", "w") as file:
        layout = h5py.VirtualLayout((2, 4, 16), "f8")
        layout[:] = h5py.VirtualSource(other, "g_js_affine", (2, 4, 16))
        file.create_virtual_dataset("g_js_affine", layout)
        file["s_j_affine"] = good[1]
    with pytest.raises(RefusedFileError, match="kept elsewhere"):
        copy_shapes(tmp_path / "v.hdf5", tmp_path / "out")
    with h5py.File(tmp_path / "huge.hdf5", "w") as file:
        file.create_dataset("g_js_affine", (1 << 40, 16, 16), "f4", chunks=(1, 16, 16))
        file.create_dataset("s_j_affine", (1 << 40, 16, 8), "f4", chunks=(1, 16, 8))
    with pytest.raises(RefusedFileError, match="out of range"):
        copy_shapes(tmp_path / "huge.hdf5", tmp_path / "out")
    (tmp_path / "no.hdf5").write_bytes(b"hello")
    for read in (read_statistics, lambda path: copy_shapes(path, tmp_path / "out")):
        with pytest.raises(RefusedFileError, match="no HDF5 file"):
            read(tmp_path / "no.hdf5")
    for data, message in (
        ({"mean": np.zeros(16)}, "no std"),
        ({"mean": np.zeros(3), "std": np.ones(3)}, "3 numbers"),
        ({"mean": np.zeros(16), "std": np.zeros(16)}, "not positive"),
    ):
        with pytest.raises(RefusedFileError, match=message):
            read_statistics(_hdf5(tmp_path / "stats.hdf5", **data))
