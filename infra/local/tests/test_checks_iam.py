"""checks/iam.py finds statements that have no effect on AWS, and accepts those that do."""

import unittest

from checks.iam import Exemption, Unresolved, check, overlap, types_of

TEMPLATE = """
Resources:
  Table: {{ Type: AWS::DynamoDB::Table }}
  Queue: {{ Type: AWS::SQS::Queue }}
  Topic: {{ Type: AWS::SNS::Topic }}
  Logs: {{ Type: AWS::Logs::LogGroup }}
  Stage: {{ Type: AWS::ApiGatewayV2::Stage }}
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: all
          PolicyDocument:
            Statement:
              - !If
                - HasOwnKey
                - {{ Sid: S, Effect: Allow, {statement} }}
                - !Ref AWS::NoValue
"""
SQS = "arn:aws:sqs:us-east-1:123456789012"
TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/a"


def found(statement: str, exemptions: tuple[Exemption, ...] = ()) -> list[str]:
    """The findings for a role with one statement."""
    return check([TEMPLATE.format(statement=statement)], list(exemptions))


class Statements(unittest.TestCase):
    def test_valid_actions_resources_and_conditions_pass(self) -> None:
        for statement in (
            "Action: [sqs:SendMessage], Resource: [!GetAtt Queue.Arn]",
            "Action: sns:Publish, Resource: !Ref Topic",
            "Action: [logs:CreateLogStream, logs:PutLogEvents], Resource: !GetAtt Logs.Arn",
            "Action: [dynamodb:GetRecords], Resource: !GetAtt Table.StreamArn",
            'Action: [dynamodb:Query], Resource: !Sub "${{Table.Arn}}/index/i"'.replace("{{", "{").replace("}}", "}"),
            "Action: [dynamodb:GetItem], Resource: !If [Makes, !GetAtt Table.Arn, !Ref ConfigTableArn]",
            "Action: [kms:Decrypt], Resource: !Ref KmsKeyArn, Condition: { StringEquals: { 'kms:ViaService': x } }",
            "Action: dynamodb:GetItem, Resource: '*', "
            "Condition: { 'ForAllValues:Null': { 'dynamodb:LeadingKeys': true } }",
            "Action: dynamodb:Scan, Resource: '*', "
            "Condition: { 'ForAnyValue:StringLike': { 'dynamodb:Attributes': A } }",
            "Action: [dynamodb:GetItem], Resource: '*', Condition: { StringEqualsIfExists: { 'dynamodb:Select': B } }",
            "Action: [ec2:DescribeSubnets], Resource: '*', Condition: { ArnLike: { 'lambda:SourceFunctionArn': x } }",
            "Action: 'sqs:*', Resource: !GetAtt Queue.Arn, Condition: { Bool: { 'aws:SecureTransport': 'false' } }",
        ):
            with self.subTest(statement):
                self.assertEqual(found(statement), [])

    def test_actions_resources_and_conditions_that_aws_lacks_are_found(self) -> None:
        for statement, finding in {
            "Action: [sqz:SendMessage], Resource: '*'": "AWS has no service `sqz`",
            "Action: [sqs:SendMessages], Resource: '*'": "AWS has no action `sqs:SendMessages`",
            "Action: [sqs:SendMessage], Resource: !GetAtt Table.Arn": "applies to queue, not to arn:aws:dynamodb:",
            "Action: [dynamodb:GetItem], Resource: !GetAtt Table.StreamArn": "applies to table, not to",
            "Action: [dynamodb:ListStreams], Resource: !GetAtt Table.StreamArn": "applies to no resource",
            "Action: [dynamodb:PutItem], Resource: '*', Condition: { StringEquals: { 'dynamodb:Select': B } }":
                "AWS sets no `dynamodb:Select` for `dynamodb:PutItem`",
            "Action: [sqs:SendMessage], Resource: '*', Condition: { Bool: { 'aws:SourceTransport': 'true' } }":
                "AWS sets no `aws:SourceTransport`",
            "Action: [dynamodb:GetItem], Resource: '*', Condition: { StringLike: { 'dynamodb:LeadingKeys': [A] } }":
                "has many values, which `StringLike` does not compare",
            "Action: dynamodb:Query, Resource: '*', Condition: { 'ForAllValues:StringLike': { 'dynamodb:Select': A } }":
                "has one value, which `ForAllValues:StringLike` does not compare",
            "Action: [sqs:SendMessage], Resource: '*', Condition: { NumericEquals: { 'aws:SourceArn': x } }":
                "is of the type ARN, which `NumericEquals` does not compare",
        }.items():  # fmt: skip
            with self.subTest(statement):
                (only,) = found(statement)
                self.assertIn("Role, S: ", only)
                self.assertIn(finding, only)

    def test_an_unknown_resource_is_an_error(self) -> None:
        for resource in ("!GetAtt Stage.Arn", "!Ref OtherArn", "!Ref Queue", "!ImportValue x"):
            with self.subTest(resource), self.assertRaises(Unresolved):
                found(f"Action: [sqs:SendMessage], Resource: {resource}")

    def test_both_branches_of_a_condition_are_checked(self) -> None:
        for sides in ("!Ref KmsKeyArn, !GetAtt Queue.Arn", "!GetAtt Queue.Arn, !Ref KmsKeyArn"):
            self.assertEqual(len(found(f"Action: [sqs:SendMessage], Resource: !If [C, {sides}]")), 1, sides)


class Exceptions(unittest.TestCase):
    STREAMS = "Action: [dynamodb:ListStreams], Resource: !GetAtt Table.StreamArn"

    def test_an_exemption_is_for_one_action_of_one_statement(self) -> None:
        right = Exemption("Role", "S", "dynamodb:ListStreams", "a reason")
        self.assertEqual(found(self.STREAMS, (right,)), [])
        for wrong in (right._replace(resource="R"), right._replace(sid="T"), right._replace(action="dynamodb:GetItem")):
            self.assertEqual(len(found(self.STREAMS, (wrong,))), 2, "the finding, and that the exemption is unused")

    def test_an_unused_exemption_is_found(self) -> None:
        unused = Exemption("Role", "S", "sns:Publish", "a reason")
        (only,) = found("Action: sns:Publish, Resource: !Ref Topic", (unused,))
        self.assertIn("needs no exemption", only)


class Arns(unittest.TestCase):
    def test_an_arn_has_the_most_specific_type(self) -> None:
        self.assertEqual(types_of(TABLE), {"table"})
        self.assertEqual(types_of(f"{TABLE}/index/b"), {"index"})
        self.assertEqual(types_of(f"{SQS}:queue"), {"queue"})

    def test_patterns_overlap_if_a_text_matches_both(self) -> None:
        for one, other, wanted in (
            ("a", "a", True), ("a", "b", False), ("a*", "ab", True), ("a*c", "abbc", True), ("a*c", "ab", False),
            ("*b", "a*", True), ("a*", "b*", False), ("", "*", True), ("", "a", False),
        ):  # fmt: skip
            with self.subTest(f"{one} {other}"):
                self.assertEqual(overlap(one, other), wanted)
                self.assertEqual(overlap(other, one), wanted)
