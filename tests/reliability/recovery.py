"""Recovery after a crash: offered and right in every case, and the person's own files are never touched.

Runs in a process of its own, because it makes copies of itself that die.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.reliability.apart import apart
from tests.reliability.faults import KILLS, Disk
from tests.reliability.figures import Outcome, figure

MINE = "mine.partsmith"


@figure("cases of recovery that are not offered or not right, or touch the person's file", 150)
def matrix(quick: bool) -> Outcome:
    return apart("tests.reliability.recovery", "run_matrix", quick)


# --- in the process of its own ----------------------------------------------------------------------------


class Place:
    """A folder with a scene of the person's own, and a recovery folder."""

    def __init__(self, parent: Path) -> None:
        from core.scene.storage import write_scene
        from tests.reliability.numbered import numbered

        self.mine = parent / MINE
        self.recovery = parent / "recovery"
        write_scene(numbered(1), self.mine)
        self.digest = self._digest()

    def _digest(self) -> str:
        return hashlib.sha256(self.mine.read_bytes()).hexdigest()

    @property
    def untouched(self) -> bool:
        return self.mine.exists() and self._digest() == self.digest

    def offered(self) -> list[int]:
        """Numbers of the scenes that are offered, sorted."""
        from app.lost_work import find_lost
        from tests.reliability.numbered import number_of

        return sorted(number_of(lost.scene) for lost in find_lost(self.recovery) if len(lost.scene))

    def sessions(self) -> list[Path]:
        return sorted(path for path in self.recovery.iterdir() if path.is_dir())

    def restored(self, disk: Disk | None = None) -> int:
        """Restore what is offered last, in a process of its own that then dies; its exit code."""
        from app.lost_work import find_lost
        from tests.reliability.editors import Process, Tell, new_editor

        def work(tell: Tell) -> None:
            lost = find_lost(self.recovery)[-1]
            _, document, recovery = new_editor(self.recovery)
            if disk is None:
                recovery.restore(lost)
            else:
                with disk.watched():
                    recovery.restore(lost)
                tell(disk.names)
            assert document.modified
            assert document.path is None
            os._exit(7)

        self.process = Process(work)
        return self.process.join()


def case_killed(place: Place, rng: random.Random) -> str:
    from tests.reliability.editors import killed_editor

    number = rng.randint(2, 99)
    killed_editor(place.recovery, [number], place.mine)
    return "" if place.offered() == [number] else f"offered: {place.offered()}"


def case_second_crash(place: Place, rng: random.Random) -> str:
    """It is offered, nobody decides, the next editor crashes as well: both are offered."""
    from tests.reliability.editors import killed_editor

    killed_editor(place.recovery, [11], place.mine)
    place.offered()
    killed_editor(place.recovery, [12])
    return "" if place.offered() == [11, 12] else f"offered: {place.offered()}"


def case_restored_and_crashed(place: Place, rng: random.Random) -> str:
    """Restored, and killed right after: it is offered again, once."""
    from tests.reliability.editors import killed_editor

    killed_editor(place.recovery, [21], place.mine)
    for _ in range(3):
        code = place.restored()
        if code != 7 or place.offered() != [21]:
            return f"{code}, {place.process.told}, offered: {place.offered()}"
    return ""


def case_corrupt_newest(place: Place, rng: random.Random) -> str:
    from app.lost_work import snapshots
    from tests.reliability.editors import killed_editor

    killed_editor(place.recovery, [31, 32, 33], place.mine)
    newest = snapshots(place.sessions()[0])[-1]
    data = newest.read_bytes()
    newest.write_bytes(rng.choice((b"", data[: rng.randrange(len(data))], data[:-20] + bytes(20))))
    return "" if place.offered() == [32] else f"offered: {place.offered()}"


def case_corrupt_all(place: Place, rng: random.Random) -> str:
    """Nothing can be offered: nothing is deleted either."""
    from app.lost_work import snapshots
    from tests.reliability.editors import killed_editor

    killed_editor(place.recovery, [41, 42], place.mine)
    files = snapshots(place.sessions()[0])
    for path in files:
        path.write_bytes(b"PK")
    if place.offered():
        return f"offered: {place.offered()}"
    return "" if all(path.exists() for path in files) else "deleted"


def case_corrupt_primary(place: Place, rng: random.Random) -> str:
    """The person's own file is broken: refused and left alone; its backup opens, recovery is offered."""
    from core.scene.storage import SceneFileError, read_scene, write_scene
    from tests.reliability.editors import Process, Tell, killed_editor, new_editor
    from tests.reliability.numbered import number_of, numbered

    write_scene(numbered(2), place.mine)
    killed_editor(place.recovery, [51], place.mine)
    data = place.mine.read_bytes()
    place.mine.write_bytes(data[: rng.randrange(len(data))])
    place.digest = place._digest()

    def work(tell: Tell) -> None:
        _, document, _ = new_editor(place.recovery)
        try:
            document.open(place.mine)
        except SceneFileError:
            tell("refused")

    process = Process(work)
    process.join()
    backup = number_of(read_scene(place.mine.with_name(MINE + "~")))
    good = process.told == ["refused"] and backup == 1 and place.offered() == [51]
    return "" if good else f"{process.told}, backup {backup}, offered: {place.offered()}"


def case_newer_file(place: Place, rng: random.Random) -> str:
    """The person's file has a later time than the snapshot: offered all the same, never over the file."""
    from tests.reliability.editors import killed_editor

    killed_editor(place.recovery, [61], place.mine)
    later = time.time() + rng.choice((1, 3600, 10**8))
    os.utime(place.mine, (later, later))
    code = place.restored()
    return "" if code == 7 and place.offered() == [61] else f"{code}, offered: {place.offered()}"


