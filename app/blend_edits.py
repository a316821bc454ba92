"""Blends of the active shape with another shape of the scene, or with a candidate."""

from __future__ import annotations

from dataclasses import dataclass

from app.candidate_edits import CandidateEdits
from app.edit_titles import candidate_title, parts_phrase
from core.edits.blending import blend_parts, candidate_state
from core.edits.calls import Call
from core.edits.job import EditError
from core.edits.requests import Sampled
from core.edits.results import Candidate
from core.scene.scene import Scene
from core.scene.shape import Shape


@dataclass(frozen=True, eq=False)
class BlendEnd:
    """What a shape can be blended with: a state, and how a script names it."""

    shape: Shape
    words: str
    request: Sampled | None = None
    number: int = 1


class BlendEdits(CandidateEdits):
    """Blending; the selected parts with their twins, or with none selected all of them."""

    def blend_ends(self) -> list[BlendEnd]:
        """What the active shape can be blended with: the candidate looked at last, then other shapes."""
        base = self.active_shape
        if base is None:
            return []
        ends = []
        if self.looked_at is not None:
            candidate, request = self.looked_at
            ends.append(self._candidate_end(candidate, request, base))
        ends += [BlendEnd(shape, shape.name) for shape in self.scene if shape.id != base.id]
        return [end for end in ends if end.shape.checkpoint == base.checkpoint]

    def preview_blend(self, end: BlendEnd, amount: float) -> bool:
        """Show what `blend` would do, without doing it; False and a message if it cannot be done."""
        base = self.active_shape
        if base is None:
            return False
        try:
            blended = blend_parts(base, end.shape, amount, self.target_parts(base))
        except EditError as error:
            self.post(str(error), "warning")
            return False
        if blended is base:
            self.surfaces.end_drag()
        else:
            self.surfaces.show_drag({base.id: blended})
        return True

    def blend(self, end: BlendEnd, amount: float) -> bool:
        """Blend as one undo step; False if nothing has changed."""
        base = self.active_shape
        parts = self.target_parts(base)
        selected = () if base is None else self.selection.of_shape(base.id)

        def scene() -> Scene:
            return self.scene.with_shape(blend_parts(self._shape(None), end.shape, amount, parts))

        if base is None or amount == 0.0:
            self.surfaces.end_drag()
            return False
        options: dict[str, object] = {} if end.number == 1 else {"number": end.number}
        if not self.twins_enabled:
            options["twins"] = False
        other = end.request if end.request is not None else end.shape.id
        arguments = (base.id, other, amount, list(selected)) if selected else (base.id, other, amount)
        what = parts_phrase(base, selected) if selected else base.name
        title = f"Blend {what} with {end.words} ({amount:.0%})"
        done = self._apply(title, scene, calls=[Call("blend", arguments, options)])
        if not done:
            self.surfaces.end_drag()
        return done

    @staticmethod
    def _candidate_end(candidate: Candidate, request: Sampled, base: Shape) -> BlendEnd:
        number = (candidate.seed - request.seed) % (2**32) + 1
        state = candidate_state(candidate, request, base)
        return BlendEnd(state, candidate_title(candidate, request), request, number)
