"""Shows which resources of a stack a deletion keeps and deletes; deletes the stack if its name is confirmed.

    make destroy STACK=callhook-dev                       only shows
    make destroy STACK=callhook-dev DESTROY=callhook-dev  deletes the stack
    make destroy LOCAL=1 DESTROY=callhook                 deletes that of `make run`

Both tables and the dead letters stay (DeletionPolicy of the template). The last lines say how to delete them, or how to
deploy a stack that uses the tables.
"""

import argparse
import shlex
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import botocore.exceptions

from deployed import (
    Cloud,
    CommandError,
    describe_stack,
    environment_of,
    operator_cloud,
    operator_command,
    running_local_cloud,
)

if TYPE_CHECKING:
    from mypy_boto3_sqs.literals import QueueAttributeNameType

TABLES = {"ConfigTableName": "ConfigTableArn", "DeliveriesTableName": "DeliveriesTableArn"}
QUEUES = ("ReportsQueueUrl", "RetriesQueueUrl", "ReplaysQueueUrl", "ErasuresQueueUrl")
DEAD_LETTERS = "DeadLettersQueueUrl"
COUNTS: "tuple[QueueAttributeNameType, ...]" = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)
MINUTES_TO_DELETE = 60


@dataclass(frozen=True)
class Table:
    """A table, which the deletion keeps."""

    parameter: str
    """The template's parameter for its ARN."""
    name: str
    arn: str
    stream_label: str | None
    items: int
    is_empty: bool
    is_protected: bool

    def line(self) -> str:
        # DynamoDB updates ItemCount about every six hours; a scan of one item tells whether the table is empty.
        count = "empty" if self.is_empty else f"about {self.items} items" if self.items else "items, not counted yet"
        return f"  {self.name}: {count}{', protected from deletion' if self.is_protected else ''}"


@dataclass(frozen=True)
class Queue:
    url: str
    messages: int

    def line(self) -> str:
        return f"  {self.url.rpartition('/')[2]}: about {self.messages} messages"


