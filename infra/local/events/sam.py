"""Runs functions in containers with `sam local`, against the local cloud of a world."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

from binaries import BINARIES as AWS_BINARIES
from binaries import problem
from local.events.docker import Docker
from local.events.world import World
from local.functions import FUNCTIONS, logical_id_of
from local.launch import signals_ignored
from local.packages import template_with_code
from local.say import say, step
from local.settings import BINARIES, COMMON_PARAMETERS, HOST
from local.user_error import UserError

ARCHITECTURE = COMMON_PARAMETERS["Architecture"]
# https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-image-repositories.html
IMAGE = f"public.ecr.aws/lambda/provided:al2023-{ARCHITECTURE}"
# The first start makes an image.
SECONDS_TO_START = 600
SECONDS_TO_END = 60


class Sam:
    """`sam local`, with the environment variables of the functions of a world."""

    def __init__(self, world: World, docker: Docker) -> None:
        self._docker = docker
        self._folder = world.settings.folder
        self._endpoint = f"http://{docker.host}:{world.settings.gateway_port}"
        self._environment = {**os.environ, **world.settings.aws_environment(), "SAM_CLI_TELEMETRY": "0"}
        self._environment.pop("AWS_PROFILE", None)
        # Functions get the endpoint in env.json, not that of this machine.
        self._environment.pop("AWS_ENDPOINT_URL", None)
        code = self._folder / "code"
        code.mkdir(exist_ok=True)
        template = template_with_code(code, rf"{runnable_binaries()}/\g<1>")
        variables = self._folder / "env.json"
        variables.write_text(json.dumps(world.environments(self._endpoint), indent=2))
        self._options = [
            "--template-file", str(template), "--env-vars", str(variables),
            # Do not pull an existing image.
            *(["--skip-pull-image"] if docker.has(IMAGE) else []),
            "--parameter-overrides", *(f"{name}={value}" for name, value in world.settings.parameters.items()),
        ]  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with signals_ignored():
            self._docker.remove_containers(self._endpoint)

    def invoke(self, function: str, event: dict[str, Any]) -> dict[str, Any]:
        """Invokes a function in a new container; returns its answer. Its log goes to `log`."""
        file = self._folder / "event.json"
        file.write_text(json.dumps(event))
        process = self._start("invoke", logical_id_of(function), "--event", str(file), stdout=subprocess.PIPE)
        try:
            output, _ = process.communicate()
        except BaseException:
            with signals_ignored():
                _end(process)
            raise
        try:
            answer: dict[str, Any] = json.loads(output)
        except ValueError:
            raise AssertionError(
                f"sam local invoke gave no answer of {function}: {output.decode(errors='replace')}"
            ) from None
        if "errorType" in answer:
            raise AssertionError(f"{function} failed: {answer}")
        return answer

    @contextlib.contextmanager
    def api(self, port: int) -> Iterator[subprocess.Popen[bytes]]:
        """Runs `sam local start-api`; yields its process when the API answers."""
        process = self._start("start-api", "--host", HOST, "--port", str(port), "--warm-containers", "LAZY")
        try:
            with step(f"Starting sam local start-api on http://{HOST}:{port}"):
                _wait_until_ready(process, port)
            yield process
        finally:
            with signals_ignored():
                _end(process)

    @property
    def log(self) -> Path:
        """The output of `sam` and the functions."""
        return self._folder / "sam.log"

    def _start(self, *words: str, stdout: int | None = None) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [str(Path(sys.executable).with_name("sam")), "local", *words, *self._options],
                env=self._environment, stdin=subprocess.DEVNULL, stdout=stdout or log, stderr=log,
                # In a session of its own: Ctrl-C reaches this process only, which then ends sam in good order.
                start_new_session=True,
            )  # fmt: skip


def runnable_binaries() -> Path:
    """The folder of binaries that run in Lambda's container: those for this machine, or else those for AWS."""
    found = {folder: _problem(folder) for folder in (BINARIES, AWS_BINARIES)}
    for folder, why_not in found.items():
        if not why_not:
            say(f"• The containers run the functions of {folder}")
            return folder
    reasons = " ".join(filter(None, found.values()))
    raise UserError(f"No binaries run in Lambda's container: run `make build-aws ARCH={ARCHITECTURE}` first. {reasons}")


def _problem(folder: Path) -> str | None:
    problems = (problem(folder / function / "bootstrap", ARCHITECTURE) for function in FUNCTIONS)
    return next((found for found in problems if found), None)


def _wait_until_ready(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise UserError("sam local start-api ended while it started: see its log.")
        try:
            # The first call creates the image and the container of a function.
            with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=SECONDS_TO_START):
                return
        except urllib.error.HTTPError as error:
            raise UserError(f"sam local start-api answers GET /healthz with {error.code}: see its log.") from error
        except OSError:
            time.sleep(0.2)
    raise UserError(f"sam local start-api did not answer within {SECONDS_TO_START} s.")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends sam with SIGTERM, so that it removes its containers."""
    process.terminate()
    try:
        process.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
