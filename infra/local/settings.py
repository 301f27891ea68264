"""The folder, the ports and the template's parameters of a local cloud."""

import os
import platform
import socket
from dataclasses import dataclass, field
from pathlib import Path

from local.user_error import UserError

INFRA = Path(__file__).resolve().parent.parent
ROOT = INFRA.parent
TEMPLATE = INFRA / "template.yaml"
# Nested in the template.
MONITORING = INFRA / "monitoring.yaml"
# Benchmarks set the folder of the release binaries.
BINARIES = Path(os.environ.get("CALLHOOK_BINARIES") or ROOT / "target" / "lambda-local")

STACK = "callhook"
HOST = "127.0.0.1"
REGION = "us-east-1"
# MiniStack's root user, which IAM allows everything. The functions get credentials of their roles.
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
}

COMMON_PARAMETERS = {
    "Architecture": "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64",
    # A changed webhook takes effect within a second instead of half a minute.
    "ConfigCacheSeconds": "1",
    "DeliverMaxConcurrency": "10",
    # MiniStack ignores the batching window: stats counts changes of the log immediately, and eraser need not wait.
    "StatsDelaySeconds": "0",
    # Receivers are on this machine and serve plain HTTP.
    "AllowPrivateNetworks": "true",
    "HttpsOnly": "false",
    # Tests send bursts above the default rates. Accounts with quotas of their own test the quotas.
    "DefaultReportsPerSecond": "10000",
    "DefaultDeliveriesPerSecond": "50000",
}


@dataclass(frozen=True)
class Settings:
    folder: Path
    """The folder of state, logs and temporary files."""
    api_port: int
    """The port of the API."""
    gateway_port: int
    """The port of all AWS APIs, for functions and tools."""
    persist: bool
    """Whether data are kept when the process ends."""
    receiver_port: int | None = None
    """The port of the demo's receiver; None for its last port, or 9000, or a free one."""
    parameters: dict[str, str] = field(default_factory=dict)
    """The template's parameters, where they differ from its defaults."""
    visibility_seconds: int | None = None
    """The visibility timeout of the queues of reports, retries and replays, for tests; None for the template's."""
    faults: bool = False
    """Whether tests may inject faults into calls of the functions."""
    audit: bool = False
    """Whether the functions' use of permissions is recorded, for the audits."""
    bridge: str | None = None
    """An address of this machine that also serves the AWS APIs, for containers."""

    @property
    def base_url(self) -> str:
        return _public_url(self.api_port)

    @property
    def endpoint(self) -> str:
        return f"http://{HOST}:{self.gateway_port}"

    @property
    def log(self) -> Path:
        return self.folder / "cloud.log"

    @property
    def deploy_log(self) -> Path:
        return self.folder / "deploy.log"

    @property
    def sensitive_file(self) -> Path:
        """The values that tests record because no log may hold them."""
        return self.folder / "sensitive"

    @property
    def api_id_file(self) -> Path:
        """The id of the deployed API, for the front door."""
        return self.folder / "api-id"

    @property
    def exports_file(self) -> Path:
        """The variables of the first calls, while `make run` runs."""
        return self.folder / "env"

    @property
    def receiver_port_file(self) -> Path:
        """The last port of the demo's receiver."""
        return self.folder / "receiver-port"

    @property
    def uses_file(self) -> Path:
        """The permissions that the functions used; with `audit` only."""
        return self.folder / "permissions-used"

    def aws_environment(self) -> dict[str, str]:
        """The environment with which AWS SDKs and tools use this cloud only."""
        return {
            **CREDENTIALS,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_EC2_METADATA_DISABLED": "true",
            # Ignore the user's profiles, which are for real accounts.
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }


def persistent_settings() -> Settings:
    """The cloud of `make run` and `make demo`, which keeps its data."""
    api_port = _port("PORT", 8080)
    return Settings(
        folder=ROOT / ".local-cloud",
        api_port=api_port,
        gateway_port=_port("GATEWAY_PORT", 4566),
        persist=True,
        receiver_port=_asked_port("RECEIVER_PORT"),
        parameters={
            **COMMON_PARAMETERS,
            "PublicUrl": _public_url(api_port),
            "DeliverTimeoutSeconds": "30",
        },
    )


def temporary_settings(
    folder: Path, parameters: dict[str, str], persist: bool, faults: bool, audit: bool, visibility_seconds: int
) -> Settings:
    """A cloud for one command: with free ports, without data, and with short visibility timeouts."""
    api_port, gateway_port = _free_ports(2)
    return Settings(
        folder=folder,
        api_port=api_port,
        gateway_port=gateway_port,
        persist=persist,
        faults=faults,
        audit=audit,
        visibility_seconds=visibility_seconds,
        parameters={
            **COMMON_PARAMETERS,
            "PublicUrl": _public_url(api_port),
            "DeliverTimeoutSeconds": "20",
            "ReplayTimeoutSeconds": "20",
            "MaxReceiveCount": "3",
            **parameters,
        },
    )


def sam_port() -> int:
    """The port of the API of `sam local`."""
    return _port("SAM_PORT", 3000)


def _public_url(api_port: int) -> str:
    return f"http://localhost:{api_port}"


def _port(variable: str, default: int) -> int:
    return _asked_port(variable) or default


def _asked_port(variable: str) -> int | None:
    text = os.environ.get(variable)
    if not text:
        return None
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise UserError(f"{variable}={text} is not a port: give a number from 1 to 65535.")
    return int(text)


def _free_ports(count: int) -> list[int]:
    # All sockets stay open until each has a port, so that all ports differ.
    sockets = [socket.socket() for _ in range(count)]
    try:
        for s in sockets:
            s.bind((HOST, 0))
        return [s.getsockname()[1] for s in sockets]
    finally:
        for s in sockets:
            s.close()
