"""3MF files: what slicers of 3D printers read, with a colour per part. Core specification 1.3."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

import numpy as np

from core.scene.shape import FloatArray, IntArray

_TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="model" ContentType="application/vnd.ms-package.3dmanufacturing-3dmodel+xml"/>
</Types>
"""
_RELATIONS = """<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Target="/3D/3dmodel.model" Id="model"
 Type="http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"/>
</Relationships>
"""
_DATE = (1980, 1, 1, 0, 0, 0)
"""The same file for the same shape, whenever it is written."""


@dataclass(frozen=True)
class PrintBody:
    """One shape to print.

    Attributes
    ----------
    vertices : float32 [V, 3]
    faces : int32 [F, 3]
    face_parts : int32 [F]
        Row of `part_names` and `part_colors` (sRGB float32 [P, 3]) of each face.
    """

    name: str
    vertices: FloatArray
    faces: IntArray
    face_parts: IntArray
    part_names: tuple[str, ...]
    part_colors: FloatArray


def three_mf(bodies: Sequence[PrintBody]) -> bytes:
    """The file. One unit of length is one millimetre; each shape is one closed object."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>\n<model unit="millimeter" xml:lang="en-US"'
        ' xmlns="http://schemas.microsoft.com/3dmanufacturing/core/2015/02">\n<resources>\n'
    ]
    items = []
    for index, body in enumerate(bodies):
        materials, thing = 2 * index + 1, 2 * index + 2
        lines.append(f'<basematerials id="{materials}">\n')
        for name, color in zip(body.part_names, body.part_colors, strict=True):
            code = "".join(f"{round(255 * float(np.clip(value, 0, 1))):02X}" for value in color)
            lines.append(f'<base name={quoteattr(name)} displaycolor="#{code}"/>\n')
        lines.append(
            f'</basematerials>\n<object id="{thing}" type="model" name={quoteattr(body.name)}'
            f' pid="{materials}" pindex="0">\n<mesh>\n<vertices>\n'
        )
        lines += [f'<vertex x="{x:.5f}" y="{y:.5f}" z="{z:.5f}"/>\n' for x, y, z in body.vertices.tolist()]
        lines.append("</vertices>\n<triangles>\n")
        rows = np.column_stack([body.faces, body.face_parts]).tolist()
        lines += [
            f'<triangle v1="{a}" v2="{b}" v3="{c}" pid="{materials}" p1="{part}"/>\n'
            for a, b, c, part in rows
        ]
        lines.append("</triangles>\n</mesh>\n</object>\n")
        items.append(f'<item objectid="{thing}"/>\n')
    lines += ["</resources>\n<build>\n", *items, "</build>\n</model>\n"]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (
            ("[Content_Types].xml", _TYPES),
            ("_rels/.rels", _RELATIONS),
            ("3D/3dmodel.model", "".join(lines)),
        ):
            archive.writestr(zipfile.ZipInfo(name, _DATE), text, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
