"""What of the program reads files, by format: sound files to start from, and how each is read.

Reading returns normally or raises one of the errors made for people; anything else is a bug.
"""

from __future__ import annotations

import io
import json
import shutil
import struct
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from safetensors.numpy import save

from core.edits.job import EditError
from core.scene.archive import SceneFileError, archive_bytes
from core.scene.storage import LATENTS_ENTRY, SCENE_ENTRY, read_scene, read_thumbnail, write_scene
from tests.core.scene.strategies import sphere_mesh
from tests.reliability.numbered import numbered
from tests.tiny import TINY_CHECKPOINT


@dataclass(frozen=True)
class Parser:
    """One format.

    Attributes
    ----------
    name, suffix : str
    seeds : list of bytes
        Sound files.
    read : callable
        Given a file with the suffix.
    expected : tuple of exception classes
    words : list of bytes
        What means something in the format; thrown in while damaging.
    """

    name: str
    suffix: str
    seeds: list[bytes]
    read: Callable[[Path], object]
    expected: tuple[type[Exception], ...]
    words: list[bytes] = field(default_factory=list)


def parser_named(name: str) -> Parser:
    """The reader of one format; only what it needs is imported."""
    makers = {
        "scene": _scene,
        "scene document": _document,
        "safetensors": _latents,
        "settings": _settings,
        "recovery facts": _session,
        "3MF model": _threemf_model,
    }
    if name.startswith("published"):
        from tests.reliability.parsers_published import published_parsers

        makers |= published_parsers()
    if name in makers:
        return makers[name]()
    parsers = _checkpoint_parts() if name.startswith("model") else _meshes()
    return next(parser for parser in parsers if parser.name == name)


def _scene() -> Parser:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.partsmith"
        write_scene(numbered(3), path, np.zeros((4, 4, 3), np.uint8))
        stored = path.read_bytes()
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(stored)) as source,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            target.writestr(name, source.read(name))

    def read(path: Path) -> None:
        read_scene(path)
        read_thumbnail(path)

    words = [b"PK\x01\x02", b"PK\x05\x06", b"../", SCENE_ENTRY.encode(), b"\xff" * 4, b'"version"']
    return Parser("scene", ".partsmith", [stored, packed.getvalue()], read, (SceneFileError,), words)


def _document() -> Parser:
    """The description inside a scene, without the checksum."""
    with zipfile.ZipFile(io.BytesIO(_scene().seeds[0])) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}

    def read(path: Path) -> None:
        path.write_bytes(archive_bytes(entries | {SCENE_ENTRY: path.read_bytes()}))
        read_scene(path)

    words = [b'"version":2', b'"parts"', b'"shapes":[]', b"null", b"1e999", b"NaN", b"[[", b'"x":{']
    return Parser("scene document", ".partsmith", [entries[SCENE_ENTRY]], read, (SceneFileError,), words)


def _latents() -> Parser:
    """The tensors inside a scene, without the checksum that would hide damage from their parser."""
    scene = numbered(3)
    tensors = {}
    for shape in scene:
        tensors |= {f"{shape.id}/extrinsics": shape.extrinsics, f"{shape.id}/intrinsics": shape.intrinsics}
    parts = [{"id": part.id} for part in scene.shapes[0].parts]
    document = {
        "format": "partsmith-scene",
        "version": 1,
        "shapes": [{"id": scene.shapes[0].id, "parts": parts}],
    }
    text = json.dumps(document).encode()

    def read(path: Path) -> None:
        latents = path.read_bytes()
        path.write_bytes(archive_bytes({SCENE_ENTRY: text, LATENTS_ENTRY: latents}))
        read_scene(path)

    words = [b'"dtype"', b'"F32"', b'"F64"', b'"shape"', b'"data_offsets"', b"18446744073709551615"]
    return Parser("safetensors", ".partsmith", [save(tensors)], read, (SceneFileError,), words)


def _settings() -> Parser:
    from app.settings import Settings, from_text

    seed = json.dumps({"version": 1, "theme": "light", "recent_files": ["a"], "parameters": {"count": 4}})

    def read(path: Path) -> None:
        folder = Path(tempfile.mkdtemp(dir=path.parent))
        path.rename(folder / "settings.json")
        settings = Settings.load(folder)
        from_text(settings.geometry)
        settings.save()
        shutil.rmtree(folder)

    return Parser("settings", ".json", [seed.encode(), b"{}"], read, (), [b'"theme"', b"null", b"1e999"])


def _session() -> Parser:
    from app.lost_work import facts_of

    def read(path: Path) -> None:
        folder = Path(tempfile.mkdtemp(dir=path.parent))
        path.rename(folder / "session.json")
        facts_of(folder)
        shutil.rmtree(folder)

    return Parser("recovery facts", ".json", [b'{"title": "chair"}'], read, (), [b'"title"', b"null", b"[["])


