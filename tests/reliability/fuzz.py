"""Coverage-guided fuzzing of every reader of files: `python -m tests.reliability.fuzz --minutes 30`.

Every format runs in a process of its own, with limits on memory and on the time of one file, from the sound
files that the damaged ones are made of. What is found is kept in the folder, with what was wrong beside it;
inputs that reached new code stay there too, and the next run goes on from them. Needs `atheris`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
INSTRUMENTED = ["core", "app.settings", "app.lost_work", "trimesh", "yaml", "pickletools", "zipfile", "json"]
"""Where new code counts as progress. HDF5 and safetensors are native: their files are changed blindly."""
LONGEST = 1 << 15
HANG_SECONDS = 20
"""Seconds after which a file counts as an endless loop; above `hostile.SECONDS` it is slow."""
STATISTICS = re.compile(r"#(\d+)\s+\w+(?:\s+cov: (\d+))?")


@dataclass
class Row:
    """What was done to one format, and found; `edges` are ways through the code that were reached."""

    format: str
    minutes: float = 0.0
    files: int = 0
    edges: int = 0
    findings: list[str] = field(default_factory=list)


def fuzz_one(name: str, seconds: int, folder: Path) -> None:
    """In the child: read changed files of one format until the time is over; does not return."""
    import atheris

    with atheris.instrument_imports(include=INSTRUMENTED):
        from tests.reliability import hostile
        from tests.reliability.mutation import damaged
        from tests.reliability.parsers import parser_named

        parser = parser_named(name)
        room, sound = Path(tempfile.mkdtemp()), Path(tempfile.mkdtemp())
        for number, seed in enumerate(parser.seeds):
            # Once in here: what a reader imports when it is first used is instrumented as well.
            wrong = hostile.read_one(parser, room / f"sound{parser.suffix}", seed)
            assert not wrong, f"a sound file: {wrong}"
            (sound / str(number)).write_bytes(seed)
    trespass: list[str] = []
    sys.addaudithook(partial(hostile.note_trespass, str(room), trespass))
    known: set[str] = set()

    def keep(data: bytes, wrong: str) -> None:
        # One of each: what it is, and where in the code it went wrong.
        kind = wrong.partition(":")[0] + wrong.rpartition("(")[2]
        if kind not in known:
            known.add(kind)
            path = folder / f"{name.replace(' ', '-')}-{hashlib.sha256(data).hexdigest()[:12]}{parser.suffix}"
            path.write_bytes(data)
            path.with_name(f"{path.name}.txt").write_text(f"{name}: {wrong}\n", encoding="utf-8")
            print(f"{path}: {' '.join(wrong.split())}", flush=True)

    def try_one(data: bytes) -> None:
        trespass.clear()
        wrong = hostile.read_one(parser, room / f"fuzzed{parser.suffix}", data)
        left = [entry.name for entry in room.iterdir()]
        if wrong or left or trespass:
            keep(data, wrong or f"left {left}, {trespass[:3]}")

    def change(data: bytes, limit: int, seed: int) -> bytes:
        rng = random.Random(seed)
        if rng.random() < 0.5:
            return bytes(atheris.Mutate(data, limit))
        # Now and then from a sound file: of native readers no way through the code is seen, so none is kept.
        return damaged(rng.choice(([data], parser.seeds)), parser.words, rng)[:limit]

    corpus = folder / "corpus" / name.replace(" ", "-")
    corpus.mkdir(parents=True, exist_ok=True)
    limit = hostile.address_space() + 2 * hostile.GROWTH
    resource.setrlimit(resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))
    atheris.Setup(
        [
            sys.argv[0], str(corpus), str(sound), f"-max_total_time={seconds}", f"-timeout={HANG_SECONDS}",
            "-rss_limit_mb=0", f"-max_len={LONGEST}", f"-artifact_prefix={folder}/{corpus.name}-",
        ],
        try_one,
        custom_mutator=change,
    )  # fmt: skip
    atheris.Fuzz()


def fuzz(name: str, minutes: float, folder: Path) -> Row:
    """Fuzz one format, in as many processes as it takes: one ends with the first crash or hang."""
    row = Row(name)
    began = time.monotonic()
    child = [sys.executable, "-m", "tests.reliability.fuzz", "--out", str(folder), "--child", name]
    while (left := round(60 * minutes - (time.monotonic() - began))) > 0:
        before = set(native(name, folder))
        with tempfile.TemporaryDirectory(prefix="partsmith-fuzz-") as room:
            done = subprocess.run(
                [*child, "--seconds", str(left)],
                cwd=ROOT,
                env={**os.environ, "TMPDIR": room},
                capture_output=True,
                text=True,
                errors="replace",
            )
        numbers = STATISTICS.findall(done.stderr)
        if not numbers:
            raise SystemExit(f"{name} could not be fuzzed:\n{done.stderr[-3000:]}")
        row.files += int(numbers[-1][0])
        row.edges = max(row.edges, int(numbers[-1][1] or 0))
        row.findings += [line for line in done.stdout.splitlines() if line.startswith(str(folder))]
        if not done.returncode:
            break
        new = sorted(str(path) for path in set(native(name, folder)) - before)
        row.findings.append(f"{', '.join(new)}: the process ended with {done.returncode}")
    row.minutes = (time.monotonic() - began) / 60
    return row


def native(name: str, folder: Path) -> list[Path]:
    """Files that a process of this format crashed on, or hung."""
    kinds = ("crash", "timeout", "oom", "leak")
    return [path for kind in kinds for path in folder.glob(f"{name.replace(' ', '-')}-{kind}-*")]


def main() -> int:
    """Fuzz; the exit code is 1 if anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.reliability.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0, help="for every format")
    parser.add_argument("--only", help="some formats, separated by commas")
    parser.add_argument("--out", type=Path, default=Path("out/fuzz"))
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--seconds", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    folder = options.out.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    if options.child:
        fuzz_one(options.child, options.seconds, folder)
    from tests.reliability.hostile import NAMES

    names = options.only.split(",") if options.only else NAMES
    if unknown := set(names) - set(NAMES):
        parser.error(f"no such format: {', '.join(sorted(unknown))}; known are {', '.join(NAMES)}")
    rows: list[Row] = []
    for name in names:
        rows.append(row := fuzz(name, options.minutes, folder))
        print(
            f"| {name} | {row.minutes:.1f} | {row.files:,} | {row.edges:,} | {len(row.findings)} |",
            flush=True,
        )
        for finding in row.findings:
            print(f"    {finding}", flush=True)
    (folder / "report.json").write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n")
    return 1 if any(row.findings for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
