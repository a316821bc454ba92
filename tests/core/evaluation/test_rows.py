"""Every row of the table on the tiny checkpoint; what can be told beforehand is told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.edits.job import Job
from core.evaluation import (
    completion,
    generation,
    imports,
    locality,
    matching,
    mixing,
    parts,
    reconstruction,
    solidity,
    text,
)
from core.evaluation.checks import agree
from core.evaluation.locality import moved_share, with_latent, with_moved
from core.evaluation.material import Material, Result, connected, evenly, solid_of
from core.evaluation.reconstruction import slot_colors
from core.meshing.extract import extract_mesh
from core.scene.original import Placement
from core.scene.shape import Part, Shape
from tests.core.meshing.analytic_fields import AnalyticField, sphere


def between(result: Result, low: float, high: float, *names: str) -> None:
    for name in names:
        assert low <= result.values[name] <= high, (name, result.values[name])


def test_reconstruction(material: Material) -> None:
    result = reconstruction.measure(material)
    assert result.values["shapes"] == 2
    between(result, 0.1, 0.95, "iou", "iou_near", "iou_uniform", "f_score")
    between(result, 1e-5, 0.1, "chamfer")
    low, high = sorted((result.values["iou_near"], result.values["iou_uniform"]))
    assert low - 0.1 < result.values["iou"] < high + 0.1
    assert len(result.sheets["parts"][0]) == 2


def test_generation_and_solidity_share_their_samples(material: Material) -> None:
    result = generation.measure(material)
    assert result.values["samples"] == len(material.samples) == 3
    for measure in ("cd", "emd"):
        for prefix in ("", "corpus_"):
            between(result, 0.0, 1.0, f"{prefix}nna_{measure}", f"{prefix}cov_{measure}")
            between(result, 1e-6, 1.0, f"{prefix}mmd_{measure}")
    solid = solidity.measure(material)
    assert solid.values["samples"] == 3
    assert solid.values["watertight"] == 1.0
    assert solid.values["solid"] <= min(solid.values[name] for name in ("connected", "supported"))


def test_an_empty_shape_is_not_solid() -> None:
    assert solidity.solidity([None])["solid"] == 0.0
    assert not connected(None)
    assert not solid_of(None).inside.any()


def test_completion_keeps_every_bit_where_the_published_recipe_does_not(material: Material) -> None:
    result = completion.measure(material)
    assert result.values["cases"] >= 2
    assert result.values["exact"] == 1.0
    assert result.values["published_exact"] == 0.0
    between(result, 0.0, 1.0, "connected", "published_connected")
    between(result, 1e-6, 2.0, "uhd", "tmd", "mmd", "published_uhd", "published_tmd", "published_mmd")
    assert len(result.sheets["completions"]) == result.values["cases"]


def test_mixing(material: Material) -> None:
    result = mixing.measure(material)
    assert result.values["cases"] >= 2
    between(result, 0.0, 1.0, "connected", "connected_0", "kept_moved_0", "kept_moved_0.1")
    between(result, 0.0, 0.3, "kept_distance_0", "kept_distance_0.1")
    gain = result.values["frechet_0"] - result.values["frechet_0.1"]
    assert result.values["refined_gain"] == pytest.approx(gain)
    assert result.values["frechet_corpus"] >= 0


def test_features_of_equal_shapes_are_equal_and_of_others_are_not(material: Material) -> None:
    real = mixing.corpus_features(material, "test", 4)
    np.testing.assert_array_equal(real[:2], mixing.corpus_features(material, "test", 2))
    assert real.shape == (4, mixing.BINS + 3 * mixing.SLICES)
    assert np.abs(real[0] - real[1]).max() > 0.01
    assert mixing.FeatureSpace(real)(real).shape == (4, 4)


def test_text(material: Material) -> None:
    result = text.measure_whole(material)
    assert result.values["prompts"] == 1
    assert result.values["passed"] in (0.0, 1.0)
    assert result.values["check_not_wheels"] == result.values["passed"]
    between(result, 0.5, 1.0, "by_chance")
    assert len(result.sheets["text_shown"]) == 1


def test_matching(material: Material) -> None:
    result = matching.measure(material)
    assert result.values["shapes"] == material.counts.real
    if material.engine.model.text_matcher is None:
        assert np.isnan(result.values["whole"])
    else:
        between(result, 0.0, 1.0, "whole")


def test_pairs_told_apart_are_counted() -> None:
    good = np.array([True, False, True, False])
    assert matching.pairs_told(np.array([2.0, 1.0, 3.0, 0.0], np.float32), good) == 1.0
    assert matching.pairs_told(np.array([0.0, 1.0, 3.0, 2.0], np.float32), good) == 0.5
    assert agree({"wheels": False, "arms": True}, ("!wheels", "arms"))
    assert not agree({"wheels": True, "arms": True}, ("!wheels", "arms"))


def test_text_edits_leave_the_rest_alone(material: Material) -> None:
    result = text.measure_edits(material)
    assert result.values["edits"] == 1
    assert result.values["skipped"] == 0
    assert result.values["exact"] == 1.0
    assert result.values["success"] <= min(result.values["passed"], result.values["connected"])
    assert len(result.sheets["text_edits_shown"][0]) == 2


def test_parts(material: Material) -> None:
    result = parts.measure(material)
    between(result, 0.1, 1.0, "name_accuracy", "token_accuracy", "symmetric_pairs", "slot_consistency")
    assert result.values["name_accuracy"] <= result.values["token_purity"] <= 1.0


def test_locality(material: Material) -> None:
    result = locality.measure(material)
    assert result.values["edits"] == 4
    between(result, 0.0, 1.0, "moved", "moved_by_gaussian", "moved_by_latent")


def test_import(material: Material) -> None:
    result = imports.measure(material)
    assert result.values["shapes"] == 1
    assert result.values["closed"] == 1.0
    assert result.values["fit_iou_after"] > result.values["fit_iou_before"]
    between(result, 0.0, 1.0, "found", "up", "literal", "kept", "step")
    assert result.values["found"] <= result.values["up"]


def test_a_pose_counts_as_found_where_the_shape_cannot_tell(material: Material) -> None:
    field = imports.ProgramField(material.category.make(20_000_000))
    stands = Placement("+x", "-y")
    assert imports.overlaps(field, stands, stands)[0] == 1.0
    turned = imports.overlaps(field, stands, Placement("+x", "+z"))
    assert turned[0] < imports.SAME
    assert max(turned) == pytest.approx(1.0, abs=1e-3)
    assert max(imports.overlaps(field, stands, Placement("-x", "-y"))) < imports.SAME


def test_an_edit_changes_one_row_and_nothing_has_not_moved(material: Material) -> None:
    shape, mesh = material.encoded(0).shape, material.base_mesh(0)
    assert mesh is not None
    moved = with_moved(shape, 3, np.array([0.1, 0.0, 0.0]))
    assert moved.extrinsics[3, 0] == pytest.approx(shape.extrinsics[3, 0] + 0.1)
    changed = with_latent(shape, 2, np.ones(shape.intrinsics.shape[1], np.float32))
    for edited, row in ((moved, 3), (changed, 2)):
        others = np.arange(len(shape.parts)) != row
        np.testing.assert_array_equal(edited.extrinsics[others], shape.extrinsics[others])
        np.testing.assert_array_equal(edited.intrinsics[others], shape.intrinsics[others])
    assert moved_share(shape, mesh, moved, mesh, 3) == 0.0


def test_surface_that_jumps_has_moved(material: Material) -> None:
    """Two balls; one moves although the edited part is the other."""
    shape = material.encoded(0).shape
    still = AnalyticField(sphere((-0.5, 0.0, 0.0), 0.25), sphere((0.5, 0.0, 0.0), 0.25))
    jumped = AnalyticField(sphere((-0.5, 0.0, 0.0), 0.25), sphere((0.5, 0.3, 0.0), 0.25))
    before, after = (extract_mesh(field, 32, Job()) for field in (still, jumped))
    tiny = shape.extrinsics.copy()
    tiny[0, :3], tiny[0, 13:] = (-0.5, 0.0, 0.0), 1e-4
    shape = replace(shape, extrinsics=tiny)
    assert moved_share(shape, before, shape, after, 0) > 0.4


def test_items_are_spread_evenly() -> None:
    assert evenly(list(range(10)), 3) == [0, 3, 6]
    assert evenly([1, 2], 0) == evenly([1, 2], 5) == [1, 2]


def test_slots_have_distinct_colours() -> None:
    records = tuple(Part(id=slot, slot=slot) for slot in range(16))
    extrinsics = np.tile(np.eye(1, 16, dtype=np.float32), (16, 1))
    colors = slot_colors(Shape("s", extrinsics, np.zeros((16, 2), np.float32), records))
    assert len(np.unique(colors, axis=0)) == 16
