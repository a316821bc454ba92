"""Editing that is killed at a random moment: how much of it is lost."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from app.lost_work import find_lost
from core.edits.requests import Generate
from tests.reliability.apart import apart
from tests.reliability.editors import Process, Tell, candidate_of, new_editor
from tests.reliability.figures import Outcome, figure
from tests.reliability.numbered import number_of, numbered


@figure("work lost by kill -9 while editing: more than 10 s of edits, or a finished candidate", 200)
def lost_work(quick: bool) -> Outcome:
    return apart("tests.reliability.killed_editing", "run_kills", quick)


def run_kills(quick: bool) -> Outcome:
    """A scripted editing run, killed at a random moment: an edit every 50 ms, in every second run also a
    candidate every 300 ms.
    """

    def editing(folder: Path, makes_candidates: bool) -> Callable[[Tell], None]:
        def work(tell: Tell) -> None:
            application, document, recovery = new_editor(folder)
            started = time.monotonic()
            number = made = 0
            while True:
                number += 1
                document.apply(numbered(number), f"Number {number}")
                tell(["edit", number, time.monotonic()])
                if makes_candidates and number % 6 == 0 and made < 60:
                    made += 1
                    tell(["candidate", 1000 + made, time.monotonic()])
                    recovery.keep_candidate(Generate(), 0, candidate_of(1000 + made))
                while time.monotonic() < started + 0.05 * number:
                    application.processEvents()
                    time.sleep(0.002)

        return work

    outcome = Outcome()
    rng = random.Random(12)
    worst_edit = worst_candidate = 0.0
    together = 8
    for _ in range(1 if quick else 25):
        with tempfile.TemporaryDirectory() as parent:
            folders = [Path(parent) / str(number) for number in range(together)]
            processes = [Process(editing(folder, index % 2 == 0)) for index, folder in enumerate(folders)]
            ends = sorted(rng.uniform(0.3, 4.0 if quick else 7.0) for _ in range(together))
            started = time.monotonic()
            for folder, process, end in zip(folders, processes, ends, strict=True):
                time.sleep(max(started + end - time.monotonic(), 0.0))
                process.kill()
                killed = time.monotonic()
                lost = find_lost(folder)
                kept = max((number_of(found.scene) for found in lost if len(found.scene)), default=0)
                hashes = {shape.latent_hash for found in lost for shape in found.candidates}
                gone = [at for kind, number, at in process.told if kind == "edit" and number > kept]
                late = killed - min(gone, default=killed)
                missing = [
                    killed - at
                    for kind, number, at in process.told
                    if kind == "candidate" and numbered(number).shapes[0].latent_hash not in hashes
                ]
                worst_edit, worst_candidate = max(worst_edit, late), max([worst_candidate, *missing])
                # A candidate is written from the moment it arrives; the writing itself takes a moment.
                good = late <= 10.0 and max(missing, default=0.0) <= 1.0
                outcome.check(good, f"{late:.1f} s of edits, candidates {missing} s old")
    worst = f"{worst_edit:.1f} s of edits, a candidate finished {1000 * worst_candidate:.0f} ms before"
    outcome.note = f"worst: {worst}"
    return outcome
