"""`restore`: tests docs/restoring.md: restores both tables, has the stack use them, and goes back to the old ones."""

import json
import shutil
import tempfile
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from deployed import Cloud, CommandError
from local.api import Api
from local.audits.statements import Template
from local.aws import session
from local.commands.execute import save_logs
from local.demo.receiver import Receiver
from local.demo.report import posted
from local.deploy import deploy
from local.first_key import make_platform_key
from local.launch import running_cloud
from local.say import say
from local.settings import STACK, TEMPLATE, Settings, temporary_settings
from local.user_error import UserError
from restored import PARAMETERS, STREAM_LABEL, prepare

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TableDescriptionTypeDef

SECONDS_FOR_AN_EFFECT = 30


def restore() -> int:
    folder = Path(tempfile.mkdtemp(prefix="callhook-"))
    # Without alarms: MiniStack fails to update their nested stack ("Requested attribute Arn does not exist").
    parameters = {"EnableMonitoring": "false"}
    settings = temporary_settings(folder, parameters, persist=False, faults=False, audit=False, visibility_seconds=20)
    try:
        with running_cloud(settings):
            outputs = deploy(settings)
            with Receiver(settings) as receiver:
                _RestoreTest(settings, receiver.url).run({table: outputs[f"{table}Name"] for table in PARAMETERS})
    except UserError:
        save_logs(settings)
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    say("• The stack delivers with the restored tables, and with the old ones again.")
    return 0


