"""One page of the edit panel per sampled edit: its own settings, its request, and how to run it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from app.edit_titles import job_title, parts_phrase, quoted
from app.editor import Editor
from app.engines import EngineInfo
from app.panels.prompt_box import PromptBox
from app.panels.provenance import counted, describe_model, model_names
from app.panels.sampling_box import SamplingSettings
from app.panels.strength_slider import StrengthSlider
from app.panels.widgets import label
from core.edits import proposals
from core.edits.job import EditError
from core.edits.proposals import Sampling
from core.edits.requests import Complete, Generate, Refine, Sampled, TextEdit, Vary
from core.scene.shape import Shape


def sampling(settings: SamplingSettings) -> Sampling:
    """The shared settings as options of the editor's methods."""
    return Sampling(
        seed=settings.seed,
        count=settings.count,
        steps=settings.steps,
        guidance=settings.guidance,
        negative=settings.negative,
    )


class EditPage(QWidget):
    """Base of all pages.

    A page builds the very request its button would submit, only to read it: its title becomes the button's
    words and its refusal (`EditError`) the reason why the button is off. Running goes through the editor.

    Attributes
    ----------
    key, icon, name : str
        Used by commands, the page switcher and screen readers.
    tip : str
        What the edit does, in a sentence.
    kind : type
        Class of its request.
    """

    key = ""
    icon = ""
    name = ""
    tip = ""
    kind: type[Sampled] = Sampled

    changed = Signal()
    submitted = Signal()

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.editor = editor
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setSpacing(10)
        self.tip_label = label(self.tip, "muted", wrap=True)
        self.rows.addWidget(self.tip_label)

    def request(self, settings: SamplingSettings) -> Sampled:
        """What running now would submit (raises EditError with the reason if it cannot)."""
        raise EditError("Choose an edit.")

    def run(self, settings: SamplingSettings) -> int | None:
        """Submit through the editor; the job id, or None if it refused."""
        return None

    def restore(self, request: Sampled) -> None:
        """Show the settings a request was made with."""

    def words(self, request: Sampled) -> str:
        """What the run button says."""
        return job_title(request)

    @property
    def steered_by_text(self) -> bool:
        """Whether there are words that steer it."""
        return False

    def focus(self) -> None:
        """Put the keyboard where one starts."""

    def _base(self) -> Shape:
        shape = self.editor.active_shape
        if shape is None:
            raise EditError("There is no shape yet. Generate one first.")
        return shape


class WordedPage(EditPage):
    """Base of pages that take words."""

    prompt_name = ""
    hint = ""

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(editor, parent)
        self.prompt = PromptBox(editor.document, self.prompt_name, self.hint)
        self.rows.addWidget(self.prompt)
        self.prompt.text_changed.connect(self.changed)
        self.prompt.submitted.connect(self.submitted)

    @property
    def checkpoint(self) -> str:
        """Id of the model that reads the words, "" = the default one."""
        shape = self.editor.active_shape
        return shape.checkpoint if shape is not None else ""

    @property
    def steered_by_text(self) -> bool:
        return bool(self.prompt.text)

    def suggest(self) -> None:
        """Suggest what the model has read."""
        info = self.editor.worker.info
        if info is not None:
            self.prompt.edit.set_vocabulary(info.model(self.checkpoint).vocabulary)

    def focus(self) -> None:
        self.prompt.edit.setFocus()


class GeneratePage(WordedPage):
    """New shapes, from words or from nothing."""

    key, icon, name, kind = "generate", "generate", "Generate", Generate
    tip = "Make new shapes. Describe one in a few words, or leave the field empty for a surprise."
    prompt_name, hint = "Description (optional)", "e.g. an office chair with round arms and wheels"

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(editor, parent)
        self.model = QComboBox()
        self.model.setAccessibleName("What to generate")
        self.model.setToolTip("Each category has a model of its own.")
        self.model.hide()
        self.rows.insertWidget(self.rows.indexOf(self.prompt), self.model)
        self.model.currentIndexChanged.connect(self.changed)
        editor.worker.engine_ready.connect(self._on_engine_ready)
        editor.worker.models_changed.connect(self._on_engine_ready)
        if editor.worker.info is not None:
            self._on_engine_ready(editor.worker.info)

    @property
    def checkpoint(self) -> str:
        return str(self.model.currentData() or "")

    def request(self, settings: SamplingSettings) -> Generate:
        return proposals.generate_request(self.prompt.text, self.checkpoint, sampling(settings))

    def run(self, settings: SamplingSettings) -> int | None:
        return self.editor.generate(self.prompt.text, self.checkpoint, **sampling(settings))

    def restore(self, request: Sampled) -> None:
        assert isinstance(request, Generate)
        self.prompt.set_text(request.text)
        self.set_checkpoint(request.checkpoint)

    def set_checkpoint(self, checkpoint: str) -> None:
        """Choose a model by id; the default one for "" and for a model that is not at hand."""
        self.model.setCurrentIndex(max(self.model.findData(checkpoint), 0))

    @Slot(object)
    def _on_engine_ready(self, info: EngineInfo) -> None:
        chosen = self.checkpoint
        self.model.clear()
        names = model_names(info.models)
        for model in info.models:
            self.model.addItem(names[model.id], model.id)
            self.model.setItemData(self.model.count() - 1, describe_model(model), Qt.ItemDataRole.ToolTipRole)
        self.set_checkpoint(chosen)
        self.model.setVisible(len(info.models) > 1)

    def words(self, request: Sampled) -> str:
        assert isinstance(request, Generate)
        what = f"Generate {counted(request.count, 'shape')}"
        return f"{what}: {quoted(request.text)}" if request.text else what


