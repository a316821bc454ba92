"""Open the window in this fresh process, say when it was first painted, and leave.

Prints the wall-clock time of the first painted frame (`time.time()`); the caller knows when it started us.
"""

from __future__ import annotations

import sys
import time

from PySide6.QtCore import QTimer

from app import application, theme
from app.settings import Settings, config_folder


def main() -> int:
    app = application.make_application(sys.argv[:1])
    settings = Settings.load(config_folder())
    theme.apply_theme(app, settings.theme == "dark")
    workbench = application.Workbench(settings)
    workbench.window.show()
    until = time.monotonic() + 60.0

    def look() -> None:
        if workbench.window.viewport.canvas.painted:
            print(f"{time.time():.6f} {'torch' in sys.modules}", flush=True)
            app.quit()
        elif time.monotonic() > until:
            app.exit(1)

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(1)
    code = app.exec()
    workbench.worker.shutdown()
    return code


if __name__ == "__main__":
    sys.exit(main())
