"""What is known of why editors died, to be read and copied; it goes nowhere by itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication, QFrame, QPlainTextEdit, QVBoxLayout, QWidget

from app.crash_report import Crash, report
from app.panels.widgets import Elided, label, labelled_button, row, set_role

SHOWN_HEIGHT = 170


class CrashBox(QFrame):
    """The cause of the newest crash in a line, and the report of all of them.

    Parameters
    ----------
    crashes : sequence of Crash
        At least one, newest last.
    log_file : Path

    Signals
    -------
    shown(bool)
        The report was opened or closed.
    """

    shown = Signal(bool)

    def __init__(self, crashes: Sequence[Crash], log_file: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "card")
        self._crashes = list(reversed(crashes))
        self._log_file = log_file
        self.cause = Elided(_cause(self._crashes), "heading")
        self.cause.setToolTip(self._crashes[0].cause)
        self.note = label(
            "The report stays on this machine unless you paste it somewhere.", "muted", wrap=True
        )
        self.show_button = labelled_button("search", "Show report", "Read the report here.")
        self.show_button.setCheckable(True)
        self.copy_button = labelled_button(
            "copy", "Copy report", "Copy it for a bug report; paths of your home folder are left out."
        )
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAccessibleName("Crash report")
        self.text.setMinimumHeight(SHOWN_HEIGHT)
        self.text.hide()
        self.show_button.toggled.connect(self._on_shown)
        self.copy_button.clicked.connect(self._on_copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(6)
        top = row(self.cause, self.show_button, self.copy_button)
        top.setStretch(0, 1)
        layout.addLayout(top)
        layout.addWidget(self.note)
        layout.addWidget(self.text, 1)

    @property
    def report(self) -> str:
        """The reports of all crashes, newest first."""
        return ("\n" + "-" * 72 + "\n\n").join(report(crash, self._log_file) for crash in self._crashes)

    @Slot(bool)
    def _on_shown(self, shown: bool) -> None:
        if shown and not self.text.toPlainText():
            self.text.setPlainText(self.report)
        self.text.setVisible(shown)
        self.show_button.setText("Hide report" if shown else "Show report")
        self.shown.emit(shown)

    @Slot()
    def _on_copy(self) -> None:
        QApplication.clipboard().setText(self.report)
        self.note.setText("The report is on the clipboard: paste it into the bug report.")


def _cause(newest_first: Sequence[Crash]) -> str:
    others = len(newest_first) - 1
    more = f" ({others} earlier)" if others else ""
    return f"Cause: {newest_first[0].cause}{more}"
