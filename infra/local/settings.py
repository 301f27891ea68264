"""Where a local cloud lives, where it listens and what it is deployed with."""

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
# A measurement names the folder of the functions that are built as for AWS.
BINARIES = Path(os.environ.get("CALLHOOK_BINARIES") or ROOT / "target" / "lambda-local")

STACK = "callhook"
HOST = "127.0.0.1"
REGION = "us-east-1"
# MiniStack's root user, which IAM enforcement lets do everything. The functions get credentials of their roles instead.
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
}

COMMON_PARAMETERS = {
    "Architecture": "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64",
    # A change to a webhook shows in the next report instead of half a minute later.
    "ConfigCacheSeconds": "1",
    "DeliverMaxConcurrency": "10",
    # MiniStack has changes of the log counted at once, and so eraser need not wait for that.
    "StatsDelaySeconds": "0",
    # Receivers are on this machine, and speak plain HTTP.
    "AllowPrivateNetworks": "true",
    "HttpsOnly": "false",
    # Tests and demos hand over more, and all at once, than an account may unless the platform says so. The quotas
    # of accounts are tested by accounts that have some.
    "DefaultReportsPerSecond": "10000",
    "DefaultDeliveriesPerSecond": "50000",
}


@dataclass(frozen=True)
class Settings:
    folder: Path
    """State, logs and temporary files of this cloud."""
    api_port: int
    """Where people and clients reach the API."""
    gateway_port: int
    """Where every AWS API answers; functions and tools use it."""
    persist: bool
    """Whether data outlive the process."""
    receiver_port: int | None = None
    """Where the demo's receiver is to listen; None for the port it had, or 9000, or a free one."""
    parameters: dict[str, str] = field(default_factory=dict)
    """Template parameters that differ from the template's defaults."""
    visibility_seconds: int | None = None
    """Visibility timeout of the queues of reports, retries and replays; None for the template's, which tests need not wait for."""
    faults: bool = False
    """Whether tests may let calls of the functions go wrong."""
    audit: bool = False
    """Whether it is noted what the functions do, for the audits after the command."""
    bridge: str | None = None
    """An address of this machine at which containers reach the AWS APIs as well."""

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
        """What the tests note that must not be in any log."""
        return self.folder / "sensitive"

    @property
    def api_id_file(self) -> Path:
        """Written after a deployment; the front door reads which API it stands before."""
        return self.folder / "api-id"

    @property
    def exports_file(self) -> Path:
        """The variables of the first calls, while `make run` is up."""
        return self.folder / "env"

    @property
    def receiver_port_file(self) -> Path:
        """The port that the demo's receiver had last."""
        return self.folder / "receiver-port"

    @property
    def uses_file(self) -> Path:
        """The permissions that the functions used, with `audit` only."""
        return self.folder / "permissions-used"

    def aws_environment(self) -> dict[str, str]:
        """What an AWS SDK or tool needs to talk to this cloud and to nothing else."""
        return {
            **CREDENTIALS,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_EC2_METADATA_DISABLED": "true",
            # The person's own profiles point at a real account.
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }


def lasting_settings() -> Settings:
    """The cloud of `make run` and `make demo`, whose data survive."""
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


def passing_settings(
    folder: Path, parameters: dict[str, str], persist: bool, faults: bool, audit: bool, visibility_seconds: int
) -> Settings:
    """A cloud for one command: free ports, no past, and a queue that is quick to hand out again."""
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
    """The port of the API in containers."""
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
    # All are held until all are chosen, so that no two are the same.
    sockets = [socket.socket() for _ in range(count)]
    try:
        for s in sockets:
            s.bind((HOST, 0))
        return [s.getsockname()[1] for s in sockets]
    finally:
        for s in sockets:
            s.close()
