"""The edit panel: choose an edit, set it up, run it. Results land in the gallery, never in the scene."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app import theme
from app.document import Document
from app.edit_titles import parts_phrase
from app.editor import Editor
from app.panels.edit_pages import (
    CompletePage,
    EditPage,
    GeneratePage,
    RefinePage,
    TextPage,
    VaryPage,
    WordedPage,
)
from app.panels.mix_page import MixPage
from app.panels.sampling_box import SamplingBox, SamplingSettings
from app.panels.widgets import label, line, row, set_role
from core.edits.job import EditError
from core.edits.requests import Sampled

PAGES = (GeneratePage, CompletePage, MixPage, VaryPage, TextPage, RefinePage)
PAGE_HEIGHT = 110
"""Least height of a page: what one writes or sets first is in sight in a low window too."""
LOW = 470
"""Height of the panel below which pages do without the words that their tabs have as tool tips."""
MINIMUM_WIDTH = 330
BUTTON_MARGIN = 64
"""Width of the run button that is not for words: icon, padding, the difference of bold text."""


class RunButton(QPushButton):
    """A button that shortens its words to its width."""

    def __init__(self) -> None:
        super().__init__()
        self.words = ""
        self.setIconSize(QSize(16, 16))

    def set_words(self, words: str) -> None:
        """Show these words, as far as there is room."""
        self.words = words
        room = self.width() - BUTTON_MARGIN
        shown = self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room)
        # An ampersand would be taken for a mnemonic.
        self.setText(f" {shown}".replace("&", "&&"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.set_words(self.words)


class EditPanel(QWidget):
    """Pages Generate, Complete, Mix, Vary, Text, Refine over one shared sampling box and one run button."""

    def __init__(self, document: Document, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "panel")
        self.setMinimumWidth(MINIMUM_WIDTH)
        self._document = document
        self._editor = editor
        self.pages: dict[str, EditPage] = {}
        self.tabs: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._front = ""
        body = QWidget()
        # Hidden pages take no room, while a stacked widget would be as tall as its tallest page.
        body_rows = QVBoxLayout(body)
        body_rows.setContentsMargins(12, 10, 12, 4)
        tab_row = row(spacing=2)
        tab_row.setContentsMargins(8, 8, 8, 6)
        for number, kind in enumerate(PAGES):
            page = kind(editor)
            self.pages[page.key] = page
            page.hide()
            body_rows.addWidget(page)
            tab = self._tab(page)
            self.tabs[page.key] = tab
            self._group.addButton(tab, number)
            tab_row.addWidget(tab, 1)
            page.changed.connect(self._on_page_changed)
            page.submitted.connect(self.run)
        body_rows.addStretch(1)
        self.target_label = label("", "heading", wrap=True)
        self.target_hint = label("", "muted", wrap=True)
        self.sampling = SamplingBox()
        self.run_button = RunButton()
        set_role(self.run_button, "primary")
        self.run_button.setAccessibleName("Run the edit")
        self.run_button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.reason = label("", "warning", wrap=True)

        target = QFrame()
        target_rows = QVBoxLayout(target)
        target_rows.setContentsMargins(12, 8, 12, 0)
        target_rows.setSpacing(1)
        target_rows.addWidget(self.target_label)
        target_rows.addWidget(self.target_hint)
        self._target = target
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(body)
        scroll.setMinimumHeight(PAGE_HEIGHT)
        foot = QVBoxLayout()
        foot.setContentsMargins(12, 4, 12, 12)
        foot.setSpacing(8)
        foot.addWidget(self.sampling)
        foot.addWidget(self.reason)
        foot.addWidget(self.run_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(tab_row)
        layout.addWidget(line())
        layout.addWidget(target)
        layout.addWidget(scroll, 1)
        layout.addLayout(foot)

        self._group.idClicked.connect(self._on_tab_clicked)
        self.run_button.clicked.connect(self.run)
        self.sampling.settings_changed.connect(self._on_page_changed)
        document.scene_changed.connect(self._on_scene_changed)
        document.selection_changed.connect(self._on_selection_changed)
        editor.twins_changed.connect(self._on_twins_changed)
        editor.worker.engine_ready.connect(self._on_engine_changed)
        editor.worker.engine_failed.connect(self._on_engine_changed)
        theme.changes.theme_changed.connect(self._on_theme_changed)
        self.show_page("generate")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for page in self.pages.values():
            page.tip_label.setVisible(self.height() >= LOW)

    @property
    def page(self) -> EditPage:
        """The page in front."""
        return self.pages[self._front]

    def show_page(self, key: str, focus: bool = False) -> EditPage:
        """Bring a page to the front: generate, complete, mix, vary, text or refine."""
        page = self.pages[key]
        self._front = key
        for other, known in self.pages.items():
            known.setVisible(other == key)
        self.tabs[key].setChecked(True)
        self._refresh()
        if focus:
            page.focus()
        return page

    @Slot()
    def run(self) -> None:
        """Submit the edit in front, unless it is impossible."""
        if self.run_button.isEnabled() and self.page.run(self.sampling.settings) is not None:
            self.sampling.advance()

    @Slot(object)
    def restore(self, request: object) -> None:
        """Show the page and all settings a request was made with, to run it again or change a little."""
        for page in self.pages.values():
            if isinstance(request, Sampled) and type(request) is page.kind:
                page.restore(request)
                made_with = (request.seed, request.count, request.steps, request.guidance, request.negative)
                self.sampling.set_settings(SamplingSettings(*made_with))
                self.show_page(page.key, focus=True)
                return

    def parameters(self) -> dict[str, object]:
        """Settings worth remembering between two starts (JSON values)."""
        settings = self.sampling.settings
        strengths = {
            key: page.strength.strength for key, page in self.pages.items() if hasattr(page, "strength")
        }
        return {
            "page": self.page.key,
            "count": settings.count,
            "steps": settings.steps,
            "guidance": settings.guidance,
            "strengths": strengths,
        }

    def set_parameters(self, values: dict[str, object]) -> None:
        """Use what `parameters` gave; anything missing or odd is skipped."""
        count, steps, guidance = (values.get(name) for name in ("count", "steps", "guidance"))
        if isinstance(count, int):
            self.sampling.count_spin.setValue(count)
        if isinstance(steps, int):
            self.sampling.steps_spin.setValue(steps)
        if isinstance(guidance, int | float):
            self.sampling.guidance_spin.setValue(float(guidance))
        strengths = values.get("strengths")
        for key, value in (strengths if isinstance(strengths, dict) else {}).items():
            slider = getattr(self.pages.get(key), "strength", None)
            if slider is not None and isinstance(value, int | float) and 0 <= value <= 1:
                slider.set_strength(round(float(value), 2))
        if values.get("page") in self.pages:
            self.show_page(str(values["page"]))

    @Slot(int)
    def _on_tab_clicked(self, number: int) -> None:
        self.show_page(list(self.pages)[number])

    @Slot()
    def _on_page_changed(self) -> None:
        self._refresh()

    @Slot(object, object)
    def _on_scene_changed(self, old: object, new: object) -> None:
        self._refresh()

    @Slot(object)
    def _on_selection_changed(self, selection: object) -> None:
        self._refresh()

    @Slot(bool)
    def _on_twins_changed(self, enabled: bool) -> None:
        self._refresh()

    @Slot(object)
    def _on_engine_changed(self, engine: object) -> None:
        self._refresh()

    @Slot(bool)
    def _on_theme_changed(self, dark: bool) -> None:
        self._refresh()

    def _refresh(self) -> None:
        page = self.page
        self._show_target(page)
        self.sampling.show_words(isinstance(page, WordedPage), page.steered_by_text)
        if isinstance(page, WordedPage):
            page.suggest()
        try:
            request = page.request(self.sampling.settings)
        except EditError as error:
            text, reason = f"{page.name} ...", str(error)
        else:
            text, reason = page.words(request), self._editor.worker.error
        self.run_button.set_words(text)
        self.run_button.setEnabled(not reason)
        self.run_button.setToolTip(reason or f"{text}. The proposals appear in the gallery (Ctrl+Enter).")
        self.run_button.setAccessibleDescription(reason or text)
        shades = theme.colors()
        self.run_button.setIcon(theme.icon(page.icon, shades.muted if reason else shades.on_accent))
        self.reason.setText(reason)
        self.reason.setVisible(bool(reason))

    def _show_target(self, page: EditPage) -> None:
        """Which shape and parts the edit in front is about."""
        shape = self._editor.active_shape
        self._target.setVisible(page.key != "generate" and shape is not None)
        if shape is None:
            return
        chosen = self._editor.selection.of_shape(shape.id)
        every = self._editor.target_parts(shape)
        self.target_label.setText(shape.name)
        if not chosen:
            self.target_hint.setText("No parts selected. Click parts in the view or the outliner.")
            return
        twins = len(every) - len(chosen)
        added = f", with {'its twin' if twins == 1 else f'{twins} twins'}" if twins > 0 else ""
        phrase = parts_phrase(shape, chosen)
        self.target_hint.setText(f"{phrase[:1].upper()}{phrase[1:]} selected{added}")

    @staticmethod
    def _tab(page: EditPage) -> QToolButton:
        tab = QToolButton()
        theme.bind_icon(tab, page.icon)
        tab.setText(page.name)
        tab.setIconSize(QSize(20, 20))
        tab.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        tab.setCheckable(True)
        tab.setAccessibleName(f"{page.name} page")
        tab.setToolTip(page.tip)
        tab.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        set_role(tab, "tab")
        return tab
