"""Prepares tables that were restored from point-in-time recovery for a stack (docs/restoring.md).

A restored table has the items, indexes and encryption of its source, and none of its other settings
(https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableToPointInTime.html). This gives it those
of the template, and prints the parameters with which the stack uses it. It does not need the source.

    make prepare-restored CONFIG_TABLE=<name> DELIVERIES_TABLE=<name>
                          one of both is enough; STACK=callhook-eu for another stack, LOCAL=1 for that of `make run`
"""

import argparse
import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from samcli.yamlhelper import yaml_parse

from deployed import Cloud, CommandError, describe_stack, operator_cloud, operator_command, running_local_cloud

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import StackTypeDef
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TableDescriptionTypeDef, TimeToLiveSpecificationTypeDef

TEMPLATE = Path(__file__).with_name("template.yaml")
# The parameter that names a table, by the table's resource in the template.
PARAMETERS = {"ConfigTable": "ConfigTableArn", "DeliveriesTable": "DeliveriesTableArn"}
# The output that names the table that the stack uses, its own or another.
OUTPUTS = {"ConfigTable": "ConfigTableName", "DeliveriesTable": "DeliveriesTableName"}
STREAM_LABEL = "DeliveriesStreamLabel"
SECONDS_BETWEEN_POLLS = 2
# A stream and deletion protection take seconds; another key of a large table may take longer.
SECONDS_FOR_AN_UPDATE = 300


class Tables:
    """Gives tables the settings of the template."""

    def __init__(
        self,
        dynamodb: "DynamoDBClient",
        stack: "StackTypeDef",
        template: dict[str, Any],
        seconds_between_polls: float = SECONDS_BETWEEN_POLLS,
    ) -> None:
        """`stack` is its description by CloudFormation."""
        self._dynamodb = dynamodb
        self._parameters = {p["ParameterKey"]: p["ParameterValue"] for p in stack["Parameters"]}
        self._outputs = {o["OutputKey"]: o["OutputValue"] for o in stack.get("Outputs", [])}
        self._tags = stack.get("Tags", [])
        self._resources = template["Resources"]
        self._seconds_between_polls = seconds_between_polls

    def prepare(self, name: str, resource: str) -> "TableDescriptionTypeDef":
        """Prepares the table `name` to be `resource` of the template; returns its description."""
        wanted, table = self._resources[resource]["Properties"], self._description(name)
        if self._outputs.get(OUTPUTS[resource]) == name:
            raise CommandError(f"The stack uses {name} already.")
        if table["TableStatus"] != "ACTIVE":
            raise CommandError(f"The table {name} is {table['TableStatus']}: wait until the restore ends.")
        for describe in (_keys, _indexes):
            if describe(table) != describe(wanted):
                raise CommandError(
                    f"{name} has other {describe.__name__[1:]} than {resource} of the template: name the right table."
                )
        self._encrypt(name, table.get("SSEDescription", {}))
        self._set_time_to_live(name, wanted["TimeToLiveSpecification"])
        arn = table["TableArn"]
        self._dynamodb.put_resource_policy(
            ResourceArn=arn, Policy=json.dumps(wanted["ResourcePolicy"]["PolicyDocument"])
        )
        if self._tags:
            self._dynamodb.tag_resource(ResourceArn=arn, Tags=self._tags)
        recovery = wanted["PointInTimeRecoverySpecification"]
        self._dynamodb.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=recovery)
        if self._parameters.get("DeletionProtection") == "true":
            self._update(name, DeletionProtectionEnabled=True)
        if "StreamSpecification" in wanted and not table.get("StreamSpecification", {}).get("StreamEnabled"):
            self._update(name, StreamSpecification={"StreamEnabled": True, **wanted["StreamSpecification"]})
        return self._description(name)

    def _description(self, name: str) -> "TableDescriptionTypeDef":
        try:
            return self._dynamodb.describe_table(TableName=name)["Table"]
        except self._dynamodb.exceptions.ResourceNotFoundException:
            raise CommandError(f"There is no table {name}: restore it first (docs/restoring.md).") from None

    def _encrypt(self, name: str, current: Mapping[str, Any]) -> None:
        key = self._parameters.get("KmsKeyArn")
        if current.get("SSEType") != "KMS" or (key and current.get("KMSMasterKeyArn") != key):
            self._update(
                name, SSESpecification={"Enabled": True, "SSEType": "KMS", **({"KMSMasterKeyId": key} if key else {})}
            )

    def _set_time_to_live(self, name: str, specification: "TimeToLiveSpecificationTypeDef") -> None:
        current = self._dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
        # DynamoDB refuses to enable an enabled TTL.
        if current.get("TimeToLiveStatus") not in ("ENABLED", "ENABLING"):
            self._dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=specification)

    def _update(self, name: str, **settings: Any) -> None:
        """Updates the table and waits until it is active, as it accepts no other update before."""
        self._dynamodb.update_table(TableName=name, **settings)
        deadline = time.monotonic() + SECONDS_FOR_AN_UPDATE
        while self._description(name)["TableStatus"] != "ACTIVE":
            if time.monotonic() > deadline:
                raise CommandError(
                    f"The table {name} is not active after {SECONDS_FOR_AN_UPDATE} s: run this again later."
                )
            time.sleep(self._seconds_between_polls)