class StackDeletion:
    def __init__(self, cloud: Cloud, say: Callable[[str], None] = print) -> None:
        self._cloud = cloud
        self._say = say
        self._cloudformation = cloud.session.client("cloudformation", endpoint_url=cloud.endpoint)
        self._dynamodb = cloud.session.client("dynamodb", endpoint_url=cloud.endpoint)
        self._sqs = cloud.session.client("sqs", endpoint_url=cloud.endpoint)
        self._stack = describe_stack(cloud.session, cloud.stack, cloud.endpoint)
        outputs = {output["OutputKey"]: output["OutputValue"] for output in self._stack.get("Outputs", [])}
        # A first deployment that failed has no outputs, and keeps no resources.
        self._tables = [table for name in TABLES if name in outputs and (table := self._table(name, outputs[name]))]
        self._queues = [queue for name in QUEUES if name in outputs and (queue := self._queue(outputs[name]))]
        self._dead_letters = self._queue(outputs[DEAD_LETTERS]) if DEAD_LETTERS in outputs else None

    def _table(self, output: str, name: str) -> Table | None:
        try:
            table = self._dynamodb.describe_table(TableName=name)["Table"]
            some = self._dynamodb.scan(TableName=name, Limit=1, Select="COUNT")["Count"]
        except self._dynamodb.exceptions.ResourceNotFoundException:
            return None
        return Table(
            parameter=TABLES[output],
            name=name,
            arn=table["TableArn"],
            stream_label=table.get("LatestStreamLabel"),
            items=table["ItemCount"],
            is_empty=some == 0,
            is_protected=str(table.get("DeletionProtectionEnabled", False)).lower() == "true",
        )

    def _queue(self, url: str) -> Queue | None:
        try:
            attributes = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[*COUNTS])["Attributes"]
        except self._sqs.exceptions.QueueDoesNotExist:
            # An earlier deletion of the stack deleted it and failed later.
            return None
        return Queue(url, sum(int(attributes[count]) for count in COUNTS))

    def show(self) -> None:
        # The id names region and account; other regions may have a stack of this name.
        self._say(f"The stack {self._cloud.stack} ({self._stack['StackStatus']}), {self._stack['StackId']}.")
        self._say("The deletion keeps these resources, whose storage still costs money:")
        for table in self._tables:
            self._say(table.line())
        if self._dead_letters:
            self._say(self._dead_letters.line())
        self._say("It deletes functions, the API with its URL, alarms, logs, and these queues with their messages:")
        for queue in self._queues:
            self._say(queue.line())

    def run(self, confirmed: str | None) -> None:
        if self._stack.get("EnableTerminationProtection"):
            name = shlex.quote(self._cloud.stack)
            raise CommandError(
                f"The stack {self._cloud.stack} has termination protection. Turn it off with aws cloudformation "
                f"update-termination-protection --no-enable-termination-protection --stack-name {name}"
            )
        if not confirmed:
            self._say(f"Nothing was deleted. To delete the stack, give its name as DESTROY={self._cloud.stack}.")
            return
        if confirmed != self._cloud.stack:
            raise CommandError(
                f"{confirmed} is not the name of the stack; nothing was deleted: give DESTROY={self._cloud.stack}."
            )
        self._say(f"Deleting the stack {self._cloud.stack} …")
        # CloudFormation finds a deleted stack by its id only.
        stack_id = self._stack["StackId"]
        self._cloudformation.delete_stack(StackName=stack_id)
        waiter = self._cloudformation.get_waiter("stack_delete_complete")
        delay = 1 if self._cloud.endpoint else 10
        try:
            waiter.wait(
                StackName=stack_id, WaiterConfig={"Delay": delay, "MaxAttempts": MINUTES_TO_DELETE * 60 // delay}
            )
        except botocore.exceptions.WaiterError as error:
            raise CommandError(
                f"The stack was not deleted: {'; '.join(self._failure_reasons(stack_id)) or error}"
            ) from error
        self._say("The stack is deleted.")
        self._show_next_steps()

    def _failure_reasons(self, stack_id: str) -> list[str]:
        events = self._cloudformation.describe_stack_events(StackName=stack_id)["StackEvents"]
        return [
            f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', 'no reason')}"
            for event in events
            if event["ResourceStatus"] == "DELETE_FAILED"
        ]

    def _show_next_steps(self) -> None:
        # `make run` deploys the local cloud's stack with new tables.
        if self._tables and not self._cloud.endpoint:
            # Without ENV, `make deploy` would use the settings of `default`.
            environment, _ = environment_of(self._cloud.stack)
            which = f"ENV={environment}" if environment else f"STACK={self._cloud.stack}"
            self._say("To deploy a stack that uses these tables:")
            self._say(f'  make deploy {which} PARAMETERS="{" ".join(self._parameters())}"')
        self._say("To delete the kept resources for good:")
        where = f" --endpoint-url {self._cloud.endpoint}" if self._cloud.endpoint else ""
        for table in self._tables:
            if table.is_protected:
                self._say(
                    f"  aws{where} dynamodb update-table --no-deletion-protection-enabled --table-name {table.name}"
                )
            self._say(f"  aws{where} dynamodb delete-table --table-name {table.name}")
        if self._dead_letters:
            self._say(f"  aws{where} sqs delete-queue --queue-url {self._dead_letters.url}")

    def _parameters(self) -> Iterator[str]:
        for table in self._tables:
            yield f"{table.parameter}={table.arn}"
            if table.stream_label:
                yield f"DeliveriesStreamLabel={table.stream_label}"


@operator_command
def main() -> int:
    parser = argparse.ArgumentParser(
        description="Shows the resources of a stack, and deletes it if its name is confirmed."
    )
    parser.add_argument("--stack", default="callhook", help="name of the CloudFormation stack (default: callhook)")
    parser.add_argument("--local", action="store_true", help="on the local cloud of `make run`")
    parser.add_argument("--confirm", help="the name of the stack, which is then deleted")
    arguments = parser.parse_args()
    cloud = running_local_cloud() if arguments.local else operator_cloud(arguments.stack)
    deletion = StackDeletion(cloud)
    deletion.show()
    deletion.run(arguments.confirm)
    return 0


if __name__ == "__main__":
    sys.exit(main())
