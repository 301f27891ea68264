"""`exec -- <command>`: a fresh cloud for one command, such as the end-to-end tests, which then decides the exit code."""

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
from local.settings import ROOT, Settings, passing_settings
from local.user_error import UserError

KEPT_LOGS = ROOT / "target" / "local-cloud-logs"
# How long the cloud may be gone, and the command have ended, before it is noticed.
SECONDS_BETWEEN_LOOKS = 0.05
# Each gives what is wrong, a sentence each.
AUDITS = (audit_leaks, audit_metrics, audit_permissions)


def execute(
    command: list[str],
    parameters: dict[str, str],
    restartable: bool,
    faults: bool,
    audit: bool,
    visibility_seconds: int,
) -> int:
    folder = Path(tempfile.mkdtemp(prefix="callhook-"))
    settings = passing_settings(folder, parameters, restartable, faults, audit, visibility_seconds)
    succeeded = False
    try:
        with running_cloud(settings) as cloud:
            outputs = deploy(settings)
            _note_pid(settings, cloud)
            environment = _environment(settings, outputs, cloud)
            say(f"• Running {' '.join(command)}")
            code = _run(command, environment, (lambda: _keep_up(settings, cloud)) if restartable else None)
            if code == 0 and audit:
                _audit(settings)
            succeeded = code == 0
        return code
    finally:
        if not succeeded:
            keep_logs(settings)
        shutil.rmtree(folder, ignore_errors=True)


def _audit(settings: Settings) -> None:
    found = [complaint for audit in AUDITS for complaint in audit(settings)]
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


def _note_pid(settings: Settings, cloud: Cloud) -> None:
    """Written when the cloud answers, and by renaming: whoever reads another number than before may go on at once."""
    note = _pid_file(settings).with_suffix(".new")
    note.write_text(str(cloud.pid))
    note.rename(_pid_file(settings))


def _keep_up(settings: Settings, cloud: Cloud) -> None:
    if cloud.restart_if_ended():
        _note_pid(settings, cloud)


def _run(command: list[str], environment: dict[str, str], meanwhile: Callable[[], None] | None) -> int:
    """`meanwhile`, if there is one, is called again and again until the command ends."""
    try:
        process = subprocess.Popen(command, cwd=ROOT, env=environment)
    except OSError as error:
        raise UserError(f"{command[0]} cannot be run: {error.strerror}.") from error
    try:
        code = _wait(process, meanwhile)
    except BaseException:
        # Ctrl-C has reached the command as well; it gets a moment to tidy up before it is ended.
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        raise
    # As a shell tells that a signal ended a command.
    return code if code >= 0 else 128 - code


def _wait(process: subprocess.Popen[bytes], meanwhile: Callable[[], None] | None) -> int:
    while meanwhile:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(SECONDS_BETWEEN_LOOKS)
        meanwhile()
    return process.wait()


def keep_logs(settings: Settings) -> None:
    kept = KEPT_LOGS / time.strftime("%Y%m%d-%H%M%S")
    for log in (settings.log, settings.deploy_log):
        if log.exists():
            kept.mkdir(parents=True, exist_ok=True)
            shutil.copy(log, kept)
    if kept.exists():
        complain(f"the logs of the local cloud are kept in {kept}")
