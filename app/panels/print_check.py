"""Whether what is to be exported would come out of a printer: looked at in the background, told in words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from app.edit_titles import job_title
from app.panels.widgets import label, set_role
from app.worker import EditWorker
from core.edits.job import Progress
from core.edits.requests import CheckPrint
from core.edits.results import PrintChecked
from core.scene.shape import Shape

Look = tuple[str, str, int, bool]
"""What a finding is about: id and latent hash of a shape, cells, whether parts are cut from its file."""


class PrintCheck(QWidget):
    """Looks at one surface after the other, as an export would write it, and tells what it found.

    What was found is kept while the dialog is open: to tick a shape again costs nothing.

    Signals
    -------
    changed()
        It says something else, and may need more or less room.
    """

    changed = Signal()

    def __init__(self, worker: EditWorker) -> None:
        super().__init__()
        self._worker = worker
        self._wanted: dict[Look, Shape] = {}
        self._found: dict[Look, PrintChecked | str] = {}
        self._request: CheckPrint | None = None
        self._look: Look | None = None
        self._job: int | None = None
        self.state = label("", "muted", wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.bar.setAccessibleName("Progress of the print check")
        self.problems = label("", "warning", wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for widget in (self.state, self.bar, self.problems):
            layout.addWidget(widget)
        worker.job_progressed.connect(self._on_job_progressed)
        worker.job_finished.connect(self._on_job_finished)
        worker.job_failed.connect(self._on_job_failed)
        worker.job_cancelled.connect(self._on_job_cancelled)
        self._show()

    def look_at(self, shapes: Sequence[Shape], resolution: int, keep_original: bool) -> None:
        """Look at the surfaces that these shapes, with just their exported parts, would be written with."""
        wanted: dict[Look, Shape] = {}
        for shape in shapes:
            kept = keep_original and shape.original is not None
            wanted[shape.id, shape.latent_hash, resolution, kept] = shape
        if wanted.keys() != self._wanted.keys():
            # What could not be looked at is tried again.
            self._found = {look: found for look, found in self._found.items() if not isinstance(found, str)}
        self._wanted = wanted
        if self._look not in wanted:
            self._cancel()
        self._go_on()

    def stop(self) -> None:
        """Look at nothing any more."""
        self.look_at((), 0, False)

    def _go_on(self) -> None:
        missing = [look for look in self._wanted if look not in self._found]
        if missing and self._request is None and not self._worker.error:
            self._look = look = missing[0]
            shape, (*_, resolution, kept) = self._wanted[look], look
            self._request = request = CheckPrint(
                shape=shape, resolution=resolution, keep_original=kept, checkpoint=shape.checkpoint
            )
            self.bar.setValue(round(1000 * (1 - len(missing) / len(self._wanted))))
            job = self._worker.submit(request, job_title(request))
            # With a worker that answers at once it has ended already.
            self._job = job if self._request is request else self._job
        self._show()

    def _cancel(self) -> None:
        job, self._request, self._look, self._job = self._job, None, None, None
        if job is not None:
            self._worker.cancel(job)

    def _show(self) -> None:
        missing = [look for look in self._wanted if look not in self._found]
        running = bool(missing) and self._request is not None
        said = [self._words(look, shape) for look, shape in self._wanted.items() if look in self._found]
        problems = "\n".join(dict.fromkeys(words for words in said if words))
        if running:
            name = self._wanted[missing[0]].name
            state = f"Checking {name} for printing, as it will be written ({missing[0][2]} cells)…"
        else:
            state = "" if problems or not self._wanted or missing else "Ready to print: closed, in one piece."
        set_role(self.state, "muted" if running else "success")
        for widget, text in ((self.state, state), (self.problems, problems)):
            widget.setText(text)
            widget.setVisible(bool(text))
        self.bar.setVisible(running)
        self.setVisible(bool(state or problems))
        self.changed.emit()

    def _words(self, look: Look, shape: Shape) -> str:
        """What would go wrong on a printer, and what to do about it; empty if nothing would."""
        found, (*_, resolution, kept) = self._found[look], look
        if isinstance(found, str):
            return found
        if not found.watertight and kept:
            return (
                "Parts cut from their file leave the surface open where they meet the others. "
                "For printing, untick “Cut unedited parts from their file”."
            )
        if not found.watertight:
            return (
                f"The surface of {shape.name} is not closed at {resolution} cells. Choose another "
                "resolution, or mend the file in the program that prints it."
            )
        if found.pieces > 1:
            return (
                f"{shape.name} is in {found.pieces} pieces that do not touch: a print would fall apart. "
                "Mend it with Create > Refine joints, or delete the loose parts."
            )
        return ""

    def _keep(self, found: PrintChecked | str) -> None:
        if self._look is not None:
            self._found[self._look] = found
        self._request, self._look, self._job = None, None, None
        self._go_on()

    @Slot(int, object)
    def _on_job_progressed(self, job_id: int, progress: Progress) -> None:
        if job_id == self._job:
            done = sum(look in self._found for look in self._wanted)
            self.bar.setValue(round(1000 * (done + progress.fraction) / len(self._wanted)))

    @Slot(int, object)
    def _on_job_finished(self, _job_id: int, result: object) -> None:
        if isinstance(result, PrintChecked) and result.request is self._request:
            self._keep(result)

    @Slot(int, str, str)
    def _on_job_failed(self, job_id: int, message: str, _trace: str) -> None:
        if self._request is not None and self._worker.request_of(job_id) is self._request:
            self._keep(message)

    @Slot(int)
    def _on_job_cancelled(self, job_id: int) -> None:
        if self._request is not None and self._worker.request_of(job_id) is self._request:
            self._keep("The check for printing was cancelled. Choose the purpose again to repeat it.")
