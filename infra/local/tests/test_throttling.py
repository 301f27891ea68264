import re
import unittest
from pathlib import Path

from samcli.yamlhelper import yaml_parse

TEMPLATE = Path(__file__).resolve().parents[2] / "template.yaml"
LIMITS = ("ThrottlingRateLimit", "ThrottlingBurstLimit")
# Routes of accounts and keys, and those that render or send while the caller waits, as a new webhook may be verified.
STRICT = re.compile(r"\w+ /v1/(accounts|platform-keys|webhooks/preview)\b|.*/test$|POST /v1/webhooks$")


class Throttling(unittest.TestCase):
    def setUp(self) -> None:
        self.template = yaml_parse(TEMPLATE.read_text())
        resources = self.template["Resources"]
        self.stage = resources["DefaultStage"]
        self.settings = self.stage["Properties"]["RouteSettings"]
        self.routes = {
            resource["Properties"]["RouteKey"]: name
            for name, resource in resources.items()
            if resource["Type"] == "AWS::ApiGatewayV2::Route"
        }

    def limits(self, route: str) -> list[str]:
        """The parameters of a route's limits."""
        settings = self.settings.get(route, self.stage["Properties"]["DefaultRouteSettings"])
        return [settings[limit]["Ref"] for limit in LIMITS]

    def test_each_route_has_both_limits(self) -> None:
        self.assertIn("POST /v1/reports", self.routes)
        for route in self.routes:
            for parameter in self.limits(route):
                self.assertGreater(self.template["Parameters"][parameter]["Default"], 0, route)

    def test_costly_routes_have_strict_limits_and_reports_do_not(self) -> None:
        for route in self.routes:
            expected = "Strict" if STRICT.match(route) else "Reports" if route == "POST /v1/reports" else "Api"
            self.assertEqual(self.limits(route), [f"{expected}RateLimit", f"{expected}BurstLimit"], route)

    def test_routes_with_settings_exist_before_the_stage(self) -> None:
        # AWS refuses settings of a route that does not exist yet.
        for route in self.settings:
            self.assertIn(self.routes.get(route), self.stage["DependsOn"], route)

    def test_revocation_takes_effect_within_a_minute(self) -> None:
        authorizer = self.template["Resources"]["ApiKeyAuthorizer"]["Properties"]
        self.assertEqual(authorizer["AuthorizerResultTtlInSeconds"], 60)


if __name__ == "__main__":
    unittest.main()
