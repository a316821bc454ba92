"""The reader of hostile files: torch's own files come back bit by bit, everything else is refused by name."""

from __future__ import annotations

import io
import os
import pickle
import pickletools
import struct
import subprocess
import sys
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.checkpoints.loading import CheckpointError
from core.published import quarantine
from core.published.plain_pickle import RefusedFileError, read_pickle
from core.published.torch_files import read_settings, read_state
from tests.published import save_options


def state() -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(1)
    whole = torch.randn(6, 5, generator=generator)
    return OrderedDict(
        weight=whole,
        transposed=whole.T,
        row=whole[2],
        parameter=torch.nn.Parameter(torch.randn(3, generator=generator)),
        double=torch.randn(2, dtype=torch.float64, generator=generator),
        half=torch.randn(4, generator=generator).half(),
        bfloat=torch.randn(4, generator=generator).bfloat16(),
        counts=torch.tensor([1, -2, 3]),
        flags=torch.tensor([True, False]),
        scalar=torch.tensor(7.5),
        nothing=torch.zeros(0, 3),
    )


@pytest.mark.parametrize("zipped", [True, False], ids=["zip", "stream"])
def test_torch_files_come_back_exactly(tmp_path: Path, zipped: bool) -> None:
    tensors = state()
    torch.save(tensors, tmp_path / "x.ckpt", _use_new_zipfile_serialization=zipped)
    found = quarantine.read_tensors(tmp_path / "x.ckpt")
    assert set(found) == set(tensors)
    for name, tensor in tensors.items():
        wanted = tensor.float() if tensor.dtype == torch.bfloat16 else tensor
        assert found[name].dtype == wanted.dtype
        assert torch.equal(found[name], wanted), name


def test_a_module_state_dict_is_read(tmp_path: Path) -> None:
    module = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4))
    torch.save(module.state_dict(), tmp_path / "x.ckpt")
    found = read_state(tmp_path / "x.ckpt")
    assert {name: array.shape for name, array in found.items()} == {
        name: tuple(tensor.shape) for name, tensor in module.state_dict().items()
    }


def test_settings_are_plain_values(tmp_path: Path) -> None:
    save_options(tmp_path / "options.pkl", {"dim_z": 256})
    found = quarantine.read_settings(tmp_path / "options.pkl")
    assert found["dim_z"] == 256
    assert found["symmetric"] == [True, False, False]
    assert found["device"] == "cuda:0"
    assert found["reg_weight"] == 1e-4


class Bomb:
    """Runs a command when it is unpickled."""

    def __init__(self, call: Callable[..., object], *arguments: object) -> None:
        self.call, self.arguments = call, arguments

    def __reduce__(self) -> tuple[object, ...]:
        return self.call, self.arguments


@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4, 5])
@pytest.mark.parametrize("zipped", [True, False], ids=["zip", "bare"])
def test_nothing_a_pickle_names_is_run(tmp_path: Path, protocol: int, zipped: bool) -> None:
    trace = tmp_path / "was-here"
    path = tmp_path / "x.ckpt"
    hostile = pickle.dumps({"x": Bomb(os.system, f"touch {trace}")}, protocol)
    if zipped:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("archive/data.pkl", hostile)
    else:
        path.write_bytes(hostile)
    with pytest.raises(CheckpointError, match=r"x\.ckpt is refused.*(posix\.system|neither a torch zip)"):
        quarantine.read_tensors(path)
    with pytest.raises(CheckpointError, match=r"names posix\.system"):
        bare = tmp_path / "options.pkl"
        bare.write_bytes(hostile)
        quarantine.read_settings(bare)
    assert not trace.exists()
    pickle.loads(pickle.dumps(Bomb(Path.touch, trace)))  # noqa: S301
    assert trace.exists(), "the bomb is a real one"


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (os.system, "posix.system"),
        (subprocess.check_output, "subprocess.check_output"),
        (eval, "builtins.eval"),
        (getattr, "builtins.getattr"),
        (torch.load, "torch.serialization.load"),
        (torch.nn.Linear, "torch.nn.modules.linear.Linear"),
    ],
)
def test_other_names_are_refused(call: Callable[..., object], named: str) -> None:
    with pytest.raises(RefusedFileError, match=named.replace(".", r"\.")):
        read_pickle(io.BytesIO(pickle.dumps(Bomb(call, "1"), 4)))


def _assembled(*lines: bytes) -> io.BytesIO:
    return io.BytesIO(b"\x80\x02" + b"".join(lines) + b".")


STORAGE = b"(X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\0000NJ\xff\xff\xff\xfftQ"
"""A storage of -1 numbers."""


