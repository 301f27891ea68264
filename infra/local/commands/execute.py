"""`exec -- <command>`: a fresh cloud for one command, such as the end-to-end tests, which then decides the exit code."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from local.deploy import deploy
from local.launch import running_cloud
from local.first_key import make_platform_key
from local.say import complain, say
from local.settings import ROOT, Settings, passing_settings
from local.trouble import Trouble

KEPT_LOGS = ROOT / "target" / "local-cloud-logs"


def execute(command: list[str], parameters: dict[str, str]) -> int:
    folder = Path(tempfile.mkdtemp(prefix="callhook-"))
    settings = passing_settings(folder, parameters)
    succeeded = False
    try:
        with running_cloud(settings) as cloud:
            outputs = deploy(settings)
            environment = _environment(settings, outputs, cloud.pid)
            say(f"• Running {' '.join(command)}")
            code = _run(command, environment)
            succeeded = code == 0
        return code
    finally:
        if not succeeded:
            _keep_logs(settings)
        shutil.rmtree(folder, ignore_errors=True)


def _environment(settings: Settings, outputs: dict[str, str], cloud_pid: int) -> dict[str, str]:
    return {
        **os.environ,
        **settings.aws_environment(),
        "CALLHOOK_URL": settings.base_url,
        "CALLHOOK_PLATFORM_KEY": make_platform_key(settings),
        "CALLHOOK_CONFIG_TABLE": outputs["ConfigTableName"],
        "CALLHOOK_DELIVERIES_TABLE": outputs["DeliveriesTableName"],
        "CALLHOOK_REPORTS_QUEUE_URL": outputs["ReportsQueueUrl"],
        "CALLHOOK_RETRIES_QUEUE_URL": outputs["RetriesQueueUrl"],
        "CALLHOOK_DEAD_LETTERS_QUEUE_URL": outputs["DeadLettersQueueUrl"],
        "CALLHOOK_CLOUD_LOG": str(settings.log),
        "CALLHOOK_CLOUD_PID": str(cloud_pid),
    }


def _run(command: list[str], environment: dict[str, str]) -> int:
    try:
        process = subprocess.Popen(command, cwd=ROOT, env=environment)
    except OSError as error:
        raise Trouble(f"{command[0]} cannot be run: {error.strerror}.") from error
    try:
        code = process.wait()
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


def _keep_logs(settings: Settings) -> None:
    kept = KEPT_LOGS / time.strftime("%Y%m%d-%H%M%S")
    for log in (settings.log, settings.deploy_log):
        if log.exists():
            kept.mkdir(parents=True, exist_ok=True)
            shutil.copy(log, kept)
    if kept.exists():
        complain(f"the logs of the local cloud are kept in {kept}")
