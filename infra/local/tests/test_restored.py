"""`make prepare-restored`: the settings of restored tables. `make test-restore` tests them on a local cloud."""

import json
import unittest
from collections.abc import Sequence
from typing import Any, ClassVar
from unittest import mock

from samcli.yamlhelper import yaml_parse

from deployed import CommandError
from restored import TEMPLATE, Tables

KEY = "arn:aws:kms:eu-west-1:123456789012:key/1"


class Prepare(unittest.TestCase):
    template: ClassVar[dict[str, Any]]

    @classmethod
    def setUpClass(cls) -> None:
        cls.template = yaml_parse(TEMPLATE.read_text())

    def setUp(self) -> None:
        properties = self.template["Resources"]["DeliveriesTable"]["Properties"]
        self.table = {
            "TableName": "restored", "TableArn": "arn:restored", "TableStatus": "ACTIVE",
            "SSEDescription": {"SSEType": "KMS", "KMSMasterKeyArn": KEY},
            **{part: properties[part] for part in ("KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes")},
        }  # fmt: skip
        self.dynamodb = mock.Mock()
        self.dynamodb.exceptions.ResourceNotFoundException = KeyError
        self.dynamodb.describe_table.side_effect = lambda TableName: {"Table": {"restored": self.table}[TableName]}
        self.dynamodb.describe_time_to_live.return_value = {"TimeToLiveDescription": {"TimeToLiveStatus": "DISABLED"}}

    def prepare(
        self,
        name: str = "restored",
        tags: Sequence[dict[str, str]] = (),
        uses: str = "of-the-stack",
        **parameters: str,
    ) -> None:
        stack: Any = {
            "Outputs": [{"OutputKey": "DeliveriesTableName", "OutputValue": uses}],
            "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
            "Tags": list(tags),
        }
        Tables(self.dynamodb, stack, self.template, seconds_between_polls=0).prepare(name, "DeliveriesTable")

    def updates(self) -> dict[str, Any]:
        return {
            name: value for call in self.dynamodb.update_table.call_args_list for name, value in call.kwargs.items()
        }

    def test_a_restored_table_gets_the_settings_that_a_restore_leaves_out(self) -> None:
        tags = [{"Key": "environment", "Value": "prod"}]
        self.prepare(tags=tags, DeletionProtection="true")
        self.dynamodb.update_time_to_live.assert_called_once_with(
            TableName="restored", TimeToLiveSpecification={"AttributeName": "expires_at", "Enabled": True}
        )
        policy = json.loads(self.dynamodb.put_resource_policy.call_args.kwargs["Policy"])
        self.assertEqual(policy["Statement"][0]["Condition"], {"Bool": {"aws:SecureTransport": "false"}})
        self.dynamodb.tag_resource.assert_called_once_with(ResourceArn="arn:restored", Tags=tags)
        self.dynamodb.update_continuous_backups.assert_called_once_with(
            TableName="restored", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
        )
        self.assertEqual(self.updates(), {
            "TableName": "restored", "DeletionProtectionEnabled": True,
            "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        })  # fmt: skip

    def test_correct_settings_are_not_set_again(self) -> None:
        self.table["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
        self.dynamodb.describe_time_to_live.return_value = {"TimeToLiveDescription": {"TimeToLiveStatus": "ENABLED"}}
        self.prepare(KmsKeyArn=KEY)
        self.dynamodb.update_time_to_live.assert_not_called()
        self.dynamodb.update_table.assert_not_called()
        self.dynamodb.tag_resource.assert_not_called()

    def test_a_restored_table_gets_the_key_of_the_stack(self) -> None:
        self.prepare(KmsKeyArn=KEY.replace("key/1", "key/2"))
        self.assertEqual(
            self.updates()["SSESpecification"],
            {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": KEY.replace("key/1", "key/2")},
        )

    def test_a_wrong_table_is_refused_before_any_change(self) -> None:
        for change, reason in (
            ({"GlobalSecondaryIndexes": []}, "other indexes"),
            ({"KeySchema": self.table["KeySchema"][:1]}, "other keys"),
            ({"TableStatus": "CREATING"}, "is CREATING"),
        ):
            self.setUp()
            self.table.update(change)
            with self.assertRaisesRegex(CommandError, reason):
                self.prepare()
        with self.assertRaisesRegex(CommandError, "uses restored already"):
            self.setUp()
            self.prepare(uses="restored")
        with self.assertRaisesRegex(CommandError, "no table other"):
            self.prepare(name="other")
        for changing in ("update_table", "update_time_to_live", "put_resource_policy", "tag_resource"):
            getattr(self.dynamodb, changing).assert_not_called()


if __name__ == "__main__":
    unittest.main()
