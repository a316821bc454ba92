"""Edits as calls of the Python interface (`core.api.Session`), and as the text of a script.

Every undo step of the window keeps the calls that would do the same, so that it can be copied as Python.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from textwrap import indent

import numpy as np

from core.edits.pasting import copied_parts
from core.edits.proposals import first_of
from core.edits.requests import (
    Complete,
    Encode,
    Fit,
    Generate,
    Mix,
    Refine,
    Request,
    Sampled,
    TextEdit,
    Vary,
)
from core.scene.parcel import pack
from core.scene.scene import Scene
from core.scene.shape import Shape
from core.scene.twins import with_twins

LATENTS = ("extrinsics", "intrinsics")
LINE = 100
"""Characters of a line of a script before its arguments are put on lines of their own."""


@dataclass(frozen=True, eq=False)
class Call:
    """A call of a method of `Session`.

    A `Sampled` request among the arguments stands for its candidates, a call for what it returns.
    """

    method: str
    arguments: tuple[object, ...] = ()
    options: dict[str, object] = field(default_factory=dict)


def call(method: str, *arguments: object, **options: object) -> Call:
    """A call, written like one."""
    return Call(method, arguments, options)


def accepting(request: Sampled, seed: int) -> Call:
    """Accept the candidate with this seed; the first one is taken for granted."""
    number = (seed - request.seed) % (2**32) + 1
    return Call("accept", (request,) if number == 1 else (request, number))


def moving(shape: Shape, part_ids: Sequence[int], matrix: np.ndarray, twins: bool) -> Call:
    """Transform parts by an affine matrix [4, 4] of the shape's frame; a mere shift reads as one."""
    options: dict[str, object] = {} if twins else {"twins": False}
    shift = np.eye(4)
    shift[:3, 3] = matrix[:3, 3]
    if shift.tobytes() == np.asarray(matrix, np.float64).tobytes():
        return Call("move", (shape.id, list(part_ids), tuple(shift[:3, 3].tolist())), options)
    return Call("transform", (shape.id, list(part_ids), np.asarray(matrix, np.float64).tolist()), options)


def pasting(scene: Scene, target: Shape | None, sources: Sequence[Shape]) -> Call:
    """Paste parts into a shape or as a new one: copied from the scene if it still has them, else a text."""
    copies = [_copying(scene, source) for source in sources]
    copied: object = copies[0] if len(copies) == 1 else copies
    if None in copies:
        copied = Call("unpack", (pack(sources).decode("ascii"),))
    return Call("paste_new", (copied,)) if target is None else Call("paste", (target.id, copied))


def _copying(scene: Scene, source: Shape) -> Call | None:
    """The call that copies these very parts from the scene."""
    base = scene.shape(source.id) if source.id in scene else None
    if base is None or not set(source.part_ids) <= set(base.part_ids):
        return None
    there = copied_parts(base, source.part_ids)
    known = (there.name, there.checkpoint, there.origin, there.parts)
    if known != (source.name, source.checkpoint, source.origin, source.parts):
        return None
    if any(getattr(there, kind).tobytes() != getattr(source, kind).tobytes() for kind in LATENTS):
        return None
    ids = list(source.part_ids)
    return call("copy", base.id, ids, **({} if set(with_twins(base, ids)) == set(ids) else {"twins": False}))


def request_call(request: Request) -> Call:
    """The call that makes a request.

    Raises
    ------
    TypeError
        If no method of `Session` makes such a request.
    """
    if isinstance(request, Sampled) and request.like is not None:
        made = accepting(request.like, request.like_seed)
        return Call("more_like", made.arguments, {"seed": request.seed})
    arguments: list[object] = []
    match request:
        case Generate(text=text):
            name = "generate"
            arguments += [text] if text else []
        case Complete() | Vary() | Refine() | TextEdit():
            name = {Complete: "complete", Vary: "vary", Refine: "refine", TextEdit: "text_edit"}[
                type(request)
            ]
            arguments.append(request.base.id)
            if isinstance(request, TextEdit):
                arguments.append(request.text)
            if request.parts:
                arguments.append(list(request.parts))
        case Mix():
            name, arguments = "mix", [request.base.id, request.source.id, list(request.take)]
        case Fit():
            name, arguments = "fit", [request.base.id]
        case Encode():
            name, arguments = "encode", [request.path]
        case _:
            raise TypeError(f"no method makes a {type(request).__name__}")
    return Call(name, tuple(arguments), _options(request))


