"""No file can name code to run: what could do that is searched for in every module, exceptions are listed."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
UNSAFE_MODULES = {
    "pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "runpy", "code",
    "codeop", "imp", "jsonpickle", "ctypes", "cffi",
}  # fmt: skip
UNSAFE_CALLS = {
    "eval", "exec", "compile", "__import__", "globals", "locals", "os.system", "os.popen",
    "torch.load", "torch.jit.load", "torch.hub.load", "torch.package.PackageImporter", "numpy.load",
    "numpy.lib.format.read_array", "numpy.core.multiarray._reconstruct", "yaml.load", "yaml.load_all",
    "yaml.full_load", "yaml.full_load_all", "yaml.unsafe_load", "yaml.unsafe_load_all",
    "importlib.import_module", "importlib.reload", "importlib.util.spec_from_file_location",
    "importlib.util.find_spec", "pandas.read_pickle", "types.FunctionType", "types.CodeType",
}  # fmt: skip
BY_NAME = {
    "getattr",
    "setattr",
    "delattr",
    "operator.attrgetter",
    "operator.methodcaller",
    "object.__setattr__",
}
"""Harmless with a name that is written there; with any other it must be known where the name is from."""
FLAGS = ("shell", "allow_pickle", "trust_remote_code")

ALLOWED = {
    # Names of commands are those of a table in the module.
    ("core/cli.py", "importlib.import_module"): 1,
    # Where the package with the sentence model is: a constant; found, never imported.
    ("core/models/text_encoder.py", "importlib.util.find_spec"): 1,
    # Fields of the class itself, only values come from the file, and only of the field's type.
    ("app/settings.py", "getattr"): 2,
    ("app/settings.py", "setattr"): 2,
    # Names of preferences, and attributes of the window: both from the table in the code.
    ("app/preferences.py", "getattr"): 1,
    ("app/preferences.py", "setattr"): 1,
    ("app/preference_table.py", "getattr"): 2,
    ("app/preference_table.py", "setattr"): 1,
    # Names of stored arrays, compared with five known ones just before; read, never called.
    ("core/published/convert.py", "getattr"): 1,
    # Fields of a record that the module itself lists.
    ("core/scene/parcel.py", "getattr"): 1,
    ("core/scene/scene_document.py", "getattr"): 1,
    ("core/scene/shape.py", "getattr"): 2,
    ("core/scene/shape.py", "object.__setattr__"): 2,
    ("core/models/schedule.py", "getattr"): 2,
    # Networks by the names the class gives them.
    ("core/models/representation.py", "getattr"): 1,
    # Keyword arguments, options and fields: named in the code that calls.
    ("app/edit_context.py", "getattr"): 1,
    ("core/edits/proposals.py", "getattr"): 1,
    ("core/edits/calls.py", "getattr"): 5,
    ("core/corpus/wordings/__init__.py", "getattr"): 1,
    # Options, and a command that the parser has compared with those there are.
    ("core/cli_edits.py", "getattr"): 2,
}
"""What is found and is right, by file and name, with how often; what is not found any more fails too."""


def source_files() -> list[Path]:
    """Python files of the program itself."""
    return [*sorted((ROOT / "app").rglob("*.py")), *sorted((ROOT / "core").rglob("*.py")), ROOT / "main.py"]


def imported_names(tree: ast.AST) -> dict[str, str]:
    """What names in a module stand for: ``{"np": "numpy", "load": "torch.load"}``."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.asname: alias.name for alias in node.names if alias.asname}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return names


def dotted(node: ast.expr, names: dict[str, str]) -> str:
    """``a.b.c`` of a name or attribute chain with imports followed, "" of anything else."""
    if isinstance(node, ast.Name):
        return names.get(node.id, node.id)
    if isinstance(node, ast.Attribute) and (owner := dotted(node.value, names)):
        return f"{owner}.{node.attr}"
    return ""


def is_literal(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant)


def is_safe_loader(node: ast.Call, names: dict[str, str]) -> bool:
    """Whether a yaml call is told to build plain values only."""
    loaders = [keyword.value for keyword in node.keywords if keyword.arg == "Loader"]
    return bool(loaders) and dotted(loaders[0], names) in ("yaml.SafeLoader", "yaml.CSafeLoader")


def unsafe_uses(tree: ast.AST) -> Iterator[str]:
    """What in a module could run foreign code, or reach code by a name that is data."""
    names = imported_names(tree)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] in UNSAFE_MODULES)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in UNSAFE_MODULES:
            yield str(node.module)
        elif isinstance(node, ast.Call):
            yield from _unsafe_call(node, names)
        elif isinstance(node, ast.Name | ast.Attribute) and id(node) not in called:
            # Handed on to be called elsewhere: `map(eval, lines)`.
            if (name := dotted(node, names)) in UNSAFE_CALLS:
                yield name


def _unsafe_call(node: ast.Call, names: dict[str, str]) -> Iterator[str]:
    name = dotted(node.func, names)
    if name in UNSAFE_CALLS and not (name.startswith("yaml.") and is_safe_loader(node, names)):
        yield name
    elif name in ("yaml.parse", "yaml.compose", "yaml.compose_all") and not is_safe_loader(node, names):
        yield name
    elif name in BY_NAME:
        place = 0 if name.startswith("operator.") else 1
        if len(node.args) <= place or not is_literal(node.args[place]):
            yield name
    for keyword in node.keywords:
        if keyword.arg in FLAGS and not (is_literal(keyword.value) and keyword.value.value is False):  # type: ignore[attr-defined]
            yield f"{keyword.arg}="


def test_no_module_runs_what_a_file_names() -> None:
    found: Counter[tuple[str, str]] = Counter()
    for path in source_files():
        for use in unsafe_uses(ast.parse(path.read_text(encoding="utf-8"))):
            found[path.relative_to(ROOT).as_posix(), use] += 1
    assert dict(found) == ALLOWED


@pytest.mark.parametrize(
    "code",
    [
        "import pickle",
        "from pickle import loads",
        "import numpy.ctypeslib, ctypes",
        "torch.load('x')",
        "from torch import load as read; read('x')",
        "import torch as t; t.jit.load('x')",
        "eval('1')",
        "list(map(eval, lines))",
        "builtin = __import__",
        "exec(text)",
        "compile(text, 'x', 'exec')",
        "subprocess.run('ls', shell=True)",
        "import numpy as np; np.load('x')",
        "numpy.load('x', allow_pickle=False)",
        "AutoModel.from_pretrained('x', trust_remote_code=flag)",
        "import yaml; yaml.load(text)",
        "yaml.load(text, Loader=yaml.Loader)",
        "from yaml import unsafe_load; unsafe_load(text)",
        "yaml.parse(text)",
        "from importlib import import_module; import_module(stored['class'])",
        "getattr(module, stored['class'])",
        "setattr(self, key, value)",
        "globals()[name]()",
        "from operator import methodcaller; methodcaller(name)(x)",
    ],
)
def test_unsafe_code_would_be_found(code: str) -> None:
    assert list(unsafe_uses(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        "model.eval(); run(['ls'], shell=False)",
        "yaml.safe_load(text); yaml.load(text, Loader=yaml.SafeLoader)",
        "from yaml import parse, SafeLoader; parse(text, Loader=SafeLoader)",
        "getattr(error, 'strerror', None)",
        "import re; re.compile(text)",
    ],
)
def test_what_is_safe_is_not_accused(code: str) -> None:
    assert not list(unsafe_uses(ast.parse(code)))
