"""`make destroy`: its output, refusals and deletions."""

import unittest
from typing import Any
from unittest import mock

import botocore.exceptions

from deployed import Cloud, CommandError
from destroy import COUNTS, StackDeletion

OUTPUTS = {
    "ConfigTableName": "config", "DeliveriesTableName": "deliveries", "ReportsQueueUrl": "https://sqs/1/reports",
    "RetriesQueueUrl": "https://sqs/1/retries", "ReplaysQueueUrl": "https://sqs/1/replays",
    "ErasuresQueueUrl": "https://sqs/1/erasures", "DeadLettersQueueUrl": "https://sqs/1/letters",
}  # fmt: skip


class Destroy(unittest.TestCase):
    def setUp(self) -> None:
        self.output: list[str] = []
        self.stack: dict[str, Any] = {
            "StackId": "arn:of:the:stack", "StackStatus": "UPDATE_COMPLETE",
            "Outputs": [{"OutputKey": key, "OutputValue": value} for key, value in OUTPUTS.items()],
        }  # fmt: skip
        self.tables = {
            "config": {"TableArn": "arn:config", "ItemCount": 3, "DeletionProtectionEnabled": True},
            "deliveries": {"TableArn": "arn:deliveries", "ItemCount": 0, "LatestStreamLabel": "2026"},
        }
        self.cloudformation, self.dynamodb, self.sqs = mock.Mock(), mock.Mock(), mock.Mock()
        self.cloudformation.describe_stacks.side_effect = lambda **_: {"Stacks": [self.stack]}
        self.dynamodb.exceptions.ResourceNotFoundException = KeyError
        self.dynamodb.describe_table.side_effect = lambda TableName: {"Table": self.tables[TableName]}
        self.dynamodb.scan.return_value = {"Count": 1}
        self.sqs.exceptions.QueueDoesNotExist = KeyError
        self.sqs.get_queue_attributes.return_value = {"Attributes": dict.fromkeys(COUNTS, "1")}
        clients = {"cloudformation": self.cloudformation, "dynamodb": self.dynamodb, "sqs": self.sqs}
        self.session = mock.Mock()
        self.session.client.side_effect = lambda service, **_: clients[service]

    def deletion(self, endpoint: str | None = None) -> StackDeletion:
        return StackDeletion(Cloud(self.session, "callhook-dev", endpoint), say=self.output.append)

    @property
    def text(self) -> str:
        return "\n".join(self.output)

    def test_kept_and_deleted_resources_are_shown(self) -> None:
        self.deletion().show()
        for line in (
            "config: about 3 items, protected from deletion", "deliveries: items, not counted yet",
            "letters: about 3 messages", "reports: about 3 messages",
        ):  # fmt: skip
            self.assertIn(line, self.text)
        stays, lost = self.text.split("It deletes")
        self.assertIn("letters", stays)
        self.assertNotIn("letters", lost)

    def test_region_and_account_of_the_stack_are_shown(self) -> None:
        self.deletion().show()
        self.assertIn("arn:of:the:stack", self.output[0])

    def test_a_failed_deletion_can_be_repeated(self) -> None:
        self.stack["StackStatus"] = "DELETE_FAILED"
        gone = ("https://sqs/1/reports", "https://sqs/1/retries")
        answer = self.sqs.get_queue_attributes.return_value

        def attributes(QueueUrl: str, **_: object) -> object:
            if QueueUrl in gone:
                raise KeyError(QueueUrl)
            return answer

        self.sqs.get_queue_attributes.side_effect = attributes
        deletion = self.deletion()
        deletion.show()
        self.assertNotIn("reports: about", self.text)
        self.assertIn("replays: about", self.text)
        deletion.run("callhook-dev")
        self.cloudformation.delete_stack.assert_called_once()

    def test_nothing_is_deleted_without_the_name_of_the_stack(self) -> None:
        for confirmed in (None, ""):
            self.deletion().run(confirmed)
            self.assertIn("Nothing was deleted", self.output.pop())
        for confirmed in ("callhook", "callhook-dev "):
            with self.assertRaisesRegex(CommandError, "DESTROY=callhook-dev"):
                self.deletion().run(confirmed)
        self.cloudformation.delete_stack.assert_not_called()

    def test_termination_protection_is_not_turned_off(self) -> None:
        self.stack["EnableTerminationProtection"] = True
        with self.assertRaisesRegex(CommandError, "no-enable-termination-protection"):
            self.deletion().run("callhook-dev")
        self.cloudformation.delete_stack.assert_not_called()

    def test_only_the_stack_is_deleted_and_next_steps_are_shown(self) -> None:
        self.deletion().run("callhook-dev")
        self.cloudformation.delete_stack.assert_called_once_with(StackName="arn:of:the:stack")
        self.dynamodb.delete_table.assert_not_called()
        self.sqs.delete_queue.assert_not_called()
        parameters = "ConfigTableArn=arn:config DeliveriesTableArn=arn:deliveries DeliveriesStreamLabel=2026"
        self.assertIn(f'make deploy ENV=dev PARAMETERS="{parameters}"', self.text)
        unprotect = self.text.index("update-table --no-deletion-protection-enabled --table-name config")
        self.assertLess(unprotect, self.text.index("delete-table --table-name config"))
        self.assertIn("delete-queue --queue-url https://sqs/1/letters", self.text)

    def test_commands_for_the_local_cloud_name_its_endpoint(self) -> None:
        self.deletion("http://127.0.0.1:4566").run("callhook-dev")
        commands = [line for line in self.output if line.startswith("  aws")]
        self.assertEqual(len(commands), 4)
        for command in commands:
            self.assertIn("aws --endpoint-url http://127.0.0.1:4566 ", command)
        self.assertNotIn("make deploy", self.text)

    def test_a_failed_deletion_names_the_resource(self) -> None:
        self.cloudformation.get_waiter().wait.side_effect = botocore.exceptions.WaiterError("w", "failed", {})
        event = {"LogicalResourceId": "Api", "ResourceStatus": "DELETE_FAILED", "ResourceStatusReason": "in use"}
        self.cloudformation.describe_stack_events.return_value = {"StackEvents": [event]}
        with self.assertRaisesRegex(CommandError, "Api: in use"):
            self.deletion().run("callhook-dev")

    def test_missing_tables_and_outputs_are_left_out(self) -> None:
        self.tables.clear()
        self.deletion().show()
        self.assertNotIn("items", self.text)
        self.stack["Outputs"] = []
        self.deletion().run("callhook-dev")


if __name__ == "__main__":
    unittest.main()