class _RestoreTest:
    def __init__(self, settings: Settings, receiver_url: str) -> None:
        self._settings = settings
        self._cloud = Cloud(session(settings), STACK, settings.endpoint)
        self._dynamodb = self._cloud.session.client("dynamodb", endpoint_url=settings.endpoint)
        platform = Api(settings.base_url, make_platform_key(settings))
        account = platform.expect(201, "POST", "/v1/accounts", {"name": "Restored"})["id"]
        key = platform.expect(201, "POST", f"/v1/accounts/{account}/keys", {"name": "restored"})["key"]
        self._api = Api(settings.base_url, key)
        webhook = self._api.expect(201, "POST", "/v1/webhooks", {"name": "Receiver", "url": receiver_url})
        self._webhook = webhook["id"]

    def run(self, original: dict[str, str]) -> None:
        """`original` gives the names of the stack's own tables by their logical ids."""
        say("• Delivering a report before the restore")
        before = self._deliver()
        self._expect_figures(1)
        say(f"• Restoring {' and '.join(original.values())} to new tables")
        restored = {table: self._restored(name) for table, name in original.items()}
        self._expect_bare(restored)
        say("• Giving the new tables the settings of the old ones")
        try:
            parameters = prepare(self._cloud, restored)
        except CommandError as refusal:
            raise UserError(f"Failed to prepare the restored tables: {refusal}") from refusal
        self._expect_settings(restored)
        say("• Delivering a report after the restore")
        between = self._deliver()
        self._expect_figures(2)
        self._use_tables(parameters)
        self._expect_tables(restored)
        self._expect_delivered(before)
        self._expect_unknown(between)
        self._expect_figures(1)
        say("• Delivering a report with the restored tables")
        after = self._deliver()
        self._expect_figures(2)
        self._expect_items(restored, after, among=True)
        self._expect_items(original, after, among=False)
        say("• Going back to the old tables")
        self._use_tables(self._parameters_of(original))
        self._expect_tables(original)
        for report in (before, between):
            self._expect_delivered(report)
        self._expect_unknown(after)
        # The stream of the old table is read from its start again, and must count nothing twice.
        self._deliver()
        self._expect_figures(3)

    def _restored(self, name: str) -> str:
        target = f"{name}-restored"
        self._dynamodb.restore_table_to_point_in_time(
            SourceTableName=name, TargetTableName=target, UseLatestRestorableTime=True
        )
        self._dynamodb.get_waiter("table_exists").wait(TableName=target, WaiterConfig={"Delay": 1})
        return target

    def _expect_bare(self, restored: dict[str, str]) -> None:
        """Checks that restored tables lack settings, as on AWS; else this would not test how they get them."""
        for name in restored.values():
            if self._table(name).get("StreamSpecification") or self._time_to_live(name):
                raise UserError(f"{name} has a stream or TTL already: on AWS a restored table has neither.")

    def _expect_settings(self, restored: dict[str, str]) -> None:
        """Checks the settings of the template, some of which MiniStack's CloudFormation does not apply."""
        wanted = Template.read(TEMPLATE).resources("AWS::DynamoDB::Table")
        for resource, name in restored.items():
            table, settings = self._table(name), wanted[resource]
            backups = self._dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
            policy = self._dynamodb.get_resource_policy(ResourceArn=table["TableArn"])["Policy"]
            stream = settings.get("StreamSpecification", {}).get("StreamViewType")
            for description, wanted_value, value in (
                ("encryption", settings["SSESpecification"]["SSEType"], table["SSEDescription"]["SSEType"]),
                ("TTL", settings["TimeToLiveSpecification"]["AttributeName"], self._time_to_live(name)),
                ("stream", stream, table.get("StreamSpecification", {}).get("StreamViewType")),
                ("recovery", "ENABLED", backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]),
                ("policy", settings["ResourcePolicy"]["PolicyDocument"], json.loads(policy)),
            ):
                if value != wanted_value:
                    raise UserError(f"{name} has {value} for its {description} instead of {wanted_value}.")

    def _table(self, name: str) -> "TableDescriptionTypeDef":
        return self._dynamodb.describe_table(TableName=name)["Table"]

    def _time_to_live(self, name: str) -> str | None:
        return self._dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"].get("AttributeName")

    def _parameters_of(self, names: dict[str, str]) -> dict[str, str]:
        arns = {PARAMETERS[table]: self._table(name)["TableArn"] for table, name in names.items()}
        return {**arns, STREAM_LABEL: self._table(names["DeliveriesTable"])["LatestStreamLabel"]}

    def _use_tables(self, parameters: dict[str, str]) -> None:
        deploy(replace(self._settings, parameters={**self._settings.parameters, **parameters}))

    def _expect_tables(self, names: dict[str, str]) -> None:
        client = self._cloud.session.client("cloudformation", endpoint_url=self._cloud.endpoint)
        outputs = client.describe_stacks(StackName=STACK)["Stacks"][0]["Outputs"]
        values = {output["OutputKey"]: output["OutputValue"] for output in outputs}
        for table, name in names.items():
            if values[f"{table}Name"] != name:
                raise UserError(f"The stack uses {values[f'{table}Name']} instead of {name}.")

    def _deliver(self) -> str:
        """Posts a report and waits for its delivery in the log; returns its id."""
        accepted = self._api.expect(202, "POST", "/v1/reports", posted(str(uuid.uuid4()), self._webhook))
        report = str(accepted["id"])
        self._expect_delivered(report)
        return report

    def _expect_delivered(self, report: str) -> None:
        def delivered() -> bool:
            status, answer = self._api.call("GET", f"/v1/deliveries/{self._webhook}.{report}")
            return status == 200 and answer["status"] == "delivered"

        self._until(delivered, f"the log shows the delivery of {report}")

    def _expect_unknown(self, report: str) -> None:
        status, _ = self._api.call("GET", f"/v1/deliveries/{self._webhook}.{report}")
        if status != 404:
            raise UserError(f"The API answers {status} for {report}, which the table must not hold.")

    def _expect_figures(self, delivered: int) -> None:
        seen: list[int] = []

        def counted() -> bool:
            hours = self._api.expect(200, "GET", f"/v1/webhooks/{self._webhook}/stats")["data"]
            seen.append(sum(hour["delivered"] for hour in hours))
            return seen[-1] == delivered

        self._until(counted, f"the figures count {delivered} delivered reports", lambda: f"they count {seen[-1]}")

    def _expect_items(self, names: dict[str, str], report: str, among: bool) -> None:
        pages = self._dynamodb.get_paginator("scan").paginate(TableName=names["DeliveriesTable"])
        found = any(item["sk"].get("S") == report for page in pages for item in page["Items"])
        if found != among:
            raise UserError(f"{names['DeliveriesTable']} {'lacks' if among else 'holds'} the report {report}.")

    @staticmethod
    def _until(condition: Callable[[], bool], description: str, actual: Callable[[], str] = lambda: "") -> None:
        deadline = time.monotonic() + SECONDS_FOR_AN_EFFECT
        while not condition():
            if time.monotonic() > deadline:
                raise UserError(
                    f"{description[0].upper()}{description[1:]}: not within {SECONDS_FOR_AN_EFFECT} s. {actual()}"
                )
            time.sleep(0.2)
        say(f"    {description}")
