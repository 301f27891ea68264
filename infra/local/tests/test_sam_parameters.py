import logging
import types
import unittest

from ministack.services.cloudformation import engine

from local.sam_parameters import transform_with_parameters

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


class SamParameters(unittest.TestCase):
    def setUp(self):
        # It warns of metrics that nothing publishes.
        logging.getLogger("samtranslator.metrics.metrics").setLevel(logging.ERROR)
        names = ("_apply_transforms", "_transform_parameters")
        self.engine = types.SimpleNamespace(**{name: getattr(engine, name) for name in names})
        self.handlers = types.SimpleNamespace()
        transform_with_parameters(self.engine, self.handlers)

    def transformed(self, **parameters):
        provided = [{"Key": name, "Value": value} for name, value in parameters.items()]
        return self.handlers._apply_transforms(engine._parse_template(TEMPLATE), provided)

    def versions(self, template: dict) -> set[str]:
        return {name for name, resource in template["Resources"].items() if resource["Type"] == "AWS::Lambda::Version"}

    def test_another_release_is_another_version(self):
        first, second = self.transformed(Release="0" * 12), self.transformed(Release="1" * 12)
        self.assertEqual(len(self.versions(first)), 1)
        self.assertNotEqual(self.versions(first), self.versions(second))

    def test_codedeploy_shifts_the_traffic_of_a_canary_only(self):
        for canary, groups in (("AllAtOnce", 0), ("Canary10Percent5Minutes", 1)):
            resources = self.transformed(Canary=canary)["Resources"].values()
            self.assertEqual(sum(r["Type"] == "AWS::CodeDeploy::DeploymentGroup" for r in resources), groups, canary)

    def test_the_template_keeps_its_defaults(self):
        self.assertEqual(self.transformed(Release="0" * 12)["Parameters"]["Release"]["Default"], "")


if __name__ == "__main__":
    unittest.main()
