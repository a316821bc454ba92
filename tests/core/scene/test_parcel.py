"""Parts as clipboard data: bit for bit there and back, and nothing else is taken for parts."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.scene.parcel import FORMAT_VERSION, MAX_BYTES, ParcelError, pack, unpack
from core.scene.shape import Shape
from tests.app.numpy_engine import make_shape


def parcel(**changes: object) -> dict[str, object]:
    return json.loads(pack([make_shape().subset((1, 2))])) | changes


def refused(document: dict[str, object]) -> str:
    with pytest.raises(ParcelError) as caught:
        unpack(json.dumps(document).encode())
    return str(caught.value)


@given(seed=st.integers(0, 1000), ids=st.sets(st.integers(0, 5), min_size=1))
def test_parts_come_back_bit_for_bit(seed: int, ids: set[int]) -> None:
    shape = make_shape(seed).with_part(min(ids), name="häuschen", origin="vary seed 3", locked=True)
    other = make_shape(seed + 1, "s2", "Chair 2").subset((0,))
    back = unpack(pack([shape.subset(ids), other]))
    for ours, theirs in zip(back, (shape.subset(ids), other), strict=True):
        assert ours.parts == theirs.parts
        assert (ours.name, ours.checkpoint) == (theirs.name, theirs.checkpoint)
        assert ours.extrinsics.tobytes() == theirs.extrinsics.tobytes()
        assert ours.intrinsics.tobytes() == theirs.intrinsics.tobytes()


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b"\xff\xfe", b'{"format": "partsmith"}', b"null"])
def test_other_data_is_no_parts(data: bytes) -> None:
    with pytest.raises(ParcelError, match="holds no parts"):
        unpack(data)


def test_newer_and_too_large_data_is_refused() -> None:
    assert "newer Partsmith" in refused(parcel(version=FORMAT_VERSION + 1))
    with pytest.raises(ParcelError, match="more than parts can take"):
        unpack(b" " * (MAX_BYTES + 1))
    with pytest.raises(ParcelError, match="too many parts"):
        wide = np.zeros((1, 4_000_000), np.float32)
        shape = make_shape().subset((0,))
        pack([replace(shape, intrinsics=wide)])


def table(*values: float) -> str:
    return base64.b64encode(np.array(values, "<f4").tobytes()).decode()


def test_every_number_is_checked() -> None:
    good = make_shape().subset((1,))
    base = json.loads(pack([good]))

    def broken(kind: str, text: object, **more: object) -> str:
        return refused(base | {"latents": base["latents"] | {f"s1/{kind}": text}} | more)

    gaussian = [float(value) for value in good.extrinsics[0]]
    for place, value in ((0, float("nan")), (0, float("inf")), (0, 1e9)):
        values = [*gaussian[:place], value, *gaussian[place + 1 :]]
        assert "holds no parts" in broken("extrinsics", table(*values))
    for place, value in ((13, 0.0), (14, -1.0), (3, 2.0), (4, 0.5)):
        values = [*gaussian[:place], value, *gaussian[place + 1 :]]
        assert "damaged" in broken("extrinsics", table(*values))
    assert "holds no parts" in broken("extrinsics", table(*gaussian[:15]))
    assert "holds no parts" in broken("extrinsics", table(*gaussian, *gaussian))
    assert "holds no parts" in broken("intrinsics", table(1.0, 2.0, 3.0))
    assert "holds no parts" in broken("intrinsics", table(1.0, 2.0, 3.0, float("nan")))
    assert "holds no parts" in broken("intrinsics", "no base 64!")
    assert "holds no parts" in broken("intrinsics", None)
    assert "holds no parts" in broken("more", table(1.0))
    for width in (0, -4, "4", True, None):
        assert "holds no parts" in refused(base | {"widths": {"s1": width}})
    assert "holds no parts" in refused(base | {"latents": {}})
    assert "holds no parts" in refused(base | {"shapes": []})
    assert "no parts" in refused(base | {"shapes": [], "latents": {}})


def test_an_empty_shape_is_no_parts() -> None:
    empty: Shape = make_shape().subset(())
    with pytest.raises(ParcelError):
        unpack(pack([empty]))
