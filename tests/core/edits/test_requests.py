"""Requests are values: frozen, complete, and compared by identity."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, is_dataclass

import numpy as np
import pytest

from core.edits import requests
from core.edits.requests import (
    MAX_SEED,
    Browse,
    CheckPrint,
    Compare,
    Complete,
    Decode,
    Encode,
    Export,
    Fit,
    Generate,
    ImportModels,
    Inspect,
    Measure,
    Mix,
    Refine,
    Request,
    Sampled,
    TextEdit,
    Vary,
)
from core.scene.shape import Mesh, Shape
from tests.core.scene.strategies import make_shape, random_extrinsics

KINDS = [
    kind
    for kind in vars(requests).values()
    if isinstance(kind, type) and is_dataclass(kind) and issubclass(kind, Request)
]


def shape() -> Shape:
    rng = np.random.default_rng(0)
    return make_shape(random_extrinsics(rng, 3), rng)


def every_request() -> list[Request]:
    base = shape()
    triangle = Mesh(np.eye(3), np.eye(3), [[0, 1, 2]], [0])
    return [
        Generate(text="a chair"),
        Complete(base=base, parts=(2,)),
        Mix(base=base, source=shape(), take=(2,), drop=(5,)),
        Vary(base=base, parts=(2,)),
        Refine(base=base),
        TextEdit(base=base, parts=(2,), text="thin legs"),
        Decode(shape=base),
        Encode(path="mesh.obj"),
        Inspect(path="mesh.obj"),
        Fit(base=base),
        Compare(base=base, mesh=triangle),
        Measure(mesh=triangle, before=triangle),
        Export(shapes=(base,), path="out.glb"),
        CheckPrint(shape=base),
        ImportModels(path="published"),
        Browse(start=24),
    ]


def test_the_list_above_is_complete() -> None:
    assert {type(request) for request in every_request()} == set(KINDS) - {Request, Sampled}


@pytest.mark.parametrize("request_", every_request(), ids=lambda request: type(request).__name__)
def test_requests_cannot_change_and_compare_by_identity(request_: Request) -> None:
    for field in fields(request_):
        with pytest.raises(FrozenInstanceError):
            setattr(request_, field.name, None)
    assert request_ == request_
    twin = type(request_)(**{field.name: getattr(request_, field.name) for field in fields(request_)})
    assert twin != request_
    assert len({request_, twin}) == 2


@pytest.mark.parametrize("request_", every_request(), ids=lambda request: type(request).__name__)
def test_defaults_are_sensible(request_: Request) -> None:
    assert 0 <= request_.seed <= MAX_SEED
    assert request_.checkpoint == ""
    if isinstance(request_, Sampled):
        assert request_.count == 1
        assert request_.steps == 0
    strength = getattr(request_, "strength", 0.0)
    assert 0.0 <= strength <= 1.0


def test_arguments_are_named_so_that_parts_and_seeds_are_never_mixed_up() -> None:
    with pytest.raises(TypeError):
        Vary(shape(), (2,))  # type: ignore[misc]


def test_the_base_is_kept_by_identity_for_the_stale_check() -> None:
    base = shape()
    assert Complete(base=base, parts=(2,)).base is base
    assert Decode(shape=base).shape is base
