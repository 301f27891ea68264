"""The cloud process: MiniStack on the gateway port, and the API on its own port. launch.py starts it."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import cast

from hypercorn.asyncio import serve
from hypercorn.config import Config
from hypercorn.typing import ASGIFramework

from local.asgi import App
from local.assume_tls import assume_tls
from local.faults.layer import Faults
from local.front_door import FrontDoor
from local.functions import function_of_generated
from local.ministack_patch import existing
from local.patches import patch_ministack
from local.settings import HOST

SECONDS_BETWEEN_PARENT_CHECKS = 1


def main() -> None:
    api_port, gateway_port, api_id_file = int(sys.argv[1]), int(os.environ["GATEWAY_PORT"]), Path(sys.argv[2])
    # Imported late: MiniStack reads its settings from the environment when it is imported.
    from ministack.app import app
    from ministack.core import lambda_runtime
    from ministack.services import sts

    function_of = functions_by_access_key(sts)
    uses_file, resolver = _option("--uses-file"), _option("--resolver")
    patch_ministack(function_of, Path(uses_file) if uses_file else None, Path(resolver) if resolver else None)
    config = Config()
    config.bind = [f"{HOST}:{gateway_port}", f"{HOST}:{api_port}"]
    if bridge := _option("--bridge"):
        config.bind.append(f"{bridge}:{gateway_port}")
    config.keep_alive_timeout = 75
    # The functions keep connections open while they run; waiting for those would delay the end.
    config.graceful_timeout = 0.5
    front_door = FrontDoor(assume_tls(app), api_port, gateway_port, api_id_file)
    if "--faults" in sys.argv:
        faults = Faults(front_door, gateway_port, function_of)
        serving = _serve_until_signal(faults, config, before_shutdown=faults.release)
    else:
        serving = _serve_until_signal(front_door, config, before_shutdown=lambda: None)
    try:
        asyncio.run(serving)
    finally:
        # Ends the processes of functions, which MiniStack leaves running.
        lambda_runtime.reset()


def _option(option: str) -> str | None:
    """The value in `<option>=<value>` of the command line."""
    values = [word.partition("=")[2] for word in sys.argv if word.startswith(f"{option}=")]
    return values[0] if values else None


def functions_by_access_key(sts: ModuleType) -> Callable[[str], str | None]:
    """Finds the function that has an access key.

    MiniStack gives each function a session of its role: arn:aws:sts::…:assumed-role/<role>/<name of the function>.
    """
    sessions: Mapping[str, Mapping[str, str]] = existing(sts, "_sessions")

    def function_of(access_key: str) -> str | None:
        session = sessions.get(access_key)
        return function_of_generated(session["Arn"].rpartition("/")[2]) if session else None

    return function_of


async def _serve_until_signal(app: App, config: Config, before_shutdown: Callable[[], None]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    watch = loop.create_task(_stop_without_parent(os.getppid(), stop))

    async def ending() -> None:
        await stop.wait()
        before_shutdown()

    await serve(cast(ASGIFramework, app), config, shutdown_trigger=ending)
    watch.cancel()


async def _stop_without_parent(parent: int, stop: asyncio.Event) -> None:
    """Stops the cloud when its parent is gone: a killed `make run` must not leave its ports in use."""
    while os.getppid() == parent:
        await asyncio.sleep(SECONDS_BETWEEN_PARENT_CHECKS)
    stop.set()


if __name__ == "__main__":
    main()