def _checkpoint_parts() -> list[Parser]:
    """Cards, configurations and weights of a model folder."""
    from core.checkpoints.catalog import describe
    from core.checkpoints.loading import CheckpointError, load_component, read_weights
    from core.models.part_namer import PartNamer

    def card(path: Path) -> None:
        folder = Path(tempfile.mkdtemp(dir=path.parent))
        path.rename(folder / "card.json")
        (folder / "encoder").mkdir()
        shutil.copy(TINY_CHECKPOINT / "encoder" / "config.json", folder / "encoder")
        try:
            describe(folder)
        finally:
            (folder / "encoder" / "config.json").unlink()
            (folder / "encoder").rmdir()
            shutil.rmtree(folder)

    def config(path: Path) -> None:
        folder = Path(tempfile.mkdtemp(dir=path.parent))
        path.rename(folder / "config.json")
        shutil.copy(TINY_CHECKPOINT / "part_namer" / "model.safetensors", folder)
        try:
            load_component(PartNamer, folder)
        finally:
            shutil.rmtree(folder)

    cards = [(TINY_CHECKPOINT / "card.json").read_bytes()]
    configs = [(TINY_CHECKPOINT / "part_namer" / "config.json").read_bytes()]
    weights = [save({"bias": np.ones(4, np.float32), "weight": np.ones((2, 3), np.float16)})]
    expected = (CheckpointError,)
    return [
        Parser("model card", ".json", cards, card, expected, [b'"labels"', b"null", b"NaN", b"[[[["]),
        Parser("model configuration", ".json", configs, config, expected, [b"65536", b"-1", b'"__class__"']),
        Parser("model weights", ".safetensors", weights, read_weights, expected, [b'"BF16"', b'"shape"']),
    ]


def _meshes() -> list[Parser]:
    import trimesh

    from core.meshing.mesh_files import SUFFIXES, read_mesh_file

    sphere = sphere_mesh(4, 5)
    mesh = trimesh.Trimesh(sphere.vertices, sphere.faces, process=False)
    scene = trimesh.Scene([mesh, mesh.copy()])
    glb = bytes(trimesh.exchange.gltf.export_glb(scene))
    size = struct.unpack("<I", glb[12:16])[0]
    tree = json.loads(glb[20 : 20 + size])
    tree["buffers"][0]["uri"] = "data:application/octet-stream;base64," + _base64(glb[28 + size :])
    seeds: dict[str, list[bytes]] = {
        ".obj": [_text(mesh, "obj"), b"v 0 0 0\nv 1 0 0\nv 0 1 0\nv 1 1 0\nf 1//1 2//1 3//1 4\n"],
        ".ply": [
            bytes(trimesh.exchange.ply.export_ply(mesh, encoding="binary")),
            bytes(trimesh.exchange.ply.export_ply(mesh, encoding="ascii")),
        ],
        ".stl": [bytes(trimesh.exchange.stl.export_stl(mesh)), _text(mesh, "stl_ascii")],
        ".off": [_text(mesh, "off")],
        ".glb": [glb],
        ".gltf": [json.dumps(tree).encode()],
        ".3mf": [_threemf(mesh.vertices.tolist(), mesh.faces.tolist())],
    }
    words = {
        ".obj": [b"f ", b"v ", b"vn ", b"mtllib ../../x\n", b"usemtl a\n", b"nan", b"/", b"f -1 -2 -3\n"],
        ".ply": [b"element face ", b"property list uchar int ", b"end_header", b"4294967295", b"double"],
        ".stl": [b"facet normal", b"vertex nan 1 1\n", b"endsolid", b"\xff\xff\xff\xff"],
        ".off": [b"OFF", b"COFF", b"4294967295 ", b"nan "],
        ".glb": [b'"count":', b'"children":[0]', b'"uri":"x.bin"', b'"sparse":{}', b'"extensions":{}'],
        ".gltf": [b'"count":', b'"children":[0]', b'"uri":"x.bin"', b"data:", b'"mode":0', b'"matrix":[]'],
        ".3mf": [b"PK", b"3D/3dmodel.model", b"\xff\xff\xff\xff"],
    }
    return [
        Parser(
            suffix[1:].upper(),
            suffix,
            seeds[suffix],
            read_mesh_file,
            (EditError,),
            words[suffix],
        )
        for suffix in SUFFIXES
    ]


def _threemf_model() -> Parser:
    """The model inside a 3MF, without the checksum."""
    from core.meshing.mesh_files import read_mesh_file

    sphere = sphere_mesh(4, 5)
    model = _model_xml(sphere.vertices.tolist(), sphere.faces.tolist())
    placed = b'<build><item objectid="2" transform="1 0 0 0 1 0 0 0 1 5 0 0"/></build></model>'
    parts = (
        b'<object id="2"><components><component objectid="1"/><component objectid="1"/></components></object>'
    )
    built = model.encode().replace(b"</resources></model>", parts + b"</resources>" + placed)

    def read(path: Path) -> None:
        path.write_bytes(_zipped_model(path.read_bytes()))
        read_mesh_file(path)

    words = [b'<component objectid="2"/>', b'<item objectid="1"/>', b"<!DOCTYPE x>", b'v1="99"', b"nan", b'"']
    return Parser("3MF model", ".3mf", [model.encode(), built], read, (EditError,), words)


def _threemf(vertices: list[list[float]], faces: list[list[int]]) -> bytes:
    return _zipped_model(_model_xml(vertices, faces).encode())


def _model_xml(vertices: list[list[float]], faces: list[list[int]]) -> str:
    points = "".join(f'<vertex x="{x}" y="{y}" z="{z}"/>' for x, y, z in vertices)
    triangles = "".join(f'<triangle v1="{a}" v2="{b}" v3="{c}"/>' for a, b, c in faces)
    held = f"<mesh><vertices>{points}</vertices><triangles>{triangles}</triangles></mesh>"
    return f'<model><resources><object id="1">{held}</object></resources></model>'


def _zipped_model(model: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("3D/3dmodel.model", model)
    return target.getvalue()


def _text(mesh: object, kind: str) -> bytes:
    exported = mesh.export(file_type=kind)  # type: ignore[attr-defined]
    return exported if isinstance(exported, bytes) else str(exported).encode()


def _base64(data: bytes) -> str:
    import base64

    return base64.b64encode(data).decode()
