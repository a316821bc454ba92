"""One table of every preference: dialog, checks of stored values and what a change does come from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from app.viewport.navigation import NAVIGATIONS, Navigation

if TYPE_CHECKING:
    from app.main_window import MainWindow

Value = bool | int | float | str
PAGES = ("Appearance", "Navigation", "Models", "Files")
SHORTCUTS = "Shortcuts"
"""The page after those; it is not made from this table but from that of the commands."""


def nothing(_window: MainWindow) -> None:
    """For what is only read later."""


@dataclass(frozen=True)
class Preference:
    """A setting that a person chooses.

    Attributes
    ----------
    name : str
        Field of `app.settings.Settings`.
    page, title, tip : str
        Where it stands in the dialog, and its words.
    default : bool, int, float or str
        Its type is the type of the setting.
    choices : tuple of (value, str)
        All possible values with their words; without them a switch or a number.
    least, most, step : float
        Limits of a number.
    unit, zero : str
        What stands behind a number; what stands in place of 0.
    apply : callable
        Makes a changed value show in the window.
    at_start : bool
        Whether a new window has to apply it too.
    """

    name: str
    page: str
    title: str
    tip: str
    default: Value
    choices: tuple[tuple[Value, str], ...] = ()
    least: float = 0
    most: float = 0
    step: float = 1
    unit: str = ""
    zero: str = ""
    apply: Callable[[MainWindow], object] = nothing
    at_start: bool = True

    def accepts(self, value: object) -> bool:
        """Whether a value (of a file, say) is possible."""
        if self.choices:
            return any(type(value) is type(known) and value == known for known, _ in self.choices)
        if isinstance(self.default, float):
            number = isinstance(value, float | int) and not isinstance(value, bool)
            return number and self.least <= cast(float, value) <= self.most
        if type(value) is not type(self.default):
            return False
        return isinstance(value, bool | str) or self.least <= value <= self.most

    def words(self, value: Value) -> str:
        """A value as the dialog shows it."""
        if self.choices:
            return next((words for known, words in self.choices if known == value), str(value))
        if isinstance(value, bool):
            return "on" if value else "off"
        return self.zero if self.zero and not value else f"{value:g}{self.unit}"

    @property
    def possible(self) -> str:
        """What can be chosen, in words."""
        if self.choices:
            return " or ".join(str(known) for known, _ in self.choices)
        if isinstance(self.default, bool):
            return "true or false"
        return f"a number from {self.least:g} to {self.most:g}"


def _apply_projection(window: MainWindow) -> None:
    window.viewport.set_projection(cast(Literal["perspective", "orthographic"], window.settings.projection))


def _apply_tools(window: MainWindow) -> None:
    tools, settings = window.viewport.tools, window.settings
    tools.navigation = settings.navigation
    tools.turn_speed = settings.turn_speed
    tools.zoom_speed = -settings.zoom_speed if settings.invert_wheel else settings.zoom_speed


def _apply_sampling(window: MainWindow) -> None:
    sampling, settings = window.edit_panel.sampling, window.settings
    sampling.count_spin.setValue(settings.count)
    sampling.steps_spin.setValue(settings.steps)
    sampling.guidance_spin.setValue(settings.guidance)


def _set(path: str, name: str) -> Callable[[MainWindow], None]:
    """Hand a setting over to an attribute of a part of the window."""

    def apply(window: MainWindow) -> None:
        target: object = window
        *parts, attribute = path.split(".")
        for part in parts:
            target = getattr(target, part)
        setattr(target, attribute, getattr(window.settings, name))

    return apply


def _navigation_choices() -> tuple[tuple[Navigation, str], ...]:
    return tuple((name, words.split(":")[0]) for name, words in NAVIGATIONS.items())


PREFERENCES: tuple[Preference, ...] = (
    Preference("theme", "Appearance", "Theme", "Colours of the whole window.", "dark",
               choices=(("dark", "Dark"), ("light", "Light")), apply=lambda w: w.apply_theme(),
               at_start=False),
    Preference("text_size", "Appearance", "Text size", "Size of all words in the window.", 9,
               choices=((8, "Small"), (9, "Normal"), (10, "Large"), (11, "Very large")),
               apply=lambda w: w.apply_theme(), at_start=False),
    Preference("reduced_motion", "Appearance", "Reduced motion",
               "Changes of the view happen at once, and replays wait until you play them.", False,
               apply=lambda w: w.viewport.set_animated(not w.settings.reduced_motion)),
    Preference("part_names", "Appearance", "Name the part under the mouse",
               "Show the name of a part beside the mouse while it points at one.", True,
               apply=_set("viewport.labels.names_wanted", "part_names")),
    Preference("antialiasing", "Appearance", "Smooth edges in the view",
               "Automatic: where a graphics card draws. Takes effect when Partsmith is started again.",
               "auto", choices=(("auto", "Automatic"), ("on", "On"), ("off", "Off"))),

    Preference("navigation", "Navigation", "Mouse buttons",
               "Which buttons turn, move and zoom the view. Partsmith: drag turns, Shift-drag moves. "
               "Blender: middle button turns, Shift-middle moves. Maya: Alt-left turns, Alt-middle moves, "
               "Alt-right zooms.",
               "default", choices=_navigation_choices(), apply=_apply_tools),
    Preference("turn_speed", "Navigation", "Turning speed", "How far a drag turns the view.", 1.0,
               least=0.25, most=3.0, step=0.25, unit=" ×", apply=_apply_tools),
    Preference("zoom_speed", "Navigation", "Zooming speed", "How far a notch of the wheel zooms.", 1.0,
               least=0.25, most=3.0, step=0.25, unit=" ×", apply=_apply_tools),
    Preference("invert_wheel", "Navigation", "Turn the wheel the other way",
               "Turning the wheel towards you comes nearer.", False, apply=_apply_tools),
    Preference("projection", "Navigation", "Projection at the start",
               "How a new window looks at the scene; the command Orthographic switches at any time.",
               "perspective", choices=(("perspective", "Perspective"), ("orthographic", "Orthographic")),
               apply=_apply_projection),

    Preference("device", "Models", "Where the model runs",
               "The model is loaded again when the running job has ended.", "auto",
               choices=(("auto", "Best device"), ("cpu", "CPU"), ("cuda", "GPU (CUDA)")),
               apply=lambda w: w.load_engine(), at_start=False),
    Preference("twins", "Models", "Edit twins together",
               "Edit the mirror twin of every selected part with it.", True,
               apply=_set("editor.twins_enabled", "twins")),
    Preference("remember_options", "Models", "Start with the options used last",
               "Strengths, candidates, steps and guidance of the edit panel as they were left; off: those "
               "below.", True),
    Preference("count", "Models", "Candidates", "How many proposals a run makes. More take longer.", 4,
               least=1, most=9, apply=_apply_sampling),
    Preference("steps", "Models", "Steps",
               "Denoising steps. More are slower and a little finer; automatic: what suits the model.", 0,
               least=0, most=1000, step=5, zero="automatic", apply=_apply_sampling),
    Preference("guidance", "Models", "Guidance",
               "How closely results follow words: 1 = loosely, 5 = to the letter but less varied.", 2.0,
               least=1.0, most=10.0, step=0.5, apply=_apply_sampling),

    Preference("snapshot_seconds", "Files", "Keep unsaved work every",
               "After a crash at most this much is lost: a copy of unsaved changes is written in the "
               "background, never to your own file.", 2, least=1, most=60, unit=" s"),
    Preference("recent_limit", "Files", "Recent scenes", "How many scenes File > Open recent remembers.", 10,
               least=0, most=30, zero="none", apply=lambda w: w.settings.bound_recent_files()),
    Preference("reopen_last", "Files", "Open the last scene at the start",
               "Go on where you left off, unless a scene is given.", False),
)  # fmt: skip
BY_NAME = {preference.name: preference for preference in PREFERENCES}