def _options(request: Request) -> dict[str, object]:
    """What a request has other than by default; the seed always."""
    options: dict[str, object] = {}
    parts = getattr(request, "parts", ())
    base = getattr(request, "base", None)
    if parts and isinstance(base, Shape) and set(with_twins(base, parts)) != set(parts):
        options["twins"] = False
    if isinstance(request, Mix):
        options["drop"] = list(request.drop)
    if isinstance(request, Generate) and request.checkpoint:
        options["model"] = request.checkpoint
    if isinstance(request, Complete) and request.text:
        options["text"] = request.text
    plain = "strength resample steps guidance negative count tries placement unit seed".split()
    known = {known.name: known.default for known in fields(request)}
    for name in plain:
        if name in known and (getattr(request, name) != known[name] or name in ("seed", "strength")):
            options[name] = getattr(request, name)
    return options


def starts_from(request: Request, scene: Scene) -> bool:
    """Whether the shapes of a request stand in a scene as the very values it has."""
    request = first_of(request)
    shapes = [getattr(request, name, None) for name in ("base", "source")]
    return all(any(known is shape for known in scene) for shape in shapes if isinstance(shape, Shape))


@dataclass(frozen=True, eq=False)
class Step:
    """An undo step: the scene before it, and the calls that do it."""

    before: Scene
    calls: tuple[Call, ...]


def first_needed(steps: Sequence[Step]) -> int | None:
    """Number of the step from whose scene the last one can be repeated; None if no scene will do."""
    needed = len(steps) - 1
    for step_number in range(len(steps) - 1, -1, -1):
        if step_number < needed:
            break
        for request in _requests(steps[step_number]):
            place = _place(request, steps, step_number)
            if place is None:
                return None
            needed = min(needed, place)
    return needed


def script(steps: Sequence[Step], scene: Path | None) -> str:
    """A Python script that does some steps, from a scene file or an empty scene.

    Raises
    ------
    ValueError
        If a request started from shapes that none of the steps' scenes has.
    """
    uses: dict[int, int] = {}
    for step in steps:
        for request in _requests(step):
            uses[id(request)] = uses.get(id(request), 0) + 1
    names: dict[int, str] = {}
    made: dict[int, list[Request]] = {}
    for number, step in enumerate(steps):
        for request in _requests(step):
            place = _place(request, steps, number)
            if place is None:
                raise ValueError("a request starts from shapes that are not in the history")
            if id(request) not in names and (place < number or uses[id(request)] > 1):
                names[id(request)] = f"candidates_{len(names) + 1}"
                made.setdefault(place, []).append(request)
    lines = []
    for number, step in enumerate(steps):
        lines += [
            f"{names[id(request)]} = {_text(request_call(request), names)}"
            for request in made.get(number, ())
        ]
        lines += [_text(made_call, names) for made_call in step.calls]
    body = "\n".join(lines)
    imports = "Placement, Session" if "Placement(" in body else "Session"
    start = f"Session.open({str(scene)!r})" if scene is not None else "Session()"
    return f"from partsmith import {imports}\n\nsession = {start}\n{body}\n"


def _requests(step: Step) -> list[Request]:
    """The requests of a step, those that others are like before them."""
    found: list[Request] = []
    for made in step.calls:
        for value in made.arguments:
            chain = []
            while isinstance(value, Sampled):
                chain.append(value)
                value = value.like
            found += reversed(chain)
    return found


def _place(request: Request, steps: Sequence[Step], number: int) -> int | None:
    """The last step up to `number` whose scene a request started from."""
    return next((at for at in range(number, -1, -1) if starts_from(request, steps[at].before)), None)


def _text(made: Call, names: dict[int, str]) -> str:
    words = [_word(value, names) for value in made.arguments]
    words += [f"{name}={_word(value, names)}" for name, value in made.options.items()]
    line = f"session.{made.method}({', '.join(words)})"
    if len(line) <= LINE or not words:
        return line
    inner = "\n".join(indent(f"{word},", "    ") for word in words)
    return f"session.{made.method}(\n{inner}\n)"


def _word(value: object, names: dict[int, str]) -> str:
    if isinstance(value, Request):
        return names.get(id(value)) or _text(request_call(value), names)
    if isinstance(value, Call):
        return _text(value, names)
    if isinstance(value, list) and any(isinstance(item, Call) for item in value):
        return f"[{', '.join(_word(item, names) for item in value)}]"
    return repr(value)
