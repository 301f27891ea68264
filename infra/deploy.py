"""Deploys a stack to AWS with `sam deploy`, by the settings of an environment in samconfig.toml.

    make deploy                   asks for the environment and missing settings, and stores them in samconfig.toml
    make deploy ENV=prod          uses the settings of that environment
    make deploy STACK=callhook-eu deploys a stack that no environment names
    … PARAMETERS="LogLevel=debug" adds parameters, or replaces those of the environment; `Name=` for an empty value
    … CONFIRM=no                  does not ask, as in a pipeline

Parameters on sam's command line replace all those of samconfig.toml, so this passes both on together. The parameter
Release is a hash of binaries, templates and parameters: functions get a new version if any of them changes.
"""

import argparse
import hashlib
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import botocore.exceptions
import tomlkit
from tomlkit import TOMLDocument

from deployed import CommandError, operator_command, operator_session

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import StackTypeDef

INFRA = Path(__file__).resolve().parent
CONFIG = INFRA / "samconfig.toml"
# Includes nested templates.
TEMPLATES = "*.yaml"
BINARIES = INFRA.parent / "target" / "lambda"
# The section for stacks that no environment names.
DEFAULT_ENVIRONMENT = "default"
NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,40}")
# The section of the local cloud, which deploys without confirmation.
LOCAL = "local"
Ask = Callable[[str], str]


class Environment:
    """An environment, a section of samconfig.toml."""

    def __init__(self, config: Mapping[str, Any], name: str) -> None:
        if not NAME.fullmatch(name):
            raise CommandError(f"{name} cannot be the name of an environment: use letters, digits and hyphens.")
        if name == LOCAL:
            raise CommandError(f"{name} is the local cloud of `make run`: give an ENV on AWS.")
        self.name = name
        section = config.get(name, {})
        self.is_known = "deploy" in section
        settings = {
            **section.get("global", {}).get("parameters", {}),
            **section.get("deploy", {}).get("parameters", {}),
        }
        self.stack: str = settings.get("stack_name", f"callhook-{name}")
        self.region: str | None = settings.get("region")
        overrides = settings.get("parameter_overrides", [])
        self.parameters = parse_parameters(shlex.split(overrides) if isinstance(overrides, str) else overrides)


def parse_parameters(words: Iterable[str]) -> dict[str, str]:
    """Parses words of the form `Name=value`; a later word replaces an earlier one of the same name."""
    parameters = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name.isalnum():
            raise CommandError(f"{word} is not a parameter: give Name=value.")
        # Drop quotes that the shell left; override() adds its own.
        parameters[name] = value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value
    return parameters


def ask_for_environment(config: TOMLDocument, name: str | None, ask: Ask = input) -> Environment:
    """Asks for an environment and for its missing settings; stores the answers in `config`."""
    known = [name for name, section in config.items() if isinstance(section, dict) and "deploy" in section]
    offered = [name for name in known if name not in (DEFAULT_ENVIRONMENT, LOCAL)]
    name = name or _answer(ask, f"Environment ({', '.join(offered)}, or a new name)", offered[0])
    environment = Environment(config, name)
    if environment.is_known and environment.region:
        return environment
    if not environment.is_known:
        environment.stack = _answer(ask, "Name of the stack", environment.stack)
    environment.region = _answer(ask, "Region of AWS", environment.region or _default_region() or "eu-central-1")
    more = _answer(ask, "Parameters beside the defaults, as Name=value with spaces between", "none")
    if more != "none":
        environment.parameters |= parse_parameters(shlex.split(more))
    _store(config, environment)
    return environment


def _answer(ask: Ask, question: str, default: str) -> str:
    return ask(f"{question} [{default}]: ").strip() or default


def _default_region() -> str | None:
    return os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")


def _store(config: TOMLDocument, environment: Environment) -> None:
    section = config.setdefault(environment.name, tomlkit.table(is_super_table=True))
    section.setdefault("global", tomlkit.table(is_super_table=True)).setdefault("parameters", tomlkit.table())
    section["global"]["parameters"]["stack_name"] = environment.stack
    settings = section.setdefault("deploy", tomlkit.table(is_super_table=True)).setdefault(
        "parameters", tomlkit.table()
    )
    for setting, value in (
        ("capabilities", ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]), ("resolve_s3", True),
        ("confirm_changeset", True), ("fail_on_empty_changeset", False),
        ("tags", ["application=callhook", f"environment={environment.name}"]),
    ):  # fmt: skip
        settings.setdefault(setting, value)
    settings["region"] = environment.region
    settings["parameter_overrides"] = [f"{name}={value}" for name, value in environment.parameters.items()]


