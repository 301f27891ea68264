import tempfile
import unittest
from pathlib import Path
from types import ModuleType

from local.audits.permissions import name_of_arn, unused
from local.audits.recorder import Use, kind_of_key, read_uses, record_uses
from local.audits.statements import Template
from local.tests.modules import module

TABLE = "arn:aws:dynamodb:us-east-1:000000000000:table/stack-Table-1A"
NAMES = {"stack-Table-1A": "Table", "stack-Queue-2B": "Queue"}
TEMPLATE = Template("""
Resources:
  FFunction:
    Type: AWS::Serverless::Function
    Properties:
      Role: !GetAtt R.Arn
      LoggingConfig: { LogGroup: !Ref L }
      Events:
        Q: { Type: SQS, Properties: { Queue: !GetAtt Queue.Arn } }
  R:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: f
          PolicyDocument:
            Statement:
              - { Sid: Log, Effect: Allow, Action: [logs:PutLogEvents], Resource: !GetAtt L.Arn }
              - !If
                - HasOwnKey
                - { Sid: Key, Effect: Allow, Action: [kms:Decrypt], Resource: !Ref KmsKeyArn }
                - !Ref AWS::NoValue
              - { Sid: Poll, Effect: Allow, Action: sqs:ReceiveMessage, Resource: !GetAtt Queue.Arn }
              - { Sid: Index, Effect: Allow, Action: [dynamodb:Query], Resource: !Sub "${Table.Arn}/index/i" }
              - Sid: Items
                Effect: Allow
                Action: [dynamodb:GetItem]
                Resource: !GetAtt Table.Arn
                Condition:
                  "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["A#*", "B#*"] }
""")
ALL = {
    Use("f", "dynamodb:Query", f"{TABLE}/index/i", None),
    Use("f", "dynamodb:GetItem", TABLE, "A#0"),
    Use("f", "dynamodb:GetItem", TABLE, "B#0"),
}


def findings(uses: set[Use], template: Template = TEMPLATE) -> list[str]:
    return [finding.partition(": ")[2] for finding in unused(template, uses, NAMES)]


class Unused(unittest.TestCase):
    def test_used_permissions_pass(self) -> None:
        self.assertEqual(findings(ALL), [])

    def test_unused_actions_resources_and_keys_are_found(self) -> None:
        for left_out, finding in zip(
            sorted(ALL, key=lambda use: (use.action, use.key)),
            (
                "f: dynamodb:GetItem on Table for keys A#* (Items)",
                "f: dynamodb:GetItem on Table for keys B#* (Items)",
                "f: dynamodb:Query on Table/index/i (Index)",
            ),
            strict=True,
        ):
            self.assertEqual(findings(ALL - {left_out}), [finding])

    def test_uses_of_another_function_do_not_count(self) -> None:
        others = {Use("g", use.action, use.resource, use.key) for use in ALL}
        self.assertEqual(len(findings(others)), 3)

    def test_a_permission_for_aws_needs_its_trigger(self) -> None:
        """Nothing uses the permission to poll a queue that no longer triggers the function."""
        template = Template("")
        template.parsed = {"Resources": {**TEMPLATE.parsed["Resources"]}}
        f = template.parsed["Resources"]["FFunction"]
        template.parsed["Resources"]["FFunction"] = {**f, "Properties": {**f["Properties"], "Events": {}}}
        self.assertEqual(findings(ALL, template), ["f: sqs:ReceiveMessage on Queue (Poll)"])

    def test_an_empty_record_fails(self) -> None:
        self.assertEqual(len(unused(TEMPLATE, set(), NAMES)), 1)

    def test_arns_are_resolved_to_logical_ids(self) -> None:
        self.assertEqual(name_of_arn(TABLE, NAMES), "Table")
        self.assertEqual(name_of_arn(f"{TABLE}/index/i", NAMES), "Table/index/i")
        self.assertEqual(name_of_arn("arn:aws:sqs:us-east-1:000000000000:stack-Queue-2B", NAMES), "Queue")


class Recorder(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name) / "uses"
        self.refused: set[str] = set()
        self.iam = self.record()

    def record(self) -> ModuleType:
        iam = module(
            "iam_evaluator",
            enforce=lambda _key, action, *_rest: "refused" if action in self.refused else None,
            pin_request_caller=lambda *_: None,
        )
        record_uses(iam, {"ASIA1": "f"}.get, self.file)
        return iam

    def call(
        self,
        access_key: str = "ASIA1",
        action: str = "dynamodb:GetItem",
        keys: list[str] | None = None,
        agent: str = "aws-sdk-rust/1",
    ) -> object:
        self.iam.pin_request_caller({"user-agent": agent})
        context = {"dynamodb:LeadingKeys": keys} if keys else None
        return self.iam.enforce(access_key, action, "dynamodb", "us-east-1", TABLE, context)

    def test_an_allowed_action_is_recorded_once(self) -> None:
        for account in ("1", "2"):
            self.assertIsNone(self.call(keys=[f"ACCT#{account}", "ACCOUNTS"]))
        self.assertEqual(len(self.file.read_text().splitlines()), 2)
        self.assertEqual({use.key for use in read_uses(self.file)}, {"ACCT#0", "ACCOUNTS"})

    def test_a_refusal_is_returned_and_not_recorded(self) -> None:
        self.refused.add("dynamodb:GetItem")
        self.assertEqual(self.call(), "refused")
        self.assertEqual(read_uses(self.file), set())

    def test_calls_of_root_and_of_tests_are_not_recorded(self) -> None:
        self.call(access_key="test")
        self.call(agent="aws-sdk-rust/1 app/callhook-tests")
        self.assertEqual(read_uses(self.file), set())
        self.call()
        self.assertEqual(read_uses(self.file), {Use("f", "dynamodb:GetItem", TABLE, None)})

    def test_a_restart_appends_to_the_record(self) -> None:
        self.call()
        self.iam = self.record()
        self.call(action="dynamodb:Query")
        self.assertEqual({use.action for use in read_uses(self.file)}, {"dynamodb:GetItem", "dynamodb:Query"})

    def test_partition_keys_are_recorded_by_kind(self) -> None:
        for key, kind in (
            ("PLATFORM", "PLATFORM"),
            ("KEY#ab12", "KEY#0"),
            ("01890a5d-ac96-774b-bcce-b302099a8057#7", "00000000-0000-0000-0000-000000000000#0"),
            ("STATS#01890a5d-ac96-774b-bcce-b302099a8057", "STATS#00000000-0000-0000-0000-000000000000"),
            ("STATS#ACCOUNTS#acme", "STATS#0"),
        ):
            self.assertEqual(kind_of_key(key), kind)
