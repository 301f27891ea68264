"""`exec -- <command>`: runs a command, such as the end-to-end tests, with a new cloud; returns its exit code."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from local.audits.leaks import VARIABLE as SENSITIVE_FILE
from local.audits.leaks import audit_leaks
from local.audits.metrics import audit_metrics
from local.audits.permissions import audit_permissions
from local.aws import session
from local.deploy import deploy
from local.faults.layer import PATH as FAULTS_PATH
from local.first_key import make_platform_key
from local.functions import deployed_names
from local.launch import Cloud, running_cloud
from local.say import complain, say
from local.settings import ROOT, Settings, temporary_settings
from local.user_error import UserError

SAVED_LOGS = ROOT / "target" / "local-cloud-logs"
# How often the command and the cloud are polled.
SECONDS_BETWEEN_POLLS = 0.05
# Each returns its findings.
AUDITS = {"logs": (audit_leaks, audit_metrics), "all": (audit_leaks, audit_metrics, audit_permissions)}


def execute(
    command: list[str],
    parameters: dict[str, str],
    restartable: bool,
    faults: bool,
    audit: str | None,
    visibility_seconds: int,
) -> int:
    folder = Path(tempfile.mkdtemp(prefix="callhook-"))
    settings = temporary_settings(folder, parameters, restartable, faults, bool(audit), visibility_seconds)
    succeeded = False
    try:
        with running_cloud(settings) as cloud:
            outputs = deploy(settings)
            _write_pid(settings, cloud)
            environment = _environment(settings, outputs, cloud)
            say(f"• Running {' '.join(command)}")
            code = _run(command, environment, (lambda: _restart_if_ended(settings, cloud)) if restartable else None)
            if code == 0 and audit:
                _audit(settings, audit)
            succeeded = code == 0
        return code
    finally:
        if not succeeded:
            save_logs(settings)
        shutil.rmtree(folder, ignore_errors=True)


def _audit(settings: Settings, extent: str) -> None:
    found = [finding for audit in AUDITS[extent] for finding in audit(settings)]
    if found:
        raise UserError("\n  ".join([f"the command succeeded, but the audits found {len(found)}:", *found]))
    say("• The audits found nothing.")


def _environment(settings: Settings, outputs: dict[str, str], cloud: Cloud) -> dict[str, str]:
    names = deployed_names(session(settings).client("cloudformation", endpoint_url=settings.endpoint))
    return {
        **os.environ,
        **settings.aws_environment(),
        "CALLHOOK_URL": settings.base_url,
        "CALLHOOK_PLATFORM_KEY": make_platform_key(settings),
        "CALLHOOK_FUNCTIONS": json.dumps(names),
        "CALLHOOK_CONFIG_TABLE": outputs["ConfigTableName"],
        "CALLHOOK_DELIVERIES_TABLE": outputs["DeliveriesTableName"],
        "CALLHOOK_REPORTS_QUEUE_URL": outputs["ReportsQueueUrl"],
        "CALLHOOK_RETRIES_QUEUE_URL": outputs["RetriesQueueUrl"],
        "CALLHOOK_REPLAYS_QUEUE_URL": outputs["ReplaysQueueUrl"],
        "CALLHOOK_ERASURES_QUEUE_URL": outputs["ErasuresQueueUrl"],
        "CALLHOOK_DEAD_LETTERS_QUEUE_URL": outputs["DeadLettersQueueUrl"],
        "CALLHOOK_OPERATOR_TOPIC_ARN": outputs["OperatorTopicArn"],
        "CALLHOOK_CLOUD_LOG": str(settings.log),
        "CALLHOOK_CLOUD_PID": str(cloud.pid),
        "CALLHOOK_CLOUD_PID_FILE": str(_pid_file(settings)),
        **({SENSITIVE_FILE: str(settings.sensitive_file)} if settings.audit else {}),
        **({"CALLHOOK_FAULTS_URL": f"{settings.endpoint}{FAULTS_PATH}"} if settings.faults else {}),
    }


def _pid_file(settings: Settings) -> Path:
    return settings.folder / "cloud.pid"


def _write_pid(settings: Settings, cloud: Cloud) -> None:
    """Writes the process id once the cloud answers. The rename is atomic, so a reader of a new id can use the cloud."""
    new_file = _pid_file(settings).with_suffix(".new")
    new_file.write_text(str(cloud.pid))
    new_file.rename(_pid_file(settings))


def _restart_if_ended(settings: Settings, cloud: Cloud) -> None:
    if cloud.restart_if_ended():
        _write_pid(settings, cloud)


def _run(command: list[str], environment: dict[str, str], poll: Callable[[], None] | None) -> int:
    """Runs the command; calls `poll`, if given, repeatedly until it ends."""
    try:
        process = subprocess.Popen(command, cwd=ROOT, env=environment)
    except OSError as error:
        raise UserError(f"{command[0]} cannot be run: {error.strerror}.") from error
    try:
        code = _wait(process, poll)
    except BaseException:
        # Ctrl-C has reached the command as well; give it time to clean up.
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        raise
    # The exit code of a shell for a command that a signal ended.
    return code if code >= 0 else 128 - code


def _wait(process: subprocess.Popen[bytes], poll: Callable[[], None] | None) -> int:
    while poll:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(SECONDS_BETWEEN_POLLS)
        poll()
    return process.wait()


def save_logs(settings: Settings) -> None:
    saved = SAVED_LOGS / time.strftime("%Y%m%d-%H%M%S")
    for log in (settings.log, settings.deploy_log):
        if log.exists():
            saved.mkdir(parents=True, exist_ok=True)
            shutil.copy(log, saved)
    if saved.exists():
        complain(f"the logs of the local cloud are in {saved}")
