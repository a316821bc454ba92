"""`python main.py [scene]` opens the editor; `python main.py <command>` runs headless."""

from __future__ import annotations

import os
import sys
from pathlib import Path

MISSING_LIBRARY = (
    "Partsmith cannot start: {reason}\n"
    "A package or a library of the system is missing. `make setup` installs what is needed.\n"
)


def main(arguments: list[str] | None = None) -> int:
    """Open the window, or run one headless command.

    Parameters
    ----------
    arguments : list of str, optional
        Command line without the program's name; default: that of the process.

    Returns
    -------
    int
        Exit code of the process.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        code = _run(arguments)
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # whoever read the output has seen enough (`| head`)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except ImportError as error:
        sys.stderr.write(MISSING_LIBRARY.format(reason=error))
        return 1


def _run(arguments: list[str]) -> int:
    from core import cli

    names_scene = len(arguments) == 1 and (
        arguments[0].endswith(".partsmith") or Path(arguments[0]).is_file()
    )
    if arguments and (not names_scene or arguments[0] in cli.COMMANDS):
        return cli.main(arguments)
    from app import application

    return application.run(Path(arguments[0]) if arguments else None)


if __name__ == "__main__":
    sys.exit(main())
