"""What can be known of a model without loading its weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ModelInfo:
    """A model that shapes can be made and edited with.

    Attributes
    ----------
    id : str
        As in ``Shape.checkpoint``.
    category : str
        What it makes, singular: "chair".
    labels : tuple of str
        Names it gives to parts.
    slot_count : int
        Parts of a shape it generates.
    slot_shares : mapping of str to tuple of float
        For every part name the share of training shapes in which each slot was called so; may be empty.
    vocabulary : tuple of str
        Phrases it has read most often, the commonest first.
    licence, data : str
        Of the weights, and what they were trained on.
    metrics : mapping of str to mapping
        Groups of measured figures.
    shapes : int
        Shapes that come with it, to browse.
    trainable : bool
        Whether a training can begin with it.
    """

    id: str
    category: str = "shape"
    labels: tuple[str, ...] = ()
    slot_count: int = 16
    slot_shares: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    vocabulary: tuple[str, ...] = ()
    licence: str = ""
    data: str = ""
    metrics: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    shapes: int = 0
    trainable: bool = True
