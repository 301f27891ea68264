"""Producers, roles or an event rule, may send to the Reports queue only if the operator names them."""

import re
import unittest
from typing import Any

from samcli.yamlhelper import yaml_parse

from local.audits.statements import Template
from local.settings import TEMPLATE

NOTHING = {"Ref": "AWS::NoValue"}
OF_THE_RULE = {"ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": ["ReportsEventRule", "Arn"]}}}


class Producers(unittest.TestCase):
    def setUp(self) -> None:
        template = Template.read(TEMPLATE)
        self.policies = {
            queue["Ref"]: policy["PolicyDocument"]["Statement"]
            for policy in template.resources("AWS::SQS::QueuePolicy").values()
            for queue in policy["Queues"]
        }
        self.rules = template.resources("AWS::Events::Rule")

    def optional(self, queue: str) -> dict[str, dict[str, Any]]:
        """The conditional statements of a queue, by their conditions."""
        optional = [statement["Fn::If"] for statement in self.policies[queue] if "Fn::If" in statement]
        for _, _, otherwise in optional:
            self.assertEqual(otherwise, NOTHING)
        return {condition: statement for condition, statement, _ in optional}

    def test_producers_and_the_rule_may_only_send(self) -> None:
        found = self.optional("ReportsQueue")
        self.assertEqual(set(found), {"HasProducers", "HasReportsEventBus"})
        for statement in found.values():
            self.assertEqual((statement["Effect"], statement["Action"]), ("Allow", ["sqs:SendMessage"]))
            self.assertEqual(statement["Resource"], {"Fn::GetAtt": ["ReportsQueue", "Arn"]})
        self.assertEqual(found["HasProducers"]["Principal"], {"AWS": {"Ref": "ReportsProducerRoleArns"}})

    def test_eventbridge_sends_for_the_rule_only(self) -> None:
        for queue in ("ReportsQueue", "DeadLettersQueue"):
            statement = self.optional(queue)["HasReportsEventBus"]
            self.assertEqual(statement["Principal"], {"Service": "events.amazonaws.com"})
            self.assertEqual(statement["Condition"], OF_THE_RULE)
        self.assertEqual(set(self.optional("DeadLettersQueue")), {"HasReportsEventBus"})

    def test_only_functions_use_the_other_queues(self) -> None:
        for queue in ("RetriesQueue", "ReplaysQueue", "ErasuresQueue"):
            self.assertEqual([statement["Effect"] for statement in self.policies[queue]], ["Deny"], queue)

    def test_the_rule_sends_the_detail_of_one_type_of_event(self) -> None:
        (rule,) = self.rules.values()
        self.assertEqual(rule["EventPattern"], {"detail-type": ["CallhookReports"]})
        (target,) = rule["Targets"]
        self.assertEqual(target["InputPath"], "$.detail")
        self.assertEqual(target["Arn"], {"Fn::GetAtt": ["ReportsQueue", "Arn"]})
        self.assertEqual(target["DeadLetterConfig"], {"Arn": {"Fn::GetAtt": ["DeadLettersQueue", "Arn"]}})


class Parameters(unittest.TestCase):
    def pattern(self, parameter: str) -> re.Pattern[str]:
        return re.compile(yaml_parse(TEMPLATE.read_text())["Parameters"][parameter]["AllowedPattern"])

    def test_producers_are_roles_without_wildcards(self) -> None:
        pattern = self.pattern("ReportsProducerRoleArns")
        for arn in ("", "arn:aws:iam::123456789012:role/engine", "arn:aws-cn:iam::123456789012:role/a/b_c@d"):
            self.assertTrue(pattern.fullmatch(arn), arn)
        for arn in ("*", "arn:aws:iam::123456789012:root", "arn:aws:iam::123456789012:role/*", "123456789012"):
            self.assertFalse(pattern.fullmatch(arn), arn)

    def test_the_name_of_a_bus_is_valid(self) -> None:
        pattern = self.pattern("ReportsEventBusName")
        self.assertTrue(all(pattern.fullmatch(name) for name in ("", "default", "calls.prod_1")))
        self.assertFalse(any(pattern.fullmatch(name) for name in ("a/b", "a b", "a" * 257)))
