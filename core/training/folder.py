"""Train a model on a folder of meshes: ``python main.py train --data FOLDER --name NAME``.

Samples, representation, latents, cascade and package in one run that goes on where it was stopped. A quarter
of the time makes a first model, which the editor can open; the second round starts from it. The networks kept
are those of the best check on shapes held out, and a stage ends early when checks stop getting better.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import re
import shutil
import sys
import time
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any

import torch

from core.checkpoints.catalog import describe, shipped_checkpoints, user_checkpoints
from core.checkpoints.loading import CheckpointError, read_json
from core.edits.job import EditError
from core.places import user_models, user_trainings
from core.training import cascade, early_samples, latents, mesh_set, package, parallel, representation
from core.training.loop import Listener
from core.training.mesh_folder import DataError, find_sources, read_captions
from core.training.mesh_set import MeshSet
from core.training.state import read_facts
from core.training_run import (
    COMMAND,
    PROGRESS,
    SAMPLES,
    SAYS,
    STAGES,
    TrainingError,
    held,
    write_json,
)

log = logging.getLogger(__name__)

ROUNDS = (0.25, 0.75)
"""Share of the time of each round."""
SHARES = {"representation": 0.55, "cascade": 0.45}
"""Share of a round's time of each timed stage."""
PATIENCE = 6
SMALL_SET = 200
"""Fewer training shapes than this are told of on the card."""
CHECKS = 12
"""Checks of a stage, at least."""
NOTE_SECONDS = 1.0
"""How often a running stage says how far it is."""
SAMPLES_SHARE = 0.1
"""Most of the time that goes into pictures of early models."""


