"""Finds deployed stacks for the operator's commands."""

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

# Lists the environments of `make deploy`.
CONFIG = Path(__file__).with_name("samconfig.toml")


class CommandError(Exception):
    """Says in a sentence, for the operator, why a command failed and what to do."""


def operator_command(main: Callable[[], int]) -> Callable[[], int]:
    """Makes a command print its own errors and those of AWS as a sentence, and return 1."""

    @functools.wraps(main)
    def run() -> int:
        try:
            return main()
        except (CommandError, botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as error:
            print(f"callhook: {error}", file=sys.stderr)
            return 1

    return run


@dataclass(frozen=True)
class Cloud:
    """The place of a stack."""

    session: boto3.session.Session
    stack: str
    endpoint: str | None = None
    """None for AWS."""


def running_local_cloud() -> Cloud:
    """The local cloud of `make run`."""
    # Imported late: commands on AWS need nothing of the local cloud.
    from local.aws import session
    from local.settings import STACK, persistent_settings

    settings = persistent_settings()
    return Cloud(session(settings), STACK, settings.endpoint)


def operator_session(region: str | None = None) -> boto3.session.Session:
    # boto3 itself reads AWS_DEFAULT_REGION only.
    return boto3.session.Session(region_name=region or os.environ.get("AWS_REGION"))


def environment_of(stack: str, config: Path = CONFIG) -> tuple[str | None, str | None]:
    """The environment of samconfig.toml whose stack has this name, and its region; None if missing."""
    for name, section in tomllib.loads(config.read_text()).items():
        if not isinstance(section, dict) or name in ("default", "local"):
            continue
        settings = section.get("global", {}).get("parameters", {}) | section.get("deploy", {}).get("parameters", {})
        if settings.get("stack_name") == stack:
            return name, settings.get("region")
    return None, None


def operator_cloud(stack: str) -> Cloud:
    """A stack on AWS, in the region of its environment, or else in the operator's."""
    _, region = environment_of(stack)
    return Cloud(operator_session(region), stack)


def describe_stack(session: boto3.session.Session, name: str, endpoint: str | None = None) -> "StackTypeDef":
    """Describes a stack by CloudFormation."""
    cloudformation = session.client("cloudformation", endpoint_url=endpoint)
    try:
        return cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    except botocore.exceptions.ClientError as error:
        raise CommandError(f"The stack {name} cannot be described: {error.response['Error']['Message']}") from error


def stack_outputs(session: boto3.session.Session, name: str, *outputs: str, endpoint: str | None = None) -> list[str]:
    """The values of these outputs of a stack."""
    found = describe_stack(session, name, endpoint).get("Outputs", [])
    values = {output["OutputKey"]: output["OutputValue"] for output in found}
    for output in outputs:
        if output not in values:
            raise CommandError(f"The stack {name} has no output {output}: deploy it again with `make deploy`.")
    return [values[output] for output in outputs]
