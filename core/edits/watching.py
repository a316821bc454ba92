"""What a sampling loop tells while it runs: progress, previews, and how the Gaussians came about."""

from __future__ import annotations

import numpy as np
import torch

from core.checkpoints.loading import Checkpoint
from core.edits.job import EditError, Job, Preview
from core.edits.preparation import NOT_FINITE, Prepared
from core.meshing.extract import extract_mesh
from core.pipelines.decode import DecodedField
from core.pipelines.sampling import OnStep
from core.scene.shape import FloatArray, frozen_array

PREVIEW_RESOLUTION = 32
REPLAY_STEPS = 16
"""Most steps whose Gaussians a candidate remembers: a kilobyte each."""


def watcher(
    model: Checkpoint,
    job: Job,
    preview: bool,
    prepared: Prepared | None,
    record: list[FloatArray] | None,
    points: int,
) -> OnStep:
    """Progress and previews of a sampling loop: ellipsoids each step, one coarse surface on the way.

    Parameters
    ----------
    model, job : Checkpoint, Job
    preview : bool
        Show the first candidate while it is made.
    prepared : Prepared, optional
        The edit; None for whole shapes.
    record : list, optional
        Takes the Gaussians [B, P, 16] of all candidates at `REPLAY_STEPS` steps or fewer.
    points : int
        Of a field that are decoded at once.
    """
    normalisation = model.normalisation
    state: dict[str, FloatArray] = {}

    def given(name: str, sampled: FloatArray) -> FloatArray:
        if prepared is None:
            return sampled
        kept = prepared.shape.extrinsics if name == "gaussians" else prepared.shape.intrinsics
        return np.where(prepared.edit[:, None], sampled, kept)

    def on_step(stage: str, done: int, total: int, estimate: torch.Tensor) -> None:
        start = 0 if stage == "gaussians" else total
        job.step(stage, start + done, 2 * total)
        if not bool(torch.isfinite(estimate).all()):
            raise EditError(NOT_FINITE)
        if stage == "gaussians":
            # Resampling repeats steps: a record goes forward only.
            wanted = record is not None and done * REPLAY_STEPS // total > len(record)
            if preview or wanted:
                shown = estimate if wanted else estimate[:1]
                extrinsics = given(stage, normalisation.decode_extrinsics(shown).cpu().numpy())
                frame = frozen_array(extrinsics, np.float32)
                if wanted and record is not None:
                    record.append(frame)
                if preview:
                    state["extrinsics"] = frame[0]
                    job.preview(Preview(frame[0]))
        elif not preview:
            return
        elif done == (total + 1) // 2:
            latents = normalisation.decode_intrinsics(estimate[:1])[0].cpu().numpy()
            intrinsics = given(stage, latents).astype(np.float32)
            field = DecodedField(model.representation, state["extrinsics"], intrinsics, points)
            quiet = Job()
            try:
                mesh = extract_mesh(field, PREVIEW_RESOLUTION, quiet, reach=field.reach)
            except EditError:
                return  # an unfinished shape may be empty
            job.preview(Preview(state["extrinsics"], mesh))

    return on_step
