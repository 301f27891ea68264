"""Runs a function in Lambda's runtime interface emulator of the SAM CLI, as a process without Docker."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import samcli

from local.events.world import World
from local.functions import logical_id_of
from local.settings import BINARIES, COMMON_PARAMETERS, HOST
from local.user_error import UserError

EMULATOR = Path(samcli.__file__).parent / "local" / "rapid" / f"aws-lambda-rie-{COMMON_PARAMETERS['Architecture']}"
PATH = "/2015-03-31/functions/function/invocations"
SECONDS_TO_START = 10
SECONDS_TO_END = 5


class Emulator:
    """Invokes functions, each in its own process."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._environments = world.environments(world.settings.endpoint)

    def invoke(self, function: str, event: dict[str, Any]) -> dict[str, Any]:
        """Invokes a function; returns its answer."""
        port, api_port = _free_port(), _free_port()
        log_file = self._world.settings.folder / f"{function}.log"
        timeout = self._world.timeout(function)
        command = [
            str(EMULATOR), "--runtime-interface-emulator-address", f"{HOST}:{port}",
            "--runtime-api-address", f"{HOST}:{api_port}", str(BINARIES / function / "bootstrap"),
        ]  # fmt: skip
        with log_file.open("wb") as log:
            process = subprocess.Popen(
                command, env=self._environment(function, timeout), stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        try:
            answer = _post(f"http://{HOST}:{port}{PATH}", event, timeout, process)
        finally:
            _end(process)
        if "errorType" in answer:
            raise AssertionError(f"{function} failed: {answer}\n{log_file.read_text(errors='replace')}")
        return answer

    def _environment(self, function: str, timeout: int) -> dict[str, str]:
        return {
            "PATH": os.environ.get("PATH", ""),
            **self._world.settings.aws_environment(),
            **self._environments[logical_id_of(function)],
            "AWS_LAMBDA_FUNCTION_NAME": self._world.names[function],
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_TIMEOUT": str(timeout),
        }


def _post(url: str, event: dict[str, Any], timeout: int, process: subprocess.Popen[bytes]) -> dict[str, Any]:
    request = urllib.request.Request(url, data=json.dumps(event).encode(), headers={"content-type": "application/json"})
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            with urllib.request.urlopen(request, timeout=timeout + SECONDS_TO_START) as answer:
                found: dict[str, Any] = json.loads(answer.read())
                return found
        except urllib.error.URLError as error:
            is_starting = isinstance(error.reason, ConnectionRefusedError) and process.poll() is None
            if not is_starting or time.monotonic() > deadline:
                raise UserError(f"The runtime interface emulator does not answer: {error.reason}.") from error
            time.sleep(0.02)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    # The function is a child of the emulator, in its process group.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
