"""The one style sheet of the window; ``$name`` stands for a colour of `app.theme.Colors`.

Widgets opt into looks with a dynamic property ``role``: *primary* (the one button that runs something),
*quiet* (flat tool button), *chip*, *title*, *heading*, *muted*, *danger*, *warning*, *success*, *card*.
"""

STYLE_SHEET = """
* { outline: none; }
QWidget { color: $text; selection-background-color: $accent; selection-color: $on_accent; }
QMainWindow, QDialog { background: $window; }
QMainWindow::separator { background: $window; width: 4px; height: 4px; }
QMainWindow::separator:hover { background: $accent; }
QToolTip { background: $tooltip; color: $text; border: 1px solid $strong_border; padding: 5px 7px; }

QMenuBar { background: $window; padding: 2px; }
QMenuBar::item { padding: 4px 9px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected { background: $hover; }
QMenu { background: $panel; border: 1px solid $strong_border; padding: 4px; }
QMenu::item { padding: 5px 26px 5px 10px; border-radius: 4px; }
QMenu::item:selected { background: $selection; }
QMenu::item:disabled { color: $disabled; }
QMenu::icon { padding-left: 6px; }
QMenu::separator { height: 1px; background: $border; margin: 4px 6px; }
QToolBar { background: $window; border: none; spacing: 2px; padding: 3px; }
QToolBar::separator { background: $border; width: 1px; margin: 4px 5px; }
QStatusBar { background: $window; }
QStatusBar::item { border: none; }

QDockWidget { font-weight: 600; titlebar-close-icon: none; }
QDockWidget::title { background: $panel; padding: 7px 10px; border-bottom: 1px solid $border; }
QDockWidget > QWidget { background: $panel; }
QWidget[role="panel"] { background: $panel; }
QFrame[role="card"] { background: $field; border: 1px solid $border; border-radius: 6px; }
QFrame[role="line"] { background: $border; border: none; max-height: 1px; min-height: 1px; }

QScrollArea[role="welcome"] { background: $panel; border: 1px solid $border; border-radius: 8px; }
QToolButton[role="tile"] { padding: 5px 3px 3px 3px; border: 1px solid $border; background: $field; }
QToolButton[role="tile"]:hover { border-color: $accent; background: $hover; }
QToolButton[role="tile"]:focus { border-color: $accent; }
QFrame[role="popover"] { background: $panel; border: 1px solid $strong_border; border-radius: 8px; }
QFrame[role="job"] { background: transparent; border: 1px solid transparent; border-radius: 5px; }
QFrame[role="job"]:hover { background: $hover; }
QFrame[role="job"]:focus { background: $selection; border-color: $accent; }
QFrame[role="callout"] { background: $panel; border: 1px solid $accent; border-radius: 8px; }

QLabel { background: transparent; }
QLabel[role="title"] { font-size: $title_size; font-weight: 600; }
QLabel[role="heading"] { font-weight: 600; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="danger"] { color: $danger; }
QLabel[role="warning"] { color: $warning; }
QLabel[role="success"] { color: $success; }
QLabel[role="key"] {
  background: $field; border: 1px solid $strong_border; border-radius: 4px; padding: 1px 6px; }
QLabel:disabled { color: $disabled; }

QPushButton { background: $field; border: 1px solid $strong_border; border-radius: 5px; padding: 5px 12px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed, QPushButton:checked { background: $pressed; }
QPushButton:focus { border-color: $accent; }
QPushButton:disabled { color: $disabled; border-color: $border; }
QPushButton[role="primary"] {
  background: $accent; color: $on_accent; border: 1px solid $accent; font-weight: 600; padding: 7px 12px; }
QPushButton[role="primary"]:hover { background: $accent_hover; }
QPushButton[role="primary"]:focus { border-color: $text; }
QPushButton[role="primary"]:disabled { background: $hover; color: $muted; border-color: $border; }
QToolButton { background: transparent; border: 1px solid transparent; border-radius: 5px; padding: 3px; }
QToolButton:hover { background: $hover; }
QToolButton:pressed, QToolButton:checked { background: $pressed; }
QToolButton:focus { border-color: $accent; }
QToolButton:disabled { color: $disabled; }
QToolButton[role="action"] { background: $field; border: 1px solid $strong_border; padding: 3px 2px 3px 8px; }
QToolButton[role="action"]:hover { background: $hover; }
QToolButton[role="action"]:disabled { border-color: $border; }
QToolButton[role="tab"] { color: $muted; font-size: $small_size; padding: 4px 1px; }
QToolButton[role="tab"]:checked { color: $text; background: $pressed; border-bottom: 2px solid $accent; }
QToolButton::menu-indicator { image: none; }

QLineEdit, QAbstractSpinBox, QPlainTextEdit, QTextEdit {
  background: $field; border: 1px solid $strong_border;
  border-radius: 5px; padding: 3px 6px; min-height: 18px; }
QLineEdit, QPlainTextEdit, QTextEdit { placeholder-text-color: $muted; }
QLineEdit:focus, QAbstractSpinBox:focus, QPlainTextEdit:focus, QComboBox:focus { border-color: $accent; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled, QPlainTextEdit:disabled {
  color: $disabled; border-color: $border; background: $panel; }
QLineEdit[role="error"], QAbstractSpinBox[role="error"] { border-color: $danger; }
QAbstractSpinBox { padding: 1px 18px 1px 6px; min-height: 20px; }
QAbstractSpinBox[role="plain"] { padding: 1px 5px; }
QAbstractSpinBox > QLineEdit {
  background: transparent; border: none; border-radius: 0; padding: 0; min-height: 0; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
  subcontrol-origin: border; width: 16px; border: none; background: transparent; }
QAbstractSpinBox::up-button { subcontrol-position: top right; margin: 1px 1px 0 0; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; margin: 0 1px 1px 0; }
QAbstractSpinBox[role="plain"]::up-button, QAbstractSpinBox[role="plain"]::down-button { width: 0; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover {
  background: $hover; border-radius: 3px; }
QAbstractSpinBox::up-arrow { image: url(icons:chevron-up.svg); width: 9px; height: 9px; }
QAbstractSpinBox::down-arrow { image: url(icons:chevron-down.svg); width: 9px; height: 9px; }
QAbstractSpinBox[role="plain"]::up-arrow { image: none; width: 0; }
QAbstractSpinBox[role="plain"]::down-arrow { image: none; width: 0; }
QComboBox {
  background: $field; border: 1px solid $strong_border;
  border-radius: 5px; padding: 3px 22px 3px 8px; min-height: 18px; }
QComboBox:hover { background: $hover; }
QComboBox::drop-down { border: none; width: 20px; }
QComboBox::down-arrow { image: url(icons:chevron-down.svg); width: 10px; height: 10px; }
QComboBox QAbstractItemView, QAbstractItemView[role="suggestions"] {
  background: $panel; border: 1px solid $strong_border; padding: 3px;
  selection-background-color: $selection; selection-color: $text; }
QAbstractItemView[role="suggestions"]::item { padding: 3px 6px; }

QCheckBox, QRadioButton { spacing: 7px; background: transparent; }
QCheckBox:disabled, QRadioButton:disabled { color: $disabled; }
QCheckBox::indicator, QTreeView::indicator, QListView::indicator {
  width: 14px; height: 14px; border: 1px solid $strong_border; border-radius: 4px; background: $field; }
QCheckBox::indicator:hover, QCheckBox::indicator:focus { border-color: $accent; }
QCheckBox::indicator:checked, QTreeView::indicator:checked, QListView::indicator:checked {
  background: $accent; border-color: $accent; image: url(icons:check-mark.svg); }
QCheckBox::indicator:indeterminate, QTreeView::indicator:indeterminate {
  background: $accent; border-color: $accent; image: url(icons:dash-mark.svg); }
QCheckBox::indicator:disabled, QListView::indicator:disabled { border-color: $border; background: $panel; }
QRadioButton::indicator {
  width: 13px; height: 13px; border: 1px solid $strong_border; border-radius: 7px; background: $field; }
QRadioButton::indicator:checked {
  border: 4px solid $accent; background: $on_accent; width: 7px; height: 7px; }

QSlider { min-height: 20px; background: transparent; }
QSlider::groove:horizontal { height: 4px; background: $pressed; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QSlider::handle:horizontal { width: 14px; height: 14px; margin: -6px 0; border-radius: 8px;
  background: $on_accent; border: 1px solid $strong_border; }
QSlider::handle:horizontal:hover, QSlider::handle:horizontal:focus { border: 2px solid $accent; }
QSlider::sub-page:horizontal:disabled { background: $strong_border; }

QTabWidget::pane { border: none; border-top: 1px solid $border; }
QTabBar { background: transparent; qproperty-drawBase: 0; }
QTabBar::tab {
  background: transparent; color: $muted; padding: 6px 8px;
  border: none; border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: $text; background: $hover; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent; font-weight: 600; }
QTabBar::tab:focus { border-bottom-color: $link; }

QTreeView, QListView, QTableView { background: $panel; border: none; alternate-background-color: $panel; }
QTreeView::item, QListView::item { padding: 2px 4px; border: none; color: $text; }
QTreeView::item:hover, QListView::item:hover { background: $hover; }
QTreeView::item:selected, QListView::item:selected { background: $selection; color: $text; }
QTreeView::branch { background: transparent; }
QTreeView::branch:selected { background: $selection; }
QTreeView::branch:has-children:closed { image: url(icons:chevron-right.svg); padding: 2px; }
QTreeView::branch:has-children:open { image: url(icons:chevron-down.svg); padding: 2px; }
QTreeView QLineEdit, QListView QLineEdit { padding: 0 4px; min-height: 16px; border-radius: 3px; }
QHeaderView { background: $panel; }
QHeaderView::section {
  background: $panel; color: $muted; border: none; border-bottom: 1px solid $border; padding: 4px 6px; }

QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }

QProgressBar { background: $pressed; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget { background: transparent; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $strong_border; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $disabled; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: $window; }
"""
