"""Decoded surfaces by latent hash. Latents are the truth; any mesh may be dropped and decoded again."""

from __future__ import annotations

import threading
from collections import OrderedDict

from core.scene.shape import Mesh, Shape

DEFAULT_MAX_BYTES = 512 * 2**20


def mesh_bytes(mesh: Mesh) -> int:
    """Memory of a mesh's arrays, in bytes."""
    return mesh.vertices.nbytes + mesh.normals.nbytes + mesh.faces.nbytes + mesh.face_parts.nbytes


class MeshCache:
    """Least-recently-used cache, bounded in bytes; safe to use from several threads.

    Shapes with equal latents and checkpoint share an entry whatever their names, place or id, so undo finds
    its old mesh again. The mesh put last always stays, even if it alone is over the limit.

    Parameters
    ----------
    max_bytes : int
        Memory that the meshes may take.
    """

    def __init__(self, max_bytes: int = DEFAULT_MAX_BYTES) -> None:
        if max_bytes <= 0:
            raise ValueError("max_bytes must be positive")
        self.max_bytes = max_bytes
        self._meshes: OrderedDict[tuple[str, int], Mesh] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._meshes)

    @property
    def used_bytes(self) -> int:
        return self._bytes

    def get(self, shape: Shape, resolution: int) -> Mesh | None:
        """Mesh of these latents at this resolution, if it is known."""
        key = (shape.latent_hash, resolution)
        with self._lock:
            mesh = self._meshes.get(key)
            if mesh is not None:
                self._meshes.move_to_end(key)
            return mesh

    def best(self, shape: Shape) -> Mesh | None:
        """Mesh of these latents at the highest resolution known."""
        resolution = self.best_resolution(shape)
        return None if resolution is None else self.get(shape, resolution)

    def best_resolution(self, shape: Shape) -> int | None:
        """Highest resolution known for these latents."""
        wanted = shape.latent_hash
        with self._lock:
            return max((resolution for key, resolution in self._meshes if key == wanted), default=None)

    def put(self, shape: Shape, resolution: int, mesh: Mesh) -> None:
        """Remember a mesh; the ones used longest ago make room."""
        key = (shape.latent_hash, resolution)
        with self._lock:
            old = self._meshes.pop(key, None)
            if old is not None:
                self._bytes -= mesh_bytes(old)
            self._meshes[key] = mesh
            self._bytes += mesh_bytes(mesh)
            while self._bytes > self.max_bytes and len(self._meshes) > 1:
                _, dropped = self._meshes.popitem(last=False)
                self._bytes -= mesh_bytes(dropped)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._meshes.clear()
            self._bytes = 0
