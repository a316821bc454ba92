"""Which heat map the viewport shows: a shape against its file, or what has changed; never both."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from app.changes import Changes
from app.editor import Editor
from app.heat import heat_of_original
from app.originals import Originals
from app.viewport.canvas import Viewport
from core.edits.requests import Sampled
from core.edits.results import Candidate


class HeatMaps(QObject):
    """Commands that draw shapes by distances.

    Signals
    -------
    changed()
        Another map, or none, is shown.
    """

    changed = Signal()

    def __init__(self, editor: Editor, originals: Originals, viewport: Viewport, parent: QObject) -> None:
        super().__init__(parent)
        self.changes = Changes(editor, self)
        self._originals = originals
        self._viewport = viewport
        originals.comparison_changed.connect(self._on_heat_changed)
        self.changes.changed.connect(self._on_heat_changed)
        viewport.legend.close_button.clicked.connect(self.close)

    def toggle_comparison(self) -> None:
        """Show the active shape against its file, or as usual again."""
        self.changes.close()
        self._originals.toggle_comparison()

    def toggle_changes(self) -> None:
        """Show what has changed, or everything as usual again."""
        self._originals.close()
        self.changes.toggle()

    @Slot(object, object)
    def show_changes_of(self, candidate: Candidate, request: Sampled) -> None:
        """Show what a candidate would change."""
        self._originals.close()
        self.changes.show(candidate, request)
        self.changed.emit()

    @Slot()
    def close(self) -> None:
        """Draw every shape in its own colours."""
        self._originals.close()
        self.changes.close()
        self.changed.emit()

    @Slot(object)
    def _on_heat_changed(self, _heat: object) -> None:
        compared = self._originals.comparison
        self._viewport.show_heat(heat_of_original(compared) if compared is not None else self.changes.heat)
        self.changed.emit()