@pytest.mark.parametrize(
    ("stream", "message"),
    [
        (_assembled(b"ccollections\nOrderedDict\n", b"cposix\nsystem\n", b"\x85R"), "posix.system"),
        (_assembled(b"\x8c\x06Option\x93"), "stack is empty"),
        (_assembled(b"coptions\nOptions\n)R"), "calls options.Options"),
        (_assembled(b"ctorch\ndevice\n)\x81"), "instance of torch.device"),
        (_assembled(b"K\x01)R"), "call of something that has no name"),
        (_assembled(b"K\x01Q"), "no tensor storage"),
        (_assembled(STORAGE), "-1"),
        (_assembled(b"h\x05"), "memo entry 5"),
        (_assembled(b"]K\x01b"), "sets the state"),
        (_assembled(b"]}s"), "stack is empty|no dict"),
        (_assembled(b"K\x010"), "instruction POP"),
        (_assembled(b"}]K\x01s"), "list as key"),
        (_assembled(b"(i__main__\nx\n"), "INST"),
        (_assembled(b"\x82\x01"), "EXT1"),
        (_assembled(b"P0\n"), "PERSID"),
        (_assembled(b"\x97"), "NEXT_BUFFER"),
        (_assembled(b"\xff"), "unknown"),
        (_assembled(b"X\xff\xff\xff\x7fabc"), "damaged"),
        (_assembled(b"\x8d" + struct.pack("<Q", 1 << 60) + b"abc"), "damaged"),
        (_assembled(b"\x8b\xff\xff\xff\x7f1"), "damaged|LONG4"),
        (io.BytesIO(b"\x80\x02K"), "damaged"),
        (io.BytesIO(b""), "damaged"),
    ],
)  # fmt: skip
def test_damaged_and_foreign_instructions_are_refused(stream: io.BytesIO, message: str) -> None:
    with pytest.raises(RefusedFileError, match=message):
        read_pickle(stream)


@given(st.data())
def test_any_change_of_a_pickle_is_read_or_refused(data: st.DataObject) -> None:
    """Whatever bytes are changed or cut, the end is plain values or a refusal, never another error."""
    buffer = io.BytesIO()
    torch.save(OrderedDict(a=torch.zeros(2, 3), b=torch.ones(4)), buffer)
    with zipfile.ZipFile(buffer) as archive:
        raw = bytearray(archive.read("archive/data.pkl"))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    raw = raw[: data.draw(st.integers(1, len(raw)))]
    try:
        read_pickle(io.BytesIO(bytes(raw)))
    except RefusedFileError:
        pass


@given(st.data())
def test_any_change_of_a_file_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("changed") / "x.ckpt"
    torch.save(
        OrderedDict(a=torch.zeros(2, 3)), path, _use_new_zipfile_serialization=data.draw(st.booleans())
    )
    raw = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(bytes(raw[: data.draw(st.integers(1, len(raw)))]))
    try:
        read_state(path)
    except RefusedFileError:
        pass


def rewritten(path: Path, change: Callable[[str, bytes], bytes | None], packed: bool = False) -> Path:
    """A torch zip file with changed entries."""
    with zipfile.ZipFile(path) as archive:
        entries = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    kind = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    with zipfile.ZipFile(path, "w", kind) as archive:
        for name, raw in entries.items():
            if (new := change(name, raw)) is not None:
                archive.writestr(name, new)
    return path


def _with_number(raw: bytes, old: int, new: int) -> bytes:
    """A pickle with a small whole number turned into a large one."""
    assert raw.count(b"K" + bytes([old])) >= 1
    return raw.replace(b"K" + bytes([old]), b"\x8a\x08" + struct.pack("<q", new))


@pytest.mark.parametrize(
    ("change", "packed", "message"),
    [
        (lambda n, r: _with_number(r, 30, 1 << 50) if n.endswith(".pkl") else r, False, "are declared"),
        (lambda n, r: _with_number(r, 6, 1 << 50) if n.endswith(".pkl") else r, False, "reaches beyond"),
        (lambda n, r: r[:-1] if n.endswith("data/0") else r, False, "119 bytes where 30 numbers"),
        (lambda n, r: None if n.endswith("data/0") else r, False, "is missing"),
        (lambda n, r: None if n.endswith(".pkl") else r, False, r"no data\.pkl"),
        (lambda n, r: b"big" if n.endswith("byteorder") else r, False, "little-endian"),
        (lambda n, r: r, True, "packed"),
        (lambda n, r: pickle.dumps([1]) if n.endswith(".pkl") else r, False, "a list, not a dictionary"),
        (lambda n, r: pickle.dumps({"epoch": 3}) if n.endswith(".pkl") else r, False, "'epoch' is a int"),
    ],
    ids=["storage", "shape", "short", "missing", "no pickle", "byte order", "packed", "list", "number"],
)  # fmt: skip
def test_sizes_are_checked_before_anything_is_made(
    tmp_path: Path, change: Callable[[str, bytes], bytes | None], packed: bool, message: str
) -> None:
    torch.save({"w": torch.zeros(6, 5)}, tmp_path / "x.ckpt")
    path = rewritten(tmp_path / "x.ckpt", change, packed)
    with pytest.raises(RefusedFileError, match=message):
        read_state(path)


