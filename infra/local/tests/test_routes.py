"""`sam local start-api` mounts each route of the template for its function."""

import re
import unittest
from typing import ClassVar

from local.audits.statements import Template
from local.events.routes import mounted_routes
from local.settings import COMMON_PARAMETERS, TEMPLATE
from local.tests.matches import match_in

ANY_METHOD = "X-AMAZON-APIGATEWAY-ANY-METHOD"


class Routes(unittest.TestCase):
    template: ClassVar[Template]
    mounted: ClassVar[dict[tuple[str, str], tuple[str | None, str | None]]]

    @classmethod
    def setUpClass(cls) -> None:
        cls.template = Template.read(TEMPLATE)
        cls.mounted = mounted_routes(TEMPLATE, COMMON_PARAMETERS)

    def test_the_api_is_the_first_resource(self) -> None:
        """The first resource decides how sam reads routes."""
        self.assertEqual(next(iter(self.template.parsed["Resources"])), "Api")

    def test_each_route_is_mounted_to_its_function(self) -> None:
        wanted = {}
        for route in self.template.resources("AWS::ApiGatewayV2::Route").values():
            integration = match_in(re.fullmatch(r"integrations/\$\{(\w+)\}", route["Target"]["Fn::Sub"]))[1]
            authorizer = route.get("AuthorizerId", {}).get("Ref")
            wanted[key_of(route["RouteKey"])] = (f"{integration.removesuffix('Integration')}Function", authorizer)
        self.assertGreater(len(wanted), 40)
        self.assertEqual(self.mounted, wanted)
        functions = self.template.resources("AWS::Serverless::Function")
        self.assertLessEqual({function for function, _ in self.mounted.values()}, set(functions))


def key_of(route_key: str) -> tuple[str, str]:
    """The method and the path of a route, as sam names them."""
    method, _, path = route_key.rpartition(" ")
    return (method or ANY_METHOD, path)
