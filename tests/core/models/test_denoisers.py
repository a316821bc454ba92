"""What both denoisers promise: parts are a set, padding is invisible, slots and time scale are optional."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from core.models.extrinsic_denoiser import ExtrinsicDenoiser
from core.models.intrinsic_denoiser import IntrinsicDenoiser

SIZES = {"embedding_dim": 32, "num_layers": 2, "num_heads": 2, "time_dim": 16}
TEXT = 12


def _extrinsic(**extra: object) -> ExtrinsicDenoiser:
    torch.manual_seed(0)
    return ExtrinsicDenoiser(**SIZES, **extra).eval()


def _extrinsic_with_text(**extra: object) -> ExtrinsicDenoiser:
    return _extrinsic(context_dim=TEXT, context_embedding_dim=24, context_layers=1, **extra)


def _intrinsic(**extra: object) -> IntrinsicDenoiser:
    torch.manual_seed(0)
    sizes = SIZES | {"context_embedding_dim": 24, "context_layers": 1}
    return IntrinsicDenoiser(input_dim=20, **sizes, **extra).eval()


BUILDERS = {"extrinsic": _extrinsic, "extrinsic_text": _extrinsic_with_text, "intrinsic": _intrinsic}


def _inputs(kind: str, batch: int = 2, parts: int = 5) -> dict[str, Tensor]:
    generator = torch.Generator().manual_seed(1)
    width = 20 if kind == "intrinsic" else 16
    inputs = {
        "x": torch.randn(batch, parts, width, generator=generator),
        "time": torch.rand(batch, generator=generator),
    }
    if kind == "extrinsic_text":
        inputs["context"] = torch.randn(batch, TEXT, generator=generator)
    if kind == "intrinsic":
        inputs["context"] = torch.randn(batch, parts, 16, generator=generator)
    return inputs


def _per_part(inputs: dict[str, Tensor], index: Tensor) -> dict[str, Tensor]:
    return {name: value[:, index] if value.ndim == 3 else value for name, value in inputs.items()}


@pytest.fixture(params=sorted(BUILDERS))
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@torch.no_grad()
def test_parts_are_a_set(kind: str) -> None:
    network, inputs = BUILDERS[kind](), _inputs(kind)
    order = torch.tensor([3, 0, 4, 1, 2])
    torch.testing.assert_close(network(**_per_part(inputs, order)), network(**inputs)[:, order])


@torch.no_grad()
def test_padding_is_invisible(kind: str) -> None:
    network, inputs = BUILDERS[kind](), _inputs(kind)
    mask = torch.tensor([[True, False, True, True, False]] * 2)
    expected = network(**_per_part(inputs, mask[0].nonzero()[:, 0]))
    inputs["x"][:, [1, 4]] = 1e3
    torch.testing.assert_close(network(**inputs, mask=mask)[:, mask[0]], expected)


@torch.no_grad()
def test_unmasked_parts_matter(kind: str) -> None:
    network, inputs = BUILDERS[kind](), _inputs(kind)
    before = network(**inputs)[:, 0]
    inputs["x"][:, 1] += 1.0
    assert not torch.allclose(network(**inputs)[:, 0], before, atol=1e-4)


def test_row_without_parts_keeps_gradients_finite(kind: str) -> None:
    network, inputs = BUILDERS[kind](), _inputs(kind)
    mask = torch.zeros(2, 5, dtype=torch.bool)
    mask[0] = True
    network(**inputs, mask=mask)[mask].square().mean().backward()
    assert all(bool(parameter.grad.isfinite().all()) for parameter in network.parameters())


@torch.no_grad()
def test_every_input_matters(kind: str) -> None:
    network, inputs = BUILDERS[kind](), _inputs(kind)
    before = network(**inputs)
    for name in set(inputs) - {"x"}:
        changed = inputs | {name: inputs[name] + 0.5}
        assert not torch.allclose(network(**changed), before, atol=1e-5), name


@torch.no_grad()
def test_slots(kind: str) -> None:
    network, inputs = BUILDERS[kind](num_slots=8), _inputs(kind)
    unknown = torch.full((2, 5), -1)
    known = torch.arange(5).expand(2, 5)
    torch.testing.assert_close(network(**inputs, slots=unknown), network(**inputs))
    assert not torch.allclose(network(**inputs, slots=known), network(**inputs), atol=1e-5)
    assert network.slot_embedding is not None
    assert network.slot_embedding.weight.shape == (9, 32)
    network.slot_embedding.weight[8] += 1.0  # the unknown slot only
    assert not torch.allclose(
        network(**inputs, slots=unknown), BUILDERS[kind](num_slots=8)(**inputs), atol=1e-5
    )


def test_slots_without_a_table_are_refused(kind: str) -> None:
    with pytest.raises(ValueError, match="num_slots"):
        BUILDERS[kind]()(**_inputs(kind), slots=torch.zeros(2, 5, dtype=torch.int64))


@torch.no_grad()
def test_time_scale(kind: str) -> None:
    inputs = _inputs(kind)
    scaled = BUILDERS[kind](time_scale=100.0)(**inputs)
    torch.testing.assert_close(scaled, BUILDERS[kind]()(**inputs | {"time": inputs["time"] * 100.0}))


@torch.no_grad()
def test_config_rebuilds_the_network(kind: str) -> None:
    network, inputs = BUILDERS[kind](num_slots=3, time_scale=2.0, residual=False), _inputs(kind)
    again = type(network)(**network.config)
    again.load_state_dict(network.state_dict())
    torch.testing.assert_close(again(**inputs), network(**inputs))


@torch.no_grad()
def test_residual_adds_the_input(kind: str) -> None:
    inputs = _inputs(kind)
    plain = BUILDERS[kind](residual=False)(**inputs)
    torch.testing.assert_close(BUILDERS[kind]()(**inputs), plain + inputs["x"])


@torch.no_grad()
def test_bfloat16_autocast_stays_close(kind: str) -> None:
    network, inputs = BUILDERS[kind](), _inputs(kind)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        rough = network(**inputs)
    assert (rough.float() - network(**inputs)).abs().max() < 0.1


def test_context_must_fit() -> None:
    with pytest.raises(ValueError, match="needs a context"):
        _extrinsic_with_text()(**_inputs("extrinsic"))
    with pytest.raises(ValueError, match="takes no context"):
        _extrinsic()(**_inputs("extrinsic_text"))
    inputs = _inputs("intrinsic")
    with pytest.raises(ValueError, match="context"):
        _intrinsic()(inputs["x"], inputs["time"])


@torch.no_grad()
def test_encoded_context_replaces_context() -> None:
    network, inputs = _intrinsic(), _inputs("intrinsic")
    mask = torch.tensor([[True] * 5, [True, True, False, True, False]])
    encoded = network.encode_context(inputs["context"], mask)
    shortcut = network(inputs["x"], inputs["time"], encoded=encoded, mask=mask)
    torch.testing.assert_close(shortcut, network(**inputs, mask=mask))


@torch.no_grad()
def test_one_context_for_all_parts_equals_one_per_part() -> None:
    network, inputs = _extrinsic_with_text(), _inputs("extrinsic_text")
    per_part = inputs | {"context": inputs["context"][:, None].expand(-1, 5, -1)}
    torch.testing.assert_close(network(**per_part), network(**inputs))


def _count(network: nn.Module) -> float:
    return sum(parameter.numel() for parameter in network.parameters()) / 1e6


def test_published_sizes() -> None:
    time = {"use_timestep_embedder": True, "timestep_embedder_dim": 128, "residual": True}
    both = time | {"embedding_dim": 512, "dec_num_layers": 6, "decoder_type": "transformer_encoder"}
    with torch.device("meta"):
        phase1 = ExtrinsicDenoiser.from_published(
            time | {"input_dim": 16, "embedding_dim": 512, "num_heads": 4, "enc_num_layers": 6}
        )
        phase2 = IntrinsicDenoiser.from_published(
            both | {"input_dim": 512, "context_dim": 16, "context_embedding_dim": 512, "enc_num_layers": 6}
        )
        lang_phase1 = ExtrinsicDenoiser.from_published(
            both
            | {"input_dim": 16, "context_dim": 768, "context_embedding_dim": 1024, "enc_num_layers": 2}
            | {"encoder_type": "pointwise"}
        )
    assert phase1.config == ExtrinsicDenoiser().config
    assert _count(phase1) == pytest.approx(15.1, abs=0.05)
    assert _count(phase2) == pytest.approx(37.6, abs=0.05)
    assert phase2.config == IntrinsicDenoiser(guidable=False).config
    assert lang_phase1.config["context_layers"] == 2
    assert lang_phase1.config["num_layers"] == 6


def test_unsupported_published_settings_are_refused() -> None:
    settings = {"input_dim": 16, "embedding_dim": 32, "enc_num_layers": 1, "timestep_embedder_dim": 8}
    with pytest.raises(ValueError, match="encoder_type"):
        ExtrinsicDenoiser.from_published(settings | {"encoder_type": "lstm"})
    with pytest.raises(ValueError, match="decoder_type"):
        IntrinsicDenoiser.from_published(settings | {"decoder_type": "transformer_decoder"})
    with pytest.raises(ValueError, match="embedding_dim"):
        ExtrinsicDenoiser.from_published(settings | {"embedding_dim": "32"})
