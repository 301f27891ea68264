import json
import logging
import re
import unittest
from types import ModuleType
from typing import Any, ClassVar, cast

from ministack.services.cloudformation import engine

from local.functions import FUNCTIONS, logical_id_of
from local.sam_parameters import Template, transform_with_parameters
from local.settings import TEMPLATE as TEMPLATE_FILE
from local.tests.modules import module

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Parameters:
  Release: { Type: String, Default: "" }
  Canary: { Type: String, Default: AllAtOnce }
Mappings:
  Canaries:
    AllAtOnce: { Enabled: "false" }
    Canary10Percent5Minutes: { Enabled: "true" }
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: provided.al2023
      Handler: bootstrap
      CodeUri: s3://bucket/key
      Role: arn:aws:iam::123456789012:role/r
      AutoPublishAlias: live
      AutoPublishCodeSha256: !Ref Release
      DeploymentPreference:
        Enabled: !FindInMap [Canaries, !Ref Canary, Enabled]
        Type: !Ref Canary
"""


def handlers_of_a_patched_engine() -> ModuleType:
    """A module that has imported the transform, of a copy of MiniStack's engine."""
    names = ("_apply_transforms", "_transform_parameters")
    copy = module("engine", **{name: getattr(engine, name) for name in names})
    changesets, handlers = (
        module(name, _apply_transforms=engine._apply_transforms) for name in ("changesets", "handlers")
    )
    transform_with_parameters(copy, changesets, handlers)
    return handlers


class SamParameters(unittest.TestCase):
    def setUp(self) -> None:
        # Hide a warning about metrics that are not published.
        logging.getLogger("samtranslator.metrics.metrics").setLevel(logging.ERROR)
        self.handlers = handlers_of_a_patched_engine()

    def transformed(self, **parameters: str) -> Template:
        provided = [{"Key": name, "Value": value} for name, value in parameters.items()]
        return cast(Template, self.handlers._apply_transforms(engine._parse_template(TEMPLATE), provided))

    def versions(self, template: dict[str, Any]) -> set[str]:
        return {name for name, resource in template["Resources"].items() if resource["Type"] == "AWS::Lambda::Version"}

    def test_another_release_publishes_another_version(self) -> None:
        first, second = self.transformed(Release="0" * 12), self.transformed(Release="1" * 12)
        self.assertEqual(len(self.versions(first)), 1)
        self.assertNotEqual(self.versions(first), self.versions(second))

    def test_codedeploy_shifts_the_traffic_of_a_canary_only(self) -> None:
        for canary, groups in (("AllAtOnce", 0), ("Canary10Percent5Minutes", 1)):
            resources = self.transformed(Canary=canary)["Resources"].values()
            self.assertEqual(sum(r["Type"] == "AWS::CodeDeploy::DeploymentGroup" for r in resources), groups, canary)

    def test_the_template_keeps_its_defaults(self) -> None:
        self.assertEqual(self.transformed(Release="0" * 12)["Parameters"]["Release"]["Default"], "")


class Canary(unittest.TestCase):
    """CodeDeploy's resources of the stack's template, which the local cloud does not run."""

    resources: ClassVar[dict[str, Any]]

    @classmethod
    def setUpClass(cls) -> None:
        logging.getLogger("samtranslator.metrics.metrics").setLevel(logging.ERROR)
        handlers = handlers_of_a_patched_engine()
        # As `sam deploy` writes the template.
        text = re.sub(r"CodeUri: \.\./target/lambda/(\w+)/", r"CodeUri: s3://bucket/\1", TEMPLATE_FILE.read_text())
        provided = [{"Key": "Canary", "Value": "Linear10PercentEvery1Minute"}, {"Key": "Release", "Value": "0" * 12}]
        cls.resources = handlers._apply_transforms(engine._parse_template(text), provided)["Resources"]

    def test_an_alarm_of_a_function_rolls_it_back(self) -> None:
        for function in FUNCTIONS:
            name = logical_id_of(function)
            alias = self.resources[f"{name}Aliaslive"]
            group = alias["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]["DeploymentGroupName"]["Ref"]
            properties = self.resources[group]["Properties"]
            (condition, alarms, otherwise) = properties["AlarmConfiguration"]["Fn::If"]
            self.assertEqual(condition, "HasMonitoring")
            output = f"Outputs.{name.removesuffix('Function')}ErrorsAlarm"
            expected = {"Enabled": True, "Alarms": [{"Name": {"Fn::GetAtt": ["Monitoring", output]}}]}
            self.assertEqual((alarms, otherwise), (expected, {}), function)
            self.assertIn("DEPLOYMENT_STOP_ON_ALARM", properties["AutoRollbackConfiguration"]["Events"])
            self.assertIn("Linear10PercentEvery1Minute", json.dumps(properties["DeploymentConfigName"]))

    def test_alarms_do_not_depend_on_aliases(self) -> None:
        """An alias depends on its deployment group, and that on its alarm."""
        monitoring = json.dumps(self.resources["Monitoring"])
        self.assertNotIn("Alias", monitoring)
        self.assertNotIn("Version", monitoring)


if __name__ == "__main__":
    unittest.main()