class FolderTraining:
    """One run: what is asked for, where it lies, and how far it is.

    Parameters
    ----------
    options : argparse.Namespace
        See `build_parser`.
    """

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.run: Path = options.run or user_trainings() / options.name
        self.model: Path = (options.out or user_models()) / options.name
        self.start = find_start(options.start, options.category)
        self._set: MeshSet | None = None
        self._noted = self._drawn = -float("inf")
        self._drawing = 0.0

    def everything(self) -> Path:
        """Do all stages that are not done; returns the model's folder.

        Raises
        ------
        DataError
            If the folder cannot be used, or the run's folder belongs to another training.
        """
        self.options.device = parallel.join(self.options.device)
        parallel.alone(self._prepare)
        self._set = mesh_set.read(self.run / "samples")
        for number in range(len(ROUNDS)):
            home = self.run / f"round-{number + 1}"
            before = self.run / f"round-{number}" / "model" if number else self.start
            told = partial(self._advanced, number)
            self._note("representation", number)
            representation.main(
                self._arguments("representation", number, home, before),
                Listener(advanced=partial(told, "representation")),
            )
            self._note("latents", number)
            parallel.alone(partial(self._encode, home))
            self._note("cascade", number)
            cascade.main(
                self._arguments("cascade", number, home, before),
                Listener(partial(self._publish, home, finished=False), partial(told, "cascade")),
            )
            parallel.alone(partial(self._package, home, home / "model", finished=True))
            last = number + 1 == len(ROUNDS)
            parallel.alone(partial(self._publish, home, finished=last))
        self._note("done", len(ROUNDS))
        return self.model

    def _prepare(self) -> None:
        # What cannot be used at all is refused before there is a training.
        find_sources(self.options.data)
        if self.options.captions:
            read_captions(self.options.captions)
        self._claim()
        self._note("samples", 0)
        counts = mesh_set.prepare(
            self.options.data,
            self.run / "samples",
            self.options.category,
            self.options.captions,
            self.options.workers,
        ).counts()
        print(
            f"{counts['train']} shapes to learn from, {counts['validation']} to stop by, "
            f"{counts['test']} to test; {counts['skipped']} skipped, see {self.run / 'samples/report.json'}"
        )

    def _claim(self) -> None:
        """Make the run's folder, or see that it is that of the same training."""
        wanted = {
            "data": str(self.options.data.resolve()),
            "category": self.options.category,
            "start": str(self.start) if self.start else "",
            "size": self.options.size,
        }
        known = self.run / "run.json"
        if known.exists():
            if read_json(known) != wanted:
                raise DataError(
                    f"{self.run} is a training of other data or from another model; choose another --name, "
                    "or delete that folder"
                )
        elif (self.model / "card.json").exists():
            raise DataError(f"there is a model in {self.model} already; choose another --name")
        self.run.mkdir(parents=True, exist_ok=True)
        known.write_text(json.dumps(wanted, indent=1) + "\n", encoding="utf-8")
        command = {
            "name": self.options.name,
            "data": str(self.options.data.resolve()),
            "model": str(self.model.resolve()),
            "arguments": self.options.arguments,
            "directory": os.getcwd(),
        }
        write_json(self.run / COMMAND, command)

    def _arguments(self, stage: str, number: int, home: Path, before: Path | None) -> list[str]:
        minutes = self.options.minutes * ROUNDS[number] * SHARES[stage]
        rate = 3e-4 if before else 1e-3
        found = ["--out", home / stage, "--steps", self.options.steps, "--minutes", minutes, "--rate", rate]
        found += ["--batch", self.options.batch or {"representation": 32, "cascade": 128}[stage]]
        found += ["--patience", PATIENCE, "--save-every", min(max(60 * minutes / CHECKS, 2.0), 120.0)]
        # Without a clock, a training that was killed ends as one that was not, bit for bit.
        by_steps = 0 if minutes else max(self.options.steps // CHECKS, 1)
        found += ["--save-steps", self.options.save_steps or by_steps]
        found += ["--seed", number, "--size", self.options.size, "--device", self.options.device]
        if stage == "representation":
            found += ["--set", self.run / "samples", "--inside-weight", 1.7 if number else 1.0]
            found += ["--surface", 1024, "--points", self.options.points]
        else:
            found += ["--latents", home / "latents"]
        if before:
            found += ["--start", before]
        return [str(word) for word in found] + (["--fp32"] if self.options.fp32 else [])

    def _encode(self, home: Path) -> None:
        trained = home / "representation" / "encoder" / "model.safetensors"
        written = home / "latents" / "part_namer" / "model.safetensors"
        if written.exists() and written.stat().st_mtime >= trained.stat().st_mtime:
            return
        words = ["--set", self.run / "samples", "--representation", home / "representation"]
        words += ["--out", home / "latents", "--namer-steps", self.options.namer_steps]
        words += ["--device", self.options.device]
        if self.start:
            words += ["--start", self.start]
        latents.main([str(word) for word in words] + (["--fp32"] if self.options.fp32 else []))

    def _package(self, home: Path, out: Path, finished: bool) -> None:
        """Put the model together beside `out`, then exchange the folders: no reader sees half of one."""
        made = out.with_name(f".{out.name}.partial")
        shutil.rmtree(made, ignore_errors=True)
        out.parent.mkdir(parents=True, exist_ok=True)
        made.mkdir()
        package.assemble(home, made, self.options.name, self._facts(home, finished))
        old = out.with_name(f".{out.name}.old")
        shutil.rmtree(old, ignore_errors=True)
        if out.exists():
            os.replace(out, old)
        os.replace(made, out)
        shutil.rmtree(old, ignore_errors=True)

    def _publish(self, home: Path, finished: bool) -> None:
        """Put the model where the editor finds it, and now and then draw what it makes."""
        self._package(home, self.model, finished)
        if not finished and time.monotonic() - self._drawn < self._drawing / SAMPLES_SHARE:
            return
        begun = time.monotonic()
        try:
            early_samples.draw(self.model, self.options.device, self.run / SAMPLES)
        except (EditError, CheckpointError, OSError, ValueError) as error:
            # Worth no training: the picture is only looked at.
            log.warning("no picture of the model: %s", error)
        self._drawn = time.monotonic()
        self._drawing = self._drawn - begun

    def _facts(self, home: Path, finished: bool) -> dict[str, Any]:
        assert self._set is not None
        counts = self._set.counts()
        trained = read_facts(home / "representation" / "state.safetensors")
        sampled = read_facts(home / "cascade" / "state.safetensors")
        note = "" if finished else "Still in training: an early state of the model. "
        if counts["train"] < SMALL_SET:
            note += (
                f"Trained on {counts['train']} shapes, which is few: samples may repeat them. The networks "
                "are those of the best check on held-out shapes."
            )
        labels = json.loads((home / "latents" / "labels.json").read_text(encoding="utf-8"))
        start = read_json(self.start / "card.json") if self.start else {}
        return {
            "category": self.options.category,
            "labels": labels,
            "stands": bool(start.get("stands", True)),
            "licence": self.options.licence,
            "data": f"{sum(counts[split] for split in mesh_set.SPLITS)} meshes of the folder "
            f"{self.options.data.name!r}"
            + (f", from the model {start['id']} ({start.get('data', '')})" if start else ", from scratch"),
            "shapes": counts,
            "part_names": "of the data" if self._set.parts else "of the starting model" if start else "none",
            "captioned": len(self._set.captions),
            "note": note.strip(),
            "from_folder": True,
            "metrics": {
                "training": {
                    "validation_iou": round(1.0 - float(trained["best"]), 4),
                    "validation_loss": round(float(sampled["best"]), 4),
                }
            },
        }

    def _advanced(self, number: int, stage: str, fraction: float) -> None:
        if time.monotonic() - self._noted > NOTE_SECONDS:
            self._note(stage, number, fraction)

    def _note(self, stage: str, number: int, fraction: float = 0.0) -> None:
        """Write how far the run is, which the window reads; at the begin of a stage, also say so."""
        if not parallel.first():
            return
        shares = {"samples": 0.0, "latents": 0.0, **SHARES}
        done = sum(ROUNDS[:number])
        if stage in STAGES:
            before = sum(shares[name] for name in STAGES[: STAGES.index(stage)])
            done += ROUNDS[number] * (before + fraction * shares[stage])
        left = 60 * self.options.minutes * (1 - done) if self.options.minutes else None
        known = {
            "stage": stage,
            "round": min(number + 1, len(ROUNDS)),
            "rounds": len(ROUNDS),
            "fraction": round(done, 4),
            "eta": None if left is None else round(left),
            "model": str(self.model),
        }
        write_json(self.run / PROGRESS, known)
        self._noted = time.monotonic()
        if not fraction:
            about = "" if left is None else f": about {left / 60:.1f} minutes left"
            print(f"{stage}, round {known['round']} of {len(ROUNDS)}{about}", flush=True)


def find_start(asked: str | None, category: str) -> Path | None:
    """The model to start from: the one asked for, else a shipped one of the category, else the default one.

    Raises
    ------
    DataError
        If it is asked for and is not there, or cannot be trained further.
    """
    if asked == "none":
        return None
    shipped = shipped_checkpoints()
    if asked:
        known = [*shipped, *user_checkpoints()]
        if (Path(asked) / "card.json").exists():
            found: Path | None = Path(asked).resolve()
        else:
            named = (folder for folder in known if asked in (folder.name, describe(folder).id))
            found = next(named, None)
        if found is None:
            raise DataError(f"there is no model {asked}; give --start a model's folder, or none")
        if not describe(found).trainable:
            others = ", ".join(folder.name for folder in known if describe(folder).trainable)
            raise DataError(
                f"no training can begin with {asked}: it takes no meshes in, as published models do not; "
                f"give --start one of {others}, or none"
            )
        return found
    same = [folder for folder in shipped if describe(folder).category == category]
    return next(iter(same + shipped), None)


def _name(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", text):
        raise argparse.ArgumentTypeError("letters, digits, dots, dashes and underscores, at most 64")
    return text


def build_parser() -> argparse.ArgumentParser:
    """The options of ``python main.py train --data``."""
    parser = argparse.ArgumentParser(prog="main.py train", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, metavar="FOLDER", help="meshes, in any layout")
    parser.add_argument("--name", type=_name, required=True, help="of the model; repeat it to continue")
    parser.add_argument("--category", default="shape", help="what one shape is, singular: chair, lamp, …")
    parser.add_argument(
        "--minutes", type=float, default=60.0, help="for the networks (default: 60); 0 = no end"
    )
    parser.add_argument("--captions", type=Path, metavar="FILE", help="CSV or JSON with file and text")
    parser.add_argument("--start", metavar="MODEL", help="folder or id to start from; none = from scratch")
    parser.add_argument("--licence", default="not stated", help="licence of the data, for the card")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help=f"default: {user_models()}")
    parser.add_argument("--run", type=Path, metavar="FOLDER", help="folder of the run's state")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--workers", type=int, default=2, help="processes that sample meshes (default: 2)")
    parser.add_argument("--steps", type=int, default=20_000, help="most steps of a stage")
    parser.add_argument("--save-steps", type=int, default=0, help="steps between checks, 0 = by the clock")
    parser.add_argument("--batch", type=int, default=0, help="shapes per step, 0 = 32 and 128")
    parser.add_argument("--points", type=int, default=768, help="labelled points per shape and step")
    parser.add_argument("--namer-steps", type=int, default=600)
    parser.add_argument("--size", choices=("default", "tiny"), default="default", help="from scratch only")
    parser.add_argument("--fp32", action="store_true", help="no bfloat16, even where it is faster")
    return parser


def main(argv: list[str]) -> int:
    """Command line; see ``--help``. Exit codes as those of `core.cli`."""
    options = build_parser().parse_args(argv)
    options.arguments = argv
    try:
        training = FolderTraining(options)
        with held(training.run) if parallel.asked_for_first() else nullcontext():
            model = training.everything()
    except parallel.FirstFailed:
        return 3
    except (DataError, CheckpointError, TrainingError) as error:
        print(f"{SAYS}{error}", file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        print("stopped; the same command goes on from here", file=sys.stderr)
        return 130
    finally:
        parallel.leave()
    if parallel.asked_for_first():
        print(f"{model}: done; the editor lists it under Create > Models")
    return 0