def case_clock_set_back(place: Place, rng: random.Random) -> str:
    """Times of files and in files are nonsense: the numbers of the snapshots count."""
    from app.lost_work import FACTS, snapshots
    from tests.reliability.editors import killed_editor

    killed_editor(place.recovery, [71, 72, 73], place.mine)
    session = place.sessions()[0]
    for path in snapshots(session):
        moment = rng.uniform(0, 4e9)
        os.utime(path, (moment, moment))
    (session / FACTS).write_text(json.dumps({"title": "mine", "written": rng.choice((0, 1e10, -5, "x"))}))
    return "" if place.offered() == [73] else f"offered: {place.offered()}"


def case_broken_facts(place: Place, rng: random.Random) -> str:
    from app.lost_work import FACTS
    from tests.reliability.editors import killed_editor

    killed_editor(place.recovery, [81], place.mine)
    facts = place.sessions()[0] / FACTS
    broken = rng.choice((None, b"", b"[" * 99_999, b"\xff\xfe", b"null", b'{"title": 7}', b"x" * 200_000))
    if broken is None:
        facts.unlink()
    else:
        facts.write_bytes(broken)
    return "" if place.offered() == [81] else f"offered: {place.offered()}"


def case_odd_folder(place: Place, rng: random.Random) -> str:
    """Other things in the recovery folder disturb nothing."""
    from tests.reliability.editors import killed_editor

    killed_editor(place.recovery, [91], place.mine)
    (place.recovery / "a file").write_bytes(b"x")
    (place.recovery / "empty").mkdir()
    (place.recovery / "a link").symlink_to(place.mine.parent / "nowhere")
    (place.sessions()[-1] / "000099.partsmith").mkdir(exist_ok=True)
    offered = place.offered()
    return "" if offered == [91] else f"offered: {offered}"


def case_two_editors(place: Place, rng: random.Random) -> str:
    """Both have opened the file. One saves; the other's save is not let through unasked. Both crash."""
    from app.document import ChangedOnDiskError
    from core.scene.storage import read_scene
    from tests.reliability.editors import Process, Tell, new_editor
    from tests.reliability.numbered import number_of, numbered

    def editor(number: int, wait: Path) -> Process:
        def work(tell: Tell) -> None:
            _, document, recovery = new_editor(place.recovery)
            document.open(place.mine)
            document.apply(numbered(number), "Edit")
            recovery.keep()
            tell("kept")
            while not wait.exists():
                time.sleep(0.01)
            try:
                document.save()
                tell("saved")
            except ChangedOnDiskError:
                tell("refused")
            document.apply(numbered(number + 1), "Edit")
            recovery.keep()
            tell("kept again")
            time.sleep(600)

        return Process(work)

    first_go, second_go = place.mine.with_name("first"), place.mine.with_name("second")
    first, second = editor(101, first_go), editor(201, second_go)
    for process in (first, second):
        process.wait_for("kept")
    if place.offered():
        return "work of running editors is offered"
    first_go.touch()
    first.wait_for("kept again")
    second_go.touch()
    second.wait_for("kept again")
    first.kill()
    second.kill()
    place.digest = place._digest()
    found = number_of(read_scene(place.mine))
    good = "saved" in first.told and "refused" in second.told and found == 101
    good = good and place.offered() == [102, 202]
    return "" if good else f"{first.told}, {second.told}, file {found}, offered: {place.offered()}"


def case_saved(place: Place, rng: random.Random) -> str:
    """Everything was saved before the crash: nothing is offered."""
    from tests.reliability.editors import Process, Tell, new_editor
    from tests.reliability.numbered import numbered

    def work(tell: Tell) -> None:
        _, document, recovery = new_editor(place.recovery)
        document.apply(numbered(3), "Edit")
        recovery.keep()
        document.save(place.mine.with_name("other.partsmith"))
        tell("saved")
        time.sleep(600)

    process = Process(work)
    process.wait_for("saved")
    process.kill()
    return "" if place.offered() == [] else f"offered: {place.offered()}"


CASES: list[Callable[[Place, random.Random], str]] = [
    case_killed, case_second_crash, case_restored_and_crashed, case_corrupt_newest, case_corrupt_all,
    case_corrupt_primary, case_newer_file, case_clock_set_back, case_broken_facts, case_odd_folder,
    case_two_editors, case_saved,
]  # fmt: skip


def run_matrix(quick: bool) -> Outcome:
    """Every case several times, and recovery killed at every one of its operations."""
    from tests.reliability.editors import killed_editor

    outcome = Outcome()
    rng = random.Random(11)
    for case in CASES:
        for _ in range(1 if quick else 8):
            with tempfile.TemporaryDirectory() as parent:
                place = Place(Path(parent))
                wrong = case(place, rng)
                if not wrong and not place.untouched:
                    wrong = "the person's file was touched"
                outcome.check(not wrong, f"{case.__name__}: {wrong}")
    with tempfile.TemporaryDirectory() as parent:
        place = Place(Path(parent))
        killed_editor(place.recovery, [5], place.mine)
        before = Path(parent) / "before"
        shutil.copytree(place.recovery, before)
        place.restored(Disk(place.recovery))
        names = place.process.told[-1]
        for at in range(1, len(names) + 1, 7 if quick else 1):
            for moment, happens in KILLS.items():
                shutil.rmtree(place.recovery)
                shutil.copytree(before, place.recovery)
                code = place.restored(Disk(place.recovery, at, happens))
                good = code == -9 and set(place.offered()) == {5} and place.untouched
                where = f"{moment} operation {at}, {names[at - 1]}"
                outcome.check(good, f"killed while recovering {where}: {code}, offered {place.offered()}")
    outcome.note = f"{len(CASES)} cases, and a kill at each of {len(names)} operations of a recovery"
    return outcome
