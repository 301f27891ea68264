"""Starts the cloud process, waits until it answers, and stops it with the processes that it started."""

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from local.names import compile_resolver
from local.say import step
from local.settings import HOST, INFRA, Settings
from local.user_error import UserError

SECONDS_TO_START = 60
SECONDS_TO_STOP = 20
# Functions inherit the environment of the cloud; other variables of the user's shell must not reach them.
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "RUST_BACKTRACE")


class Cloud:
    """The cloud process. A restart replaces it by another one with the same ports and data."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        return self._started().pid

    def start(self) -> None:
        """Starts the process and waits until it answers."""
        self._process = _start(self._settings)
        _wait_until_ready(self._process, self._settings)

    def wait(self) -> None:
        """Waits until the process ends."""
        self._started().wait()

    def restart_if_ended(self) -> bool:
        """Starts the process again if it has ended; returns whether it had."""
        code = self._started().poll()
        if code is None:
            return False
        if code != 0:
            # It saves its state only when it ends in good order.
            raise UserError(f"The local cloud ended with {code} and lost its data: see {self._settings.log}.")
        self.stop()
        self.start()
        return True

    def stop(self) -> None:
        if self._process:
            _stop(self._process)

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise RuntimeError("the cloud has not been started")
        return self._process


@contextlib.contextmanager
def running_cloud(settings: Settings) -> Iterator[Cloud]:
    """Yields the running cloud, and stops it at the end."""
    settings.folder.mkdir(parents=True, exist_ok=True)
    with _exclusive_use(settings):
        _check_gateway_port(settings)
        for port, name in ((settings.api_port, "PORT"), (settings.gateway_port, "GATEWAY_PORT")):
            _require_free(port, name)
        settings.log.unlink(missing_ok=True)
        cloud = Cloud(settings)
        try:
            with step(f"Starting the local cloud on {settings.endpoint}"):
                cloud.start()
            yield cloud
        finally:
            with signals_ignored():
                cloud.stop()
                shutil.rmtree(_temporary(settings), ignore_errors=True)


@contextlib.contextmanager
def _exclusive_use(settings: Settings) -> Iterator[None]:
    """Locks the folder: two clouds with the same state would overwrite each other's data."""
    with (settings.folder / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise UserError(
                f"The local cloud is running already ({lock.read().strip() or 'in another process'}): "
                "use it, or stop it with Ctrl-C first."
            ) from None
        lock.truncate(0)
        lock.write(f"process {os.getpid()}, {settings.base_url}, gateway port {settings.gateway_port}\n")
        lock.flush()
        yield


def _check_gateway_port(settings: Settings) -> None:
    """Checks that stored data have this gateway port, which their queue URLs hold."""
    port_file = settings.folder / "gateway-port"
    if port_file.exists() and port_file.read_text() != str(settings.gateway_port):
        raise UserError(
            f"The data in {settings.folder} belong to GATEWAY_PORT={port_file.read_text()}: use that port, "
            "or remove the folder to start without data."
        )
    port_file.write_text(str(settings.gateway_port))


def _require_free(port: int, name: str) -> None:
    with socket.socket() as probe:
        # As servers do: a port in TIME_WAIT is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise UserError(f"Port {port} is privileged: choose one above 1023 with {name}=<port>.") from None
        except OSError:
            raise UserError(
                f"Port {port} is in use by another program: stop that, or choose another port with {name}=<port>."
            ) from None


def _temporary(settings: Settings) -> Path:
    return settings.folder / "tmp"


def _start(settings: Settings) -> subprocess.Popen[bytes]:
    # Remove unpacked functions of a run that was killed.
    shutil.rmtree(_temporary(settings), ignore_errors=True)
    _temporary(settings).mkdir()
    environment = {name: os.environ[name] for name in INHERITED if name in os.environ}
    environment |= settings.aws_environment()
    environment |= {
        "GATEWAY_PORT": str(settings.gateway_port),
        "BIND_HOST": HOST,
        "AUTH": "true",
        "PERSIST_STATE": "1" if settings.persist else "0",
        "STATE_DIR": str(settings.folder / "state"),
        "S3_DATA_DIR": str(settings.folder / "s3"),
        "TMPDIR": str(_temporary(settings)),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "-m", "local.cloud", str(settings.api_port), str(settings.api_id_file)]
    if settings.faults:
        command += ["--faults", f"--resolver={compile_resolver(settings.folder)}"]
    if settings.audit:
        command.append(f"--uses-file={settings.uses_file}")
    if settings.bridge:
        command.append(f"--bridge={settings.bridge}")
    # A restart appends to the log.
    with settings.log.open("ab") as log:
        return subprocess.Popen(
            command,
            cwd=INFRA,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            # In a session of its own: Ctrl-C reaches this command only, which then stops the cloud in good order.
            start_new_session=True,
        )


def _wait_until_ready(process: subprocess.Popen[bytes], settings: Settings) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise UserError(f"The local cloud ended while it started: see {settings.log}.")
        try:
            with urllib.request.urlopen(f"{settings.endpoint}/_ministack/ready", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise UserError(f"The local cloud did not answer within {SECONDS_TO_START} s: see {settings.log}.")


def _stop(process: subprocess.Popen[bytes]) -> None:
    # SIGTERM makes MiniStack save its state.
    process.terminate()
    try:
        process.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    # End functions that ignored SIGTERM; they are in the cloud's process group.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


@contextlib.contextmanager
def signals_ignored() -> Iterator[None]:
    """Ignores signals: a second Ctrl-C must not interrupt the saving of state."""
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    handlers = {number: signal.signal(number, signal.SIG_IGN) for number in signals}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
