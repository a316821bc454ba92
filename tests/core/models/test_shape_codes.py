"""Shape codes fall into parts, half of them mirror images, and published options map to our networks."""

from __future__ import annotations

import pytest
import torch

from core.models.gaussian_head import mirrored
from core.models.shape_codes import ShapeCodes, spaghetti_configs, split_spaghetti_state

SIZES = {"dataset_size": 3, "code_dim": 8, "num_parts": 6, "dim": 16, "num_layers": 1, "num_heads": 2}

OPTIONS = {
    "dataset_size": 7,
    "dim_z": 256,
    "pos_dim": 253,
    "dim_h": 512,
    "num_gaussians": 16,
    "decomposition_num_layers": 9,
    "num_layers": 4,
    "num_heads": 4,
    "num_layers_head": 6,
    "num_heads_head": 8,
    "head_occ_size": 5,
    "symmetric": [True, False, False],
}


def _codes(**extra: object) -> ShapeCodes:
    torch.manual_seed(0)
    return ShapeCodes(**SIZES | extra).eval()


@torch.no_grad()
def test_shapes_and_mirror() -> None:
    codes = _codes()
    z, intrinsics, extrinsics = codes(torch.tensor([2, 0]))
    assert (z.shape, intrinsics.shape, extrinsics.shape) == ((2, 8), (2, 6, 16), (2, 6, 16))
    torch.testing.assert_close(z, codes.z.weight[[2, 0]])
    torch.testing.assert_close(extrinsics[:, 3:], mirrored(extrinsics[:, :3]))
    axes = extrinsics[..., 3:12].unflatten(-1, (3, 3))
    torch.testing.assert_close(axes @ axes.mT, torch.eye(3).expand(2, 6, 3, 3), atol=1e-5, rtol=0)
    assert bool((extrinsics[..., 13:] >= 1e-4).all())


@torch.no_grad()
def test_other_symmetries() -> None:
    extrinsics = _codes(symmetric=[False, False, True])(torch.tensor([1]))[2]
    sign = torch.ones(16)
    sign[[2, 5, 8, 11]] = -1.0
    torch.testing.assert_close(extrinsics[:, 3:], extrinsics[:, :3] * sign)


@torch.no_grad()
def test_without_symmetry_all_gaussians_are_free() -> None:
    codes = _codes(symmetric=[False, False, False], num_parts=5)
    extrinsics = codes(torch.tensor([1]))[2]
    assert extrinsics.shape == (1, 5, 16)
    assert "decomposition_control.reflect" not in codes.state_dict()
    assert "decomposition_control.reflect" in _codes().state_dict()


def test_wrong_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match="even"):
        _codes(num_parts=5)
    with pytest.raises(ValueError, match="three axes"):
        _codes(symmetric=[True])


@torch.no_grad()
def test_config_rebuilds_the_network() -> None:
    codes = _codes()
    again = ShapeCodes(**codes.config)
    again.load_state_dict(codes.state_dict())
    item = torch.tensor([1])
    for mine, other in zip(codes(item), again(item), strict=True):
        torch.testing.assert_close(mine, other)


def test_published_options() -> None:
    configs = spaghetti_configs(OPTIONS)
    assert configs["shape_codes"]["num_layers"] == 4, "the published option for it is not used"
    assert configs["mixing"] == {"intrinsic_dim": 512, "dim": 512, "num_layers": 4, "num_heads": 4}
    assert configs["occupancy"]["num_heads"] == 8
    with torch.device("meta"):
        assert ShapeCodes.from_published(OPTIONS).z.weight.shape == (7, 256)
    for name, value in {
        "head_occ_type": "plain",
        "use_encoder": False,
        "decomposition_network": "mlp",
    }.items():
        with pytest.raises(ValueError, match=name):
            spaghetti_configs(OPTIONS | {name: value})
    with pytest.raises(ValueError, match="dim_h"):
        spaghetti_configs({name: value for name, value in OPTIONS.items() if name != "dim_h"})
    with pytest.raises(ValueError, match="symmetric"):
        spaghetti_configs(OPTIONS | {"symmetric": 1})


def test_state_is_split_by_owner() -> None:
    names = [
        "z.weight",
        "decomposition_control.to_s.bias",
        "from_gmm.bias",
        "mixing_network.layers.0.norm1.bias",
    ]
    state = {name: torch.zeros(1) for name in [*names, "occupancy_network.pos_encoder.linear.bias"]}
    parts = split_spaghetti_state(state)
    assert set(parts["shape_codes"]) == set(names[:2])
    assert set(parts["mixing"]) == set(names[2:])
    assert set(parts["occupancy"]) == {"pos_encoder.linear.bias"}
    with pytest.raises(ValueError, match="stranger"):
        split_spaghetti_state({"stranger.weight": torch.zeros(1)})