def test_every_truncation_is_refused(tmp_path: Path) -> None:
    for zipped in (True, False):
        path = tmp_path / f"{zipped}.ckpt"
        torch.save({"w": torch.arange(40.0)}, path, _use_new_zipfile_serialization=zipped)
        whole = path.read_bytes()
        for length in range(1, len(whole) - 1, max(1, len(whole) // 60)):
            path.write_bytes(whole[:length])
            with pytest.raises(RefusedFileError):
                read_state(path)


def test_other_formats_are_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "x.ckpt"
    path.write_bytes(b"hello there")
    with pytest.raises(CheckpointError, match=r"x\.ckpt is refused.*neither a torch zip"):
        quarantine.read_tensors(path)
    path.write_bytes(pickle.dumps({"a": 1}, 2))
    with pytest.raises(CheckpointError, match="no torch stream"):
        quarantine.read_tensors(path)
    with pytest.raises(CheckpointError, match="missing"):
        quarantine.read_tensors(tmp_path / "nowhere")


def test_nested_values_without_end_are_refused(tmp_path: Path) -> None:
    levels: list[object] = []
    for _ in range(40):
        levels = [levels, levels]
    endless: dict[str, object] = {}
    endless["self"] = endless
    for value in ({"a": levels}, endless):
        (tmp_path / "options.pkl").write_bytes(pickle.dumps(value))
        with pytest.raises(RefusedFileError, match="no plain value"):
            read_settings(tmp_path / "options.pkl")


def test_the_reading_process_has_little_memory_and_time(tmp_path: Path) -> None:
    """What costs more than the file explains ends with the process, not with the program."""
    loop = b"\x80\x02]q\x00" + b"(" + b"h\x00" * 3_000_000 + b"e."
    (tmp_path / "options.pkl").write_bytes(loop)
    with pytest.raises(CheckpointError, match=r"options\.pkl is refused"):
        quarantine.read_settings(tmp_path / "options.pkl")


def test_the_reading_process_opens_nothing_else(tmp_path: Path) -> None:
    code = (
        "import sys, socket; from pathlib import Path; from core.published.reader import confine\n"
        "confine(Path(sys.argv[1]), Path(sys.argv[2]))\n"
        "from core.published.plain_pickle import RefusedFileError\n"
        "open(sys.argv[1]).close()\n"
        "import os, subprocess\n"
        "for act in (lambda: open(sys.argv[3]), lambda: socket.socket(), lambda: os.system('true'),\n"
        "            lambda: subprocess.run(['true']), lambda: os.remove(sys.argv[3])):\n"
        "    try: act()\n"
        "    except RefusedFileError: continue\n"
        "    sys.exit(f'not refused')\n"
        "try: bytearray(1 << 33)\n"
        "except MemoryError: sys.exit(0)\n"
        "sys.exit('memory')\n"
    )
    for name in ("source", "target", "other"):
        (tmp_path / name).write_text("x")
    names = [str(tmp_path / name) for name in ("source", "target", "other")]
    done = subprocess.run(
        [sys.executable, "-c", code, *names], capture_output=True, text=True, timeout=60, check=False,
        cwd=quarantine.ROOT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "other").read_text() == "x"


def test_opcodes_that_are_allowed_are_those_torch_writes() -> None:
    """The reader knows every instruction in torch's own files, in both formats."""
    for zipped in (True, False):
        buffer = io.BytesIO()
        torch.save(state(), buffer, _use_new_zipfile_serialization=zipped)
        if zipped:
            with zipfile.ZipFile(buffer) as archive:
                buffer = io.BytesIO(archive.read("archive/data.pkl"))
        buffer.seek(0)
        names = {opcode.name for opcode, _, _ in pickletools.genops(buffer)}
        assert names <= {"PROTO", "STOP", "LONG1"} or "BINPERSID" in names


def test_the_reading_process_has_no_torch() -> None:
    """Nothing that could unpickle or run a model is even loaded where hostile files are read."""
    code = (
        "import sys, core.published.reader\n"
        "found = {'torch', 'pickle5', 'dill', 'cloudpickle', 'joblib'} & set(sys.modules)\n"
        "sys.exit(f'loaded: {found}' if found else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=quarantine.ROOT,
    )
    assert done.returncode == 0, done.stderr
