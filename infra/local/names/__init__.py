"""Host names whose resolution tests choose (`resolver.c`), for clouds with faults."""

import os
import subprocess
from pathlib import Path

from local.user_error import UserError

SOURCE = Path(__file__).parent / "resolver.c"


def compile_resolver(folder: Path) -> Path:
    """Compiles the library that functions preload; returns its path."""
    library = folder / "resolver.so"
    compiler = os.environ.get("CC", "cc")
    command = [compiler, "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", str(library), str(SOURCE), "-ldl"]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
    except OSError as error:
        raise UserError(
            f"{compiler} cannot be run: {error.strerror}. Install a C compiler, or name one with CC=…."
        ) from error
    except subprocess.CalledProcessError as error:
        raise UserError(f"{SOURCE} cannot be compiled: {error.stderr}") from error
    return library