def _keys(table: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    types = {attribute["AttributeName"]: attribute["AttributeType"] for attribute in table["AttributeDefinitions"]}
    return [(key["AttributeName"], key["KeyType"], types[key["AttributeName"]]) for key in table["KeySchema"]]


def _indexes(table: Mapping[str, Any]) -> dict[str, tuple[list[tuple[str, str]], str, list[str]]]:
    return {
        index["IndexName"]: (
            [(key["AttributeName"], key["KeyType"]) for key in index["KeySchema"]],
            index["Projection"]["ProjectionType"],
            sorted(index["Projection"].get("NonKeyAttributes", [])),
        )
        for index in table.get("GlobalSecondaryIndexes", [])
    }


def prepare(cloud: Cloud, restored: dict[str, str]) -> dict[str, str]:
    """Prepares tables, named by their resources in the template; returns the parameters for the stack."""
    dynamodb = cloud.session.client("dynamodb", endpoint_url=cloud.endpoint)
    tables = Tables(
        dynamodb, describe_stack(cloud.session, cloud.stack, cloud.endpoint), yaml_parse(TEMPLATE.read_text())
    )
    parameters = {}
    for resource, name in restored.items():
        table = tables.prepare(name, resource)
        parameters[PARAMETERS[resource]] = table["TableArn"]
        if resource == "DeliveriesTable":
            parameters[STREAM_LABEL] = table["LatestStreamLabel"]
    return parameters


@operator_command
def main() -> int:
    parser = argparse.ArgumentParser(description="Gives restored tables the settings of the template.")
    parser.add_argument("--config-table", default="", help="the restored table of accounts, keys and webhooks")
    parser.add_argument("--deliveries-table", default="", help="the restored table of the delivery log")
    parser.add_argument("--stack", default="callhook", help="name of the CloudFormation stack (default: callhook)")
    parser.add_argument("--local", action="store_true", help="on the local cloud of `make run`")
    arguments = parser.parse_args()
    named = {"ConfigTable": arguments.config_table, "DeliveriesTable": arguments.deliveries_table}
    restored = {resource: name for resource, name in named.items() if name}
    if not restored:
        parser.error("name a restored table: make prepare-restored CONFIG_TABLE=<name> DELIVERIES_TABLE=<name>")
    cloud = running_local_cloud() if arguments.local else operator_cloud(arguments.stack)
    parameters = prepare(cloud, restored)
    print(
        "The tables are ready. Deploy the stack with these parameters, now and in each later deployment:",
        file=sys.stderr,
    )
    print(" ".join(f"{name}={value}" for name, value in parameters.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
