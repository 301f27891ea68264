"""A deployed stack, as the operator's commands find it."""

import functools
import os
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import botocore.exceptions

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import StackTypeDef

# The environments of `make deploy`.
CONFIG = Path(__file__).with_name("samconfig.toml")


class Refused(Exception):
    """Why a command could not do its work, in a sentence for the operator."""


def operator_command(main: Callable[[], int]) -> Callable[[], int]:
    """Has a command that is refused, by itself or by AWS, say why in a sentence and end with 1."""

    @functools.wraps(main)
    def run() -> int:
        try:
            return main()
        except (Refused, botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as error:
            print(f"callhook: {error}", file=sys.stderr)
            return 1

    return run


@dataclass(frozen=True)
class Cloud:
    """Where a stack is."""

    session: boto3.session.Session
    stack: str
    endpoint: str | None = None
    """None for AWS."""


def running_local_cloud() -> Cloud:
    """That of `make run`."""
    # Imported here: on AWS nothing of the local cloud is needed.
    from local.aws import session
    from local.settings import STACK, lasting_settings

    settings = lasting_settings()
    return Cloud(session(settings), STACK, settings.endpoint)


def operator_session(region: str | None = None) -> boto3.session.Session:
    # boto3 itself reads AWS_DEFAULT_REGION only.
    return boto3.session.Session(region_name=region or os.environ.get("AWS_REGION"))


def environment_of(stack: str, config: Path = CONFIG) -> tuple[str | None, str | None]:
    """The environment of samconfig.toml whose stack has this name, and its region; None for what is not there."""
    for name, section in tomllib.loads(config.read_text()).items():
        if not isinstance(section, dict) or name in ("default", "local"):
            continue
        settings = section.get("global", {}).get("parameters", {}) | section.get("deploy", {}).get("parameters", {})
        if settings.get("stack_name") == stack:
            return name, settings.get("region")
    return None, None


def operator_cloud(stack: str) -> Cloud:
    """A stack on AWS, in the region of its environment or else the operator's."""
    _, region = environment_of(stack)
    return Cloud(operator_session(region), stack)


def stack(session: boto3.session.Session, name: str, endpoint: str | None = None) -> "StackTypeDef":
    """What CloudFormation says of a stack."""
    cloudformation = session.client("cloudformation", endpoint_url=endpoint)
    try:
        return cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    except botocore.exceptions.ClientError as error:
        raise Refused(f"The stack {name} cannot be read: {error.response['Error']['Message']}") from error


def stack_outputs(session: boto3.session.Session, name: str, *outputs: str, endpoint: str | None = None) -> list[str]:
    """The values of these outputs of a stack."""
    found = stack(session, name, endpoint).get("Outputs", [])
    values = {output["OutputKey"]: output["OutputValue"] for output in found}
    for output in outputs:
        if output not in values:
            raise Refused(f"The stack {name} has no output {output}: deploy it again with `make deploy`.")
    return [values[output] for output in outputs]