class CompletePage(WordedPage):
    """Other parts in place of the selected (or hidden, or deleted) ones."""

    key, icon, name, kind = "complete", "complete", "Complete", Complete
    tip = (
        "Propose other parts in place of the selected ones; the rest stays exactly as it is. "
        "With nothing selected: in place of hidden or deleted parts."
    )

    prompt_name, hint = "In words (optional)", "e.g. a high back with vertical slats"

    def request(self, settings: SamplingSettings) -> Complete:
        base = self._base()
        return proposals.complete_request(
            base,
            self.editor.target_parts(base),
            self.prompt.text,
            0,
            self.editor.worker.info,
            sampling(settings),
        )

    def run(self, settings: SamplingSettings) -> int | None:
        return self.editor.complete(text=self.prompt.text, **sampling(settings))

    def restore(self, request: Sampled) -> None:
        assert isinstance(request, Complete)
        self.prompt.set_text(request.text)

    def focus(self) -> None:
        """Nothing: words are optional, and keys are for the selection."""


class VaryPage(EditPage):
    """Variations of the selected parts."""

    key, icon, name, kind = "vary", "vary", "Vary", Vary
    tip = "Propose variations of the selected parts; with nothing selected, of the whole shape."

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(editor, parent)
        self.strength = StrengthSlider(0.02, 1.0, 0.25)
        self.rows.addWidget(self.strength)
        self.strength.strength_changed.connect(self.changed)

    def request(self, settings: SamplingSettings) -> Vary:
        base = self._base()
        return proposals.vary_request(
            base, self.editor.target_parts(base), self.strength.strength, sampling(settings)
        )

    def run(self, settings: SamplingSettings) -> int | None:
        return self.editor.vary(self.strength.strength, **sampling(settings))

    def restore(self, request: Sampled) -> None:
        assert isinstance(request, Vary)
        self.strength.set_strength(request.strength)

    def focus(self) -> None:
        self.strength.slider.setFocus()


class TextPage(WordedPage):
    """The selected parts, changed to fit words."""

    key, icon, name, kind = "text", "text", "Text", TextEdit
    tip = (
        "Say what the selected parts should become; with nothing selected, those the words name. "
        "Everything else stays exactly as it is."
    )

    prompt_name, hint = "What they become", "e.g. a back with gaps"

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(editor, parent)
        self.strength = StrengthSlider(0.1, 1.0, 1.0)
        self.rows.addWidget(self.strength)
        self.strength.strength_changed.connect(self.changed)

    def request(self, settings: SamplingSettings) -> TextEdit:
        base = self._base()
        return proposals.text_request(
            base,
            self.editor.target_parts(base),
            self.prompt.text,
            self.strength.strength,
            self.editor.worker.info,
            sampling(settings),
        )

    def run(self, settings: SamplingSettings) -> int | None:
        return self.editor.text_edit(self.prompt.text, self.strength.strength, **sampling(settings))

    def restore(self, request: Sampled) -> None:
        assert isinstance(request, TextEdit)
        self.prompt.set_text(request.text)
        self.strength.set_strength(request.strength)

    def words(self, request: Sampled) -> str:
        assert isinstance(request, TextEdit)
        return f"Change {parts_phrase(request.base, request.parts)} of {request.base.name}"

    @property
    def steered_by_text(self) -> bool:
        return True


class RefinePage(EditPage):
    """A gentle pass that mends joints."""

    key, icon, name, kind = "refine", "refine", "Refine", Refine
    tip = (
        "Mend joints and small faults after moving or mixing parts, with little change to their form. "
        "With nothing selected: all parts that are not locked."
    )

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(editor, parent)
        self.strength = StrengthSlider(0.01, 0.2, 0.05)
        self.rows.addWidget(self.strength)
        self.strength.strength_changed.connect(self.changed)

    def request(self, settings: SamplingSettings) -> Refine:
        base = self._base()
        return proposals.refine_request(
            base, self.editor.target_parts(base), self.strength.strength, sampling(settings)
        )

    def run(self, settings: SamplingSettings) -> int | None:
        return self.editor.refine(self.strength.strength, **sampling(settings))

    def restore(self, request: Sampled) -> None:
        assert isinstance(request, Refine)
        self.strength.set_strength(request.strength)

    def focus(self) -> None:
        self.strength.slider.setFocus()