def release(
    parameters: dict[str, str], binaries: Path = BINARIES, templates: Path = INFRA, rolled_back: str = ""
) -> str:
    """Hashes binaries, templates and parameters, and the time of the last update if it was rolled back.

    SAM retains the versions of a release that was rolled back, and Lambda publishes no version that equals the latest.
    """
    files = sorted([*templates.glob(TEMPLATES), *binaries.glob("*/bootstrap")])
    if not any(file.name == "bootstrap" for file in files):
        raise CommandError(f"{binaries} has no functions: run `make build-aws` first.")
    digest = hashlib.sha256(repr(sorted(parameters.items())).encode())
    digest.update(rolled_back.encode())
    for file in files:
        digest.update(f"{file.parent.name}/{file.name}".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def without_deletion_protection(parameters: dict[str, str]) -> dict[str, str]:
    """The parameters of a first deployment: CloudFormation cannot roll it back if tables are protected."""
    return {**parameters, "DeletionProtection": "false"}


def command(environment: Environment, parameters: dict[str, str], release: str, confirm: bool) -> list[str]:
    overrides = {**parameters, "Release": release}
    return [
        str(Path(sys.executable).with_name("sam")), "deploy",
        "--config-file", str(CONFIG),
        "--config-env", environment.name if environment.is_known else DEFAULT_ENVIRONMENT,
        "--stack-name", environment.stack,
        *(["--region", environment.region] if environment.region else []),
        *([] if confirm else ["--no-confirm-changeset"]),
        "--parameter-overrides", *(override(name, value) for name, value in overrides.items()),
    ]  # fmt: skip


def override(name: str, value: str) -> str:
    """A parameter for sam's command line.

    An empty value is given as well: CloudFormation keeps the old value of a parameter that is left out.
    """
    return f"{name}={value}" if value and " " not in value else f'{name}="{value}"'


def deployed_stack(cloudformation: "CloudFormationClient", stack: str) -> "StackTypeDef | None":
    """Describes a stack by CloudFormation; None if it is missing, or its first change set was never executed."""
    try:
        (found,) = cloudformation.describe_stacks(StackName=stack)["Stacks"]
    except botocore.exceptions.ClientError as error:
        if "does not exist" in str(error):
            return None
        raise
    return None if found["StackStatus"] == "REVIEW_IN_PROGRESS" else found


def last_rollback(found: "StackTypeDef | None") -> str:
    """The time of the stack's last update, if that was rolled back; else an empty text."""
    return str(found["LastUpdatedTime"]) if found and found["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE" else ""


def deploy(arguments: argparse.Namespace) -> int:
    config = tomlkit.parse(CONFIG.read_text())
    environment = Environment(config, arguments.env or DEFAULT_ENVIRONMENT)
    if not environment.is_known or not (arguments.env or arguments.stack):
        if not sys.stdin.isatty():
            raise CommandError(
                "Name an environment of infra/samconfig.toml (make deploy ENV=dev) or a stack (STACK=callhook)."
            )
        environment = ask_for_environment(config, arguments.env)
        CONFIG.write_text(tomlkit.dumps(config))
        environment.is_known = True
    environment.stack = arguments.stack or environment.stack
    # The region of the environment precedes AWS_REGION.
    session = operator_session(environment.region)
    if not session.region_name:
        raise CommandError("No region is set: give AWS_REGION=<region>, or `region` in infra/samconfig.toml.")
    environment.region = session.region_name
    parameters = {**environment.parameters, "Architecture": arguments.arch, **parse_parameters(arguments.parameters)}
    found = deployed_stack(session.client("cloudformation"), environment.stack)
    if not found and parameters.get("DeletionProtection") == "true":
        parameters = without_deletion_protection(parameters)
        print("DeletionProtection stays off in the first deployment: deploy again to turn it on.")
    print(
        f"Deploying {environment.stack} to {environment.region}, with the settings of {environment.name}.", flush=True
    )
    deployed = release(parameters, rolled_back=last_rollback(found))
    line = command(environment, parameters, deployed, arguments.confirm != "no")
    return subprocess.run(line, cwd=INFRA, env={**os.environ, "SAM_CLI_TELEMETRY": "0"}, check=False).returncode


@operator_command
def main() -> int:
    parser = argparse.ArgumentParser(description="Deploys a stack to AWS with `sam deploy`.")
    parser.add_argument("--env", help="the environment, a section of infra/samconfig.toml")
    parser.add_argument("--stack", help="name of the CloudFormation stack (default: that of the environment)")
    parser.add_argument("--arch", default="arm64", choices=("arm64", "x86_64"))
    parser.add_argument(
        "--confirm", default="yes", choices=("yes", "no"), help="whether to show the change set and ask"
    )
    parser.add_argument("parameters", nargs="*", metavar="Name=value", help="parameters of the template")
    return deploy(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
