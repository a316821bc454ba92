"""Settings every sampled edit shares: seed, number of candidates, steps, negative prompt, guidance."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from PySide6.QtCore import QRegularExpression, Signal, Slot
from PySide6.QtGui import QGuiApplication, QRegularExpressionValidator
from PySide6.QtWidgets import QDoubleSpinBox, QFrame, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from app import theme
from app.panels.widgets import Form, icon_button, label, pad_number, row, set_role
from core.edits.requests import MAX_SEED

MAX_CANDIDATES = 9
"""As many as the keys 1 to 9 can choose."""

MAX_STEPS = 1000
MAX_NEGATIVE = 300


@dataclass(frozen=True)
class SamplingSettings:
    """What the box says; `steps` 0 means the model's default."""

    seed: int
    count: int
    steps: int
    guidance: float
    negative: str = ""


def random_seed() -> int:
    return secrets.randbelow(MAX_SEED + 1)


class SamplingBox(QFrame):
    """Seed (dice, copy, lock), candidates, steps, negative prompt, guidance."""

    settings_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "card")
        self.seed_edit = QLineEdit(str(random_seed()))
        self.seed_edit.setValidator(QRegularExpressionValidator(QRegularExpression(r"\d{1,10}"), self))
        self.seed_edit.setAccessibleName("Seed")
        self.seed_edit.setToolTip(
            f"All randomness of a run follows from this number (0 to {MAX_SEED}).\n"
            "The same seed and settings give the same result on this machine."
        )
        self.dice_button = icon_button("dice", "New seed", "Roll another seed, to get other results.")
        self.copy_button = icon_button("copy", "Copy seed", "Copy the seed, to note it or use it elsewhere.")
        self.lock_button = icon_button(
            "lock-open",
            "Keep seed",
            "Keep this seed for the next runs, to compare settings.\nUnlocked, every run gets a new seed.",
            checkable=True,
        )
        self.count_spin = QSpinBox()
        self.count_spin.setRange(1, MAX_CANDIDATES)
        self.count_spin.setValue(4)
        self.count_spin.setAccessibleName("Candidates")
        self.count_spin.setToolTip("How many proposals a run makes. More take longer.")
        self.steps_spin = QSpinBox()
        self.steps_spin.setRange(0, MAX_STEPS)
        self.steps_spin.setSpecialValueText("auto")
        self.steps_spin.setSingleStep(5)
        self.steps_spin.setAccessibleName("Steps")
        self.steps_spin.setToolTip(
            "Denoising steps. More are slower and a little finer; 0 = the model's default."
        )
        self.negative_edit = QLineEdit()
        self.negative_edit.setMaxLength(MAX_NEGATIVE)
        self.negative_edit.setPlaceholderText("e.g. arms")
        self.negative_edit.setAccessibleName("Avoid")
        self.negative_edit.setToolTip("What the result should not be like, in words (negative prompt).")
        self.guidance_spin = QDoubleSpinBox()
        self.guidance_spin.setRange(1.0, 10.0)
        self.guidance_spin.setSingleStep(0.5)
        self.guidance_spin.setDecimals(1)
        self.guidance_spin.setValue(2.0)
        self.guidance_spin.setAccessibleName("Guidance")
        self.guidance_spin.setToolTip(
            "How closely the result follows the words: 1 = loosely, 5 = to the letter but less varied.\n"
            "Only used when there are words, to follow or to avoid."
        )
        for spin in (self.count_spin, self.steps_spin, self.guidance_spin):
            pad_number(spin)
            spin.setMinimumWidth(52)
        form = Form()
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(6)
        form.setHorizontalSpacing(10)
        seed_row = row(self.seed_edit, self.dice_button, self.copy_button, self.lock_button, spacing=2)
        form.addRow(label("Seed", "muted"), seed_row)
        numbers = row(self.count_spin, label("Steps", "muted"), self.steps_spin, spacing=8)
        numbers.setStretch(0, 1)
        numbers.setStretch(2, 1)
        form.addRow(label("Candidates", "muted"), numbers)
        self._guidance_label = label("Guidance", "muted")
        self.guidance_spin.setMaximumWidth(self.guidance_spin.fontMetrics().horizontalAdvance("10.0") + 40)
        words = row(self.negative_edit, self._guidance_label, self.guidance_spin, spacing=8)
        words.setStretch(0, 1)
        self._words = words
        form.addRow(label("Avoid", "muted"), words)
        self._form = form
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.addLayout(form)
        self.dice_button.clicked.connect(self.roll)
        self.copy_button.clicked.connect(self._on_copy_clicked)
        self.lock_button.toggled.connect(self._on_lock_toggled)
        self.seed_edit.editingFinished.connect(self._on_seed_edited)
        self.seed_edit.textChanged.connect(self.settings_changed)
        self.count_spin.valueChanged.connect(self.settings_changed)
        self.negative_edit.textChanged.connect(self.settings_changed)

    @property
    def settings(self) -> SamplingSettings:
        """Current values; a seed above the limit counts as the limit."""
        seed = min(int(self.seed_edit.text() or 0), MAX_SEED)
        negative = "" if self.negative_edit.isHidden() else self.negative_edit.text().strip()
        return SamplingSettings(
            seed, self.count_spin.value(), self.steps_spin.value(), self.guidance_spin.value(), negative
        )

    def set_settings(self, settings: SamplingSettings) -> None:
        """Show these values and keep the seed (they were asked for)."""
        self.seed_edit.setText(str(settings.seed))
        self.lock_button.setChecked(True)
        self.count_spin.setValue(settings.count)
        self.steps_spin.setValue(settings.steps)
        self.guidance_spin.setValue(settings.guidance)
        self.negative_edit.setText(settings.negative)

    def show_words(self, taken: bool, given: bool) -> None:
        """Show the negative prompt where an edit takes words, the guidance where there are any."""
        self._form.setRowVisible(self._words, taken)
        self.negative_edit.setVisible(taken)
        guided = taken and (given or bool(self.negative_edit.text()))
        self._guidance_label.setVisible(guided)
        self.guidance_spin.setVisible(guided)

    def advance(self) -> None:
        """After a run: another seed, unless it is locked."""
        if not self.lock_button.isChecked():
            self.roll()

    @Slot()
    def roll(self) -> None:
        """Another random seed."""
        self.seed_edit.setText(str(random_seed()))

    @Slot()
    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(str(self.settings.seed))

    @Slot()
    def _on_seed_edited(self) -> None:
        self.seed_edit.setText(str(self.settings.seed))

    @Slot(bool)
    def _on_lock_toggled(self, locked: bool) -> None:
        theme.bind_icon(self.lock_button, "lock" if locked else "lock-open")
        self.lock_button.setAccessibleName("Seed is kept" if locked else "Keep seed")
