"""One table of every user command. Menus, toolbar, shortcut sheet and enablement all come from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app import selecting
from app.clipboard import copy_parts, cut_parts, paste
from app.occasions import (
    always,
    can_blend,
    can_compare,
    can_edit_shape,
    can_fit,
    can_group,
    can_make_more,
    can_redo,
    can_replay,
    can_sample,
    can_undo,
    can_ungroup,
    has_active_shape,
    has_original,
    has_selection,
    has_shapes,
    has_two_shapes,
    has_waiting,
    is_busy,
    spans_two_shapes,
)
from app.pictures import save_picture
from app.viewport.navigation import NAVIGATIONS, Navigation

if TYPE_CHECKING:
    from app.editor import Editor
    from app.main_window import MainWindow
    from app.viewport.scene_view import Display

MENUS = ("File", "Edit", "Select", "View", "Create", "Help")


@dataclass(frozen=True)
class Command:
    """A user command.

    Attributes
    ----------
    id : str
        ``area.verb``.
    title, menu : str
        Its text and the menu it is in.
    shortcut : str
        Portable key sequence, empty if there is none.
    when : callable
        Whether it can be done now.
    do : callable
        Does it.
    tip : str
        One sentence for status bar and tooltip.
    other_shortcuts : tuple of str
        Further keys for the same command.
    icon : str
        Name of an icon in resources/icons; commands with `toolbar` stand in the toolbar.
    checked : callable, optional
        State of a command that can be on or off.
    group : int
        A separator stands between groups of a menu.
    works_in : tuple of str
        Widgets of the window that must have the focus for the key to work: elsewhere Tab moves the focus, and
        Alt+Down opens lists.
    """

    id: str
    title: str
    menu: str
    shortcut: str
    when: Callable[[Editor], bool]
    do: Callable[[MainWindow], object]
    tip: str
    other_shortcuts: tuple[str, ...] = ()
    icon: str = ""
    toolbar: bool = False
    checked: Callable[[MainWindow], bool] | None = None
    group: int = 0
    works_in: tuple[str, ...] = ()


def display(mode: Display, title: str, tip: str) -> Command:
    """The command of a display mode."""
    return Command(
        f"view.display_{mode.replace('-', '_')}",
        title,
        "View",
        "",
        always,
        lambda w: w.set_display(mode),
        tip,
        checked=lambda w: w.viewport.display == mode,
        group=3,
    )


def navigation(preset: Navigation, title: str) -> Command:
    """The command of a navigation preset."""
    return Command(
        f"view.navigation_{preset}",
        title,
        "View",
        "",
        always,
        lambda w: w.set_navigation(preset),
        f"{NAVIGATIONS[preset].split(': ')[1].capitalize()}.",
        checked=lambda w: w.settings.navigation == preset,
        group=5,
    )


COMMANDS: tuple[Command, ...] = (
    Command("file.new", "New scene", "File", "Ctrl+N", always, lambda w: w.files.new_scene(),
            "Start an empty scene.", icon="new", toolbar=True),
    Command("file.open", "Open…", "File", "Ctrl+O", always, lambda w: w.files.open_scene(),
            "Open a scene file.", icon="open", toolbar=True),
    Command("file.sample_chairs", "Sample chairs", "File", "", always,
            lambda w: w.files.open_sample("chairs"), "Open three chairs to try things on.", icon="scene"),
    Command("file.sample_tables", "Sample tables", "File", "", always,
            lambda w: w.files.open_sample("tables"), "Open three tables to try things on.", icon="scene"),
    Command("file.sample_airplanes", "Sample airplanes", "File", "", always,
            lambda w: w.files.open_sample("airplanes"), "Open three airplanes to try things on.",
            icon="scene"),
    Command("file.save", "Save", "File", "Ctrl+S", always, lambda w: w.files.save_scene(),
            "Save the scene.", icon="save", toolbar=True, group=1),
    Command("file.save_as", "Save as…", "File", "Ctrl+Shift+S", always, lambda w: w.files.save_scene_as(),
            "Save the scene under another name.", group=1),
    Command("file.import_mesh", "Import mesh…", "File", "Ctrl+Shift+O", can_sample,
            lambda w: w.files.import_mesh(), "Bring a mesh file in as an editable shape.",
            icon="import", group=2),
    Command("file.export", "Export mesh…", "File", "Ctrl+E", has_shapes, lambda w: w.dialogs.export_meshes(),
            "Write visible shapes as GLB, OBJ, PLY, STL or 3MF.", icon="export", toolbar=True, group=2),
    Command("file.save_picture", "Save picture…", "File", "Ctrl+Shift+E", has_shapes, save_picture,
            "Write what the viewport shows as a PNG file, up to four times its size on screen.", group=2),
    Command("file.save_turntable", "Save turntable…", "File", "", has_shapes,
            lambda w: w.dialogs.save_turntable(),
            "Write a GIF or MP4 in which the view turns once around.", group=2),
    Command("file.quit", "Quit", "File", "Ctrl+Q", always, lambda w: w.close(),
            "Close the window; unsaved changes are asked about.", group=3),

    Command("edit.undo", "Undo", "Edit", "Ctrl+Z", can_undo, lambda w: w.document.stack.undo(),
            "Undo the last change of the scene.", icon="undo", toolbar=True),
    Command("edit.redo", "Redo", "Edit", "Ctrl+Shift+Z", can_redo, lambda w: w.document.stack.redo(),
            "Do the last undone change again.", ("Ctrl+Y",), icon="redo", toolbar=True),
    Command("edit.cut", "Cut", "Edit", "Ctrl+X", has_selection, lambda w: cut_parts(w.editor),
            "Move the selected parts and their twins to the clipboard.", group=1),
    Command("edit.copy", "Copy", "Edit", "Ctrl+C", has_selection, lambda w: copy_parts(w.editor),
            "Copy the selected parts, for this scene or another one.", icon="copy", group=1),
    Command("edit.paste", "Paste", "Edit", "Ctrl+V", always, lambda w: paste(w.editor),
            "Put the parts of the clipboard into the active shape; into no shape, as a new one.", group=1),
    Command("edit.paste_new", "Paste as a new shape", "Edit", "Ctrl+Shift+V", always,
            lambda w: paste(w.editor, as_new=True), "Make a shape of the parts on the clipboard.", group=1),
    Command("edit.move", "Move", "Edit", "G", has_selection, lambda w: w.viewport.begin_tool("move"),
            "Move the selected parts; X, Y, Z constrain, Enter or click applies, Esc cancels.",
            icon="move", toolbar=True, group=2),
    Command("edit.rotate", "Rotate", "Edit", "R", has_selection, lambda w: w.viewport.begin_tool("rotate"),
            "Rotate the selected parts; X, Y, Z choose the axis, numbers are degrees.",
            icon="rotate", toolbar=True, group=2),
    Command("edit.scale", "Scale", "Edit", "S", has_selection, lambda w: w.viewport.begin_tool("scale"),
            "Scale the selected parts; X, Y, Z constrain, numbers are factors.",
            icon="scale", toolbar=True, group=2),
    Command("edit.local_axes", "Handles along own axes", "Edit", ",", always,
            lambda w: w.toggle_local_axes(),
            "Move, rotate and scale along the part's own axes instead of the scene's.", icon="own-axes",
            toolbar=True, checked=lambda w: w.viewport.tools.local_axes, group=2),
    Command("edit.delete", "Delete", "Edit", "X", has_selection, lambda w: w.editor.delete_selection(),
            "Delete the selected parts and their twins.", ("Del",), icon="delete", group=3),
    Command("edit.duplicate", "Duplicate", "Edit", "Ctrl+D", has_active_shape,
            lambda w: w.editor.duplicate_selection(),
            "Copy the selected parts, or the whole shape if no part is selected.", icon="duplicate", group=3),
    Command("edit.mirror", "Mirror", "Edit", "M", has_selection, lambda w: w.editor.mirror_selection(),
            "Give the selected parts exact mirror images on the other side.", icon="mirror", group=3),
    Command("edit.move_up", "Move up in the list", "Edit", "Alt+Up", has_active_shape,
            lambda w: w.outliner.step_selection(-1),
            "Put the selected parts, or the active shape, one place further up in the outliner.",
            icon="up", group=3, works_in=("viewport", "outliner")),
    Command("edit.move_down", "Move down in the list", "Edit", "Alt+Down", has_active_shape,
            lambda w: w.outliner.step_selection(1),
            "Put the selected parts, or the active shape, one place further down in the outliner.",
            icon="down", group=3, works_in=("viewport", "outliner")),
    Command("edit.group", "Group", "Edit", "Ctrl+Shift+G", can_group,
            lambda w: w.editor.group_selection(),
            "Put the selected parts of a shape in a group, to select, hide, lock and move them together.",
            icon="group", group=3),
    Command("edit.ungroup", "Ungroup", "Edit", "Ctrl+Alt+G", can_ungroup,
            lambda w: w.editor.ungroup_selection(), "Take the selected parts out of their groups.",
            icon="ungroup", group=3),
    Command("edit.swap", "Swap parts", "Edit", "", spans_two_shapes, lambda w: w.editor.swap_selection(),
            "Exchange the selected parts of two shapes.", icon="swap", group=3),
    Command("edit.blend", "Blend…", "Edit", "Ctrl+B", can_blend, lambda w: w.toggle_blend(),
            "Slide the selected parts, or the whole shape, towards another shape or a candidate.",
            icon="blend", checked=lambda w: w.blending.open, group=3),
    Command("edit.copy_python", "Copy last step as Python", "Edit", "Ctrl+Shift+C", can_undo,
            lambda w: w.copies.copy_last(),
            "Put a script on the clipboard that does the last step again, bit for bit.", icon="copy",
            group=3),
    Command("edit.twins", "Edit twins together", "Edit", "Shift+T", always, lambda w: w.toggle_twins(),
            "Edit the mirror twin of every selected part with it.", icon="twin", toolbar=True,
            checked=lambda w: w.editor.twins_enabled, group=4),
    Command("edit.preferences", "Preferences…", "Edit", "Ctrl+,", always,
            lambda w: w.dialogs.show_preferences(),
            "Theme, text size, navigation, sampling, files and shortcuts.", icon="settings", group=5),

    Command("select.all", "All", "Select", "Ctrl+A", has_shapes,
            lambda w: selecting.select_all(w.document), "Select every visible, unlocked part."),
    Command("select.escape", "Cancel or select none", "Select", "Esc", always, lambda w: w.escape(),
            "Cancel the drag, tool, blend, replay or comparison, else clear the selection."),
    Command("select.invert", "Invert", "Select", "Ctrl+I", has_shapes,
            lambda w: selecting.invert_selection(w.document), "Select what is not selected."),
    Command("select.twins", "Twins", "Select", "T", has_selection,
            lambda w: selecting.select_twins(w.document), "Add the mirror twins of the selected parts.",
            group=1),
    Command("select.group", "Whole groups", "Select", "Shift+G", can_ungroup,
            lambda w: selecting.select_groups(w.document),
            "Add the other parts of the groups of the selected parts; so does a double click on a part.",
            group=1),
    Command("select.same_label", "All with the same label", "Select", "Shift+L", has_selection,
            lambda w: selecting.select_same_label(w.document),
            "Add every part with the label of a selected one, for example all legs.", group=1),
    Command("select.box", "Box", "Select", "B", has_shapes, lambda w: w.viewport.begin_tool("box"),
            "Drag a box around the parts to select.", icon="box-select", toolbar=True, group=1),
    Command("select.lasso", "Lasso", "Select", "Shift+B", has_shapes,
            lambda w: w.viewport.begin_tool("lasso"), "Draw a line around the parts to select.", icon="lasso",
            group=1),
    Command("select.paint", "Paint", "Select", "C", has_shapes, lambda w: w.viewport.begin_tool("paint"),
            "Drag over the parts to select; Esc ends.", icon="brush", group=1),

    Command("view.hide", "Hide selected", "View", "H", has_selection, lambda w: w.editor.hide_selection(),
            "Hide the selected parts.", icon="eye-off"),
    Command("view.show_all", "Show all", "View", "Alt+H", has_shapes, lambda w: w.editor.show_all(),
            "Show every hidden part and shape.", icon="eye"),
    Command("view.isolate", "Isolate selected", "View", "Shift+H", has_selection,
            lambda w: w.editor.isolate_selection(), "Hide everything but the selected parts."),
    Command("view.lock", "Lock or unlock selected", "View", "L", has_selection,
            lambda w: w.editor.toggle_lock(), "Locked parts are refused by every edit.", icon="lock"),
    Command("view.frame", "Frame", "View", "F", has_shapes, lambda w: w.frame_selection(),
            "Bring the selected parts (or everything) into view.", icon="frame", toolbar=True, group=1),
    Command("view.home", "Home view", "View", "Home", always, lambda w: w.viewport.set_view("home"),
            "Look at everything from the front right.", icon="home", group=1),
    Command("view.go_back", "Previous view", "View", "Alt+Left", always, lambda w: w.viewport.go_back(),
            "Undo the last movement of the view.", group=1),
    Command("view.go_forward", "Next view", "View", "Alt+Right", always, lambda w: w.viewport.go_forward(),
            "Do the last undone movement of the view again.", group=1),
    Command("view.front", "Front", "View", "1", always, lambda w: w.viewport.set_view("front"),
            "Look from the front.", group=2),
    Command("view.back", "Back", "View", "Ctrl+1", always, lambda w: w.viewport.set_view("back"),
            "Look from the back.", group=2),
    Command("view.right", "Right", "View", "3", always, lambda w: w.viewport.set_view("right"),
            "Look from the right.", group=2),
    Command("view.left", "Left", "View", "Ctrl+3", always, lambda w: w.viewport.set_view("left"),
            "Look from the left.", group=2),
    Command("view.top", "Top", "View", "7", always, lambda w: w.viewport.set_view("top"),
            "Look from above.", group=2),
    Command("view.bottom", "Bottom", "View", "Ctrl+7", always, lambda w: w.viewport.set_view("bottom"),
            "Look from below.", group=2),
    Command("view.projection", "Orthographic", "View", "5", always, lambda w: w.toggle_projection(),
            "Switch between perspective and orthographic projection.",
            checked=lambda w: w.viewport.projection == "orthographic", group=3),
    Command("view.display", "Next display mode", "View", "Tab", always, lambda w: w.next_display(),
            "Surface, Gaussians, both, x-ray, wireframe, clay.", icon="surface", toolbar=True, group=3,
            works_in=("viewport",)),
    display("surface", "Surface", "Draw surfaces, coloured by part."),
    display("ellipsoids", "Gaussians", "Draw the Gaussian of every part instead of the surface."),
    display("both", "Surface and Gaussians", "Draw surfaces and, over them, the Gaussians."),
    display("x-ray", "X-ray", "See through the surfaces, to what lies behind and inside."),
    display("wireframe", "Wireframe", "Draw the edges of the triangles."),
    display("clay", "Clay", "Draw all parts in one colour, to judge the form."),
    Command("view.explode", "Exploded view", "View", "Shift+E", has_shapes,
            lambda w: w.viewport.explode_bar.toggle(),
            "Draw the parts apart, to see and select what lies inside.", icon="explode", toolbar=True,
            checked=lambda w: not w.viewport.explode_bar.isHidden(), group=4),
    Command("view.compare", "Compare with the original", "View", "O", has_original,
            lambda w: w.heat.toggle_comparison(),
            "Show an imported shape against its mesh file: a ghost of it, and distances as colours.",
            checked=lambda w: w.originals.comparing, group=4),
    Command("view.changes", "What has changed", "View", "Shift+O", has_shapes,
            lambda w: w.heat.toggle_changes(),
            "Colour the candidate under the mouse, or else the last step, by how far the surface moved.",
            checked=lambda w: w.heat.changes.on, group=4),
    Command("view.side_by_side", "Compare side by side", "View", "Shift+C", can_compare,
            lambda w: w.side_by_side.toggle(),
            "Show the candidate that you looked at last beside the scene as it is; again or Esc ends it.",
            icon="side-by-side", checked=lambda w: w.side_by_side.comparing, group=4),
    navigation("default", "Navigate as in Partsmith"),
    navigation("blender", "Navigate as in Blender"),
    navigation("maya", "Navigate as in Maya"),
    Command("view.theme", "Dark theme", "View", "", always, lambda w: w.toggle_theme(),
            "Switch between the dark and the light theme.", checked=lambda w: w.settings.theme == "dark",
            group=6),

    Command("create.generate", "Generate", "Create", "Ctrl+G", can_sample, lambda w: w.run_edit("generate"),
            "Propose new shapes with the options of the Generate tab.", icon="generate", toolbar=True),
    Command("create.complete", "Complete", "Create", "Ctrl+R", can_edit_shape,
            lambda w: w.run_edit("complete"), "Propose new parts for the selected, hidden or deleted ones.",
            icon="complete", toolbar=True),
    Command("create.vary", "Vary", "Create", "V", can_edit_shape, lambda w: w.run_edit("vary"),
            "Propose variations of the selected parts.", icon="vary", toolbar=True),
    Command("create.more_like", "More like this candidate", "Create", "Shift+V", can_make_more,
            lambda w: w.editor.more_like_looked_at(),
            "Propose variations of the candidate that you looked at last.", icon="vary"),
    Command("create.replay", "Replay the denoising", "Create", "Shift+R", can_replay,
            lambda w: w.toggle_replay(), "Show how the candidate that you looked at last came out of noise.",
            icon="run", checked=lambda w: w.replaying.open),
    Command("create.mix", "Mix…", "Create", "Ctrl+M", has_two_shapes, lambda w: w.show_edit("mix"),
            "Choose parts of another shape to put into this one.", icon="mix", toolbar=True),
    Command("create.mix_by_hand", "Mix by hand", "Create", "Shift+M", has_two_shapes,
            lambda w: w.viewport.begin_tool("mix"), "Drag selected parts onto another shape.", icon="mix"),
    Command("create.text", "Text edit…", "Create", "Ctrl+T", can_edit_shape, lambda w: w.show_edit("text"),
            "Say in words what the selected parts should become.", icon="text", toolbar=True),
    Command("create.refine", "Refine joints", "Create", "Ctrl+Shift+R", can_edit_shape,
            lambda w: w.run_edit("refine"), "Mend the joints of the active shape.", icon="refine", group=1),
    Command("create.fit", "Fit to the original", "Create", "", can_fit, lambda w: w.originals.fit(),
            "Optimise the unlocked parts of an imported shape until its surface lies on its mesh file.",
            icon="refine", group=1),
    Command("create.cancel", "Cancel all jobs", "Create", "Ctrl+.", is_busy,
            lambda w: w.editor.worker.cancel_all(), "Cancel the running job and all waiting ones.",
            icon="cancel", group=2),
    Command("create.cancel_waiting", "Cancel waiting jobs", "Create", "Ctrl+Shift+.", has_waiting,
            lambda w: w.editor.worker.cancel_waiting(), "Cancel all jobs but the running one.", group=2),
    Command("create.jobs", "Jobs…", "Create", "Ctrl+J", always, lambda w: w.jobs.show_list(),
            "What runs and waits, when it will be done, in which order, and what failed and why.",
            icon="queue", group=2),

    Command("create.models", "Models…", "Create", "", always, lambda w: w.dialogs.show_models(),
            "What each model makes, was trained on and measures at, and its licence.", icon="model",
            group=3),
    Command("create.train", "Train on a folder…", "Create", "", always,
            lambda w: w.dialogs.show_training(),
            "Make a model of your own meshes in the background; watch, stop and continue trainings.",
            icon="run", group=3),
    Command("create.training_log", "Open training log…", "Create", "", always,
            lambda w: w.dialogs.open_training_log(),
            "Draw the curves of any training's log.jsonl, as they grow.", icon="chart", group=3),
    Command("create.import_models", "Import published models…", "Create", "", can_sample,
            lambda w: w.files.import_models(),
            "Convert published SALAD and SPAGHETTI checkpoints into models of your own.", icon="import",
            group=3),
    Command("create.library", "Shapes of a model…", "Create", "", can_sample,
            lambda w: w.dialogs.show_library(),
            "Browse the shapes that come with a model, and take some into the scene.", icon="open", group=3),
    Command("create.device_auto", "Run on the best device", "Create", "", always,
            lambda w: w.set_device("auto"), "Run the model on a GPU if there is one, else on the CPU.",
            icon="device", checked=lambda w: w.settings.device == "auto", group=3),
    Command("create.device_cpu", "Run on the CPU", "Create", "", always, lambda w: w.set_device("cpu"),
            "Load the model again, on the CPU.", checked=lambda w: w.settings.device == "cpu", group=3),
    Command("create.device_cuda", "Run on the GPU", "Create", "", always, lambda w: w.set_device("cuda"),
            "Load the model again, on a CUDA device.", checked=lambda w: w.settings.device == "cuda",
            group=3),

    Command("help.palette", "Find a command…", "Help", "Ctrl+Shift+P", always,
            lambda w: w.dialogs.show_palette(), "Type a few letters of what you want to do.", icon="search"),
    Command("help.shortcuts", "Keyboard shortcuts", "Help", "?", always,
            lambda w: w.dialogs.show_shortcuts(), "Show every command with its key.", ("F1",),
            icon="keyboard"),
    Command("help.tour", "Tour of the window", "Help", "", always, lambda w: w.first_steps.tour.start(),
            "See in six steps what is where.", icon="info"),
    Command("help.log", "Open log folder", "Help", "", always, lambda w: w.dialogs.open_log_folder(),
            "Show the folder of the log file, for a bug report."),
    Command("help.diagnostics", "Copy diagnostics", "Help", "", always,
            lambda w: w.dialogs.copy_diagnostics(),
            "Copy versions, graphics, device and the last problems, for a bug report.", icon="copy"),
    Command("help.recovery", "Unsaved work and crashes…", "Help", "", always,
            lambda w: w.dialogs.show_recovery(),
            "Show what editors that did not end properly have left behind, and copy a crash report.",
            icon="restore"),
    Command("help.about", "About Partsmith", "Help", "", always, lambda w: w.dialogs.show_about(),
            "Version, licence and the loaded model.", icon="info"),
)  # fmt: skip
