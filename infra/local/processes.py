"""The processes of functions, with the limits that they have on Lambda."""

import resource
import subprocess
from pathlib import Path
from types import ModuleType
from typing import Any

from local.ministack_patch import replace

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: "File descriptors 1,024".
MAX_OPEN_FILES = 1024


def bound_processes(lambda_runtime: ModuleType, preload: Path | None) -> None:
    """Has MiniStack start functions with as many descriptors as on Lambda, and with the library `preload` if given."""

    class FunctionProcess(subprocess.Popen[bytes]):
        def __init__(self, command: list[str], *rest: Any, **options: Any) -> None:
            is_function = str(command[0]).endswith("/bootstrap")
            if is_function and preload:
                options["env"] = {**(options.get("env") or {}), "LD_PRELOAD": str(preload)}
            super().__init__(command, *rest, **options)
            # After the start: a fork that runs Python while other threads do may never end. macOS has no prlimit.
            if is_function and hasattr(resource, "prlimit"):
                resource.prlimit(self.pid, resource.RLIMIT_NOFILE, (MAX_OPEN_FILES, MAX_OPEN_FILES))

    class Subprocess(ModuleType):
        """The module `subprocess` with another `Popen`."""

        Popen = FunctionProcess

        def __getattr__(self, name: str) -> object:
            return getattr(subprocess, name)

    replace(lambda_runtime, "subprocess", lambda _: Subprocess("subprocess"))
