"""Deploys the template to a running local cloud with `sam deploy`, as to AWS."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import botocore.exceptions

from deploy import override
from local.aws import session
from local.functions import FUNCTIONS
from local.packages import packed_template
from local.say import say, step
from local.settings import BINARIES, INFRA, MONITORING, STACK, TEMPLATE, Settings
from local.user_error import UserError

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import StackTypeDef

ARTIFACTS_BUCKET = "callhook-artifacts"


def deploy(settings: Settings) -> dict[str, str]:
    """Deploys the stack unless it is unchanged; returns its outputs."""
    fingerprint = _fingerprint(settings.parameters)
    fingerprint_file = settings.folder / "deployed"
    cloudformation = session(settings).client("cloudformation", endpoint_url=settings.endpoint)
    stack = _find_stack(cloudformation)
    if stack and fingerprint_file.exists() and fingerprint_file.read_text() == fingerprint and _is_complete(stack):
        say("• The stack is deployed and unchanged.")
    else:
        fingerprint_file.unlink(missing_ok=True)
        if stack and not _is_complete(stack):
            # A failed deployment left it; CloudFormation does not update such a stack.
            cloudformation.delete_stack(StackName=STACK)
        session(settings).client("s3", endpoint_url=settings.endpoint).create_bucket(Bucket=ARTIFACTS_BUCKET)
        _sam_deploy(settings, release=fingerprint)
        fingerprint_file.write_text(fingerprint)
        stack = _find_stack(cloudformation)
        if not stack:
            raise UserError(f"The deployment left no stack: see {settings.deploy_log}.")
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    settings.api_id_file.write_text(outputs["ApiId"])
    if settings.visibility_seconds:
        _shorten_visibility_timeouts(settings, outputs)
    return outputs


def _shorten_visibility_timeouts(settings: Settings, outputs: dict[str, str]) -> None:
    sqs = session(settings).client("sqs", endpoint_url=settings.endpoint)
    for queue in ("ReportsQueueUrl", "RetriesQueueUrl", "ReplaysQueueUrl"):
        sqs.set_queue_attributes(
            QueueUrl=outputs[queue], Attributes={"VisibilityTimeout": str(settings.visibility_seconds)}
        )


def _fingerprint(parameters: dict[str, str]) -> str:
    digest = hashlib.sha256(json.dumps(parameters, sort_keys=True).encode())
    for file in (TEMPLATE, MONITORING, *(_binary(function) for function in FUNCTIONS)):
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _binary(function: str) -> Path:
    file = BINARIES / function / "bootstrap"
    if not file.exists():
        raise UserError(f"The function {function} is not built ({file} is missing): run `make build` first.")
    return file


def _find_stack(cloudformation: "CloudFormationClient") -> "StackTypeDef | None":
    try:
        return cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
    except botocore.exceptions.ClientError as error:
        if "does not exist" in str(error):
            return None
        raise


def _is_complete(stack: "StackTypeDef") -> bool:
    return stack["StackStatus"] in ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE")


def _sam_deploy(settings: Settings, release: str) -> None:
    parameters = {**settings.parameters, "Release": release}
    command = [
        str(Path(sys.executable).with_name("sam")), "deploy",
        "--template-file", str(packed_template(settings, FUNCTIONS)),
        "--config-file", str(INFRA / "samconfig.toml"),
        "--config-env", "local",
        "--stack-name", STACK,
        "--s3-bucket", ARTIFACTS_BUCKET,
        "--no-progressbar",
        "--parameter-overrides", *(override(name, value) for name, value in parameters.items()),
    ]  # fmt: skip
    environment = {
        **os.environ,
        **settings.aws_environment(),
        "SAM_CLI_TELEMETRY": "0",
        # By default sam polls the stack every 5 s, longer than a local deployment takes.
        "SAM_CLI_POLL_DELAY": "0.2",
    }
    environment.pop("AWS_PROFILE", None)
    with (
        settings.deploy_log.open("wb") as log,
        step("Deploying the stack with sam deploy", lambda: _resources_done(settings.deploy_log)),
    ):
        code = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, check=False
        ).returncode
        if code != 0:
            raise UserError(f"The deployment failed: {_reason(settings.deploy_log)} (log: {settings.deploy_log})")


def _resources_done(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines()
    done = sum(line.startswith(("CREATE_COMPLETE", "UPDATE_COMPLETE ")) for line in lines)
    return f", {done} resources" if done else ""


def _reason(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines()
    errors = [line.strip() for line in lines if line.startswith(("Error", "CREATE_FAILED", "UPDATE_FAILED"))]
    return errors[-1] if errors else "sam gave no reason"
