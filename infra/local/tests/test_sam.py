"""The binaries, addresses and log of `sam local`."""

import tempfile
import unittest
import unittest.mock
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from binaries import BINARIES as AWS_BINARIES
from local.commands.sam_test import MOUNTED
from local.events import sam
from local.events.docker import HOST_NAME_IN_CONTAINERS, Docker, own_address
from local.events.routes import mounted_routes
from local.functions import FUNCTIONS
from local.packages import template_with_code
from local.settings import BINARIES, COMMON_PARAMETERS, TEMPLATE
from local.user_error import UserError


def mounted(template: Path) -> dict[tuple[str, str], tuple[str | None, str | None]]:
    return mounted_routes(template, {**COMMON_PARAMETERS, "EnableMonitoring": "true"})


class Binaries(unittest.TestCase):
    def chosen(self, *bad: Path) -> Path:
        def problem(binary: Path, _architecture: str) -> str | None:
            return f"{binary} is wrong." if binary.parent.parent in bad else None

        with unittest.mock.patch.object(sam, "problem", problem), unittest.mock.patch.object(sam, "say"):
            return sam.runnable_binaries()

    def test_binaries_of_this_machine_are_preferred(self) -> None:
        self.assertEqual(self.chosen(), BINARIES)
        self.assertEqual(self.chosen(BINARIES), AWS_BINARIES)

    def test_a_missing_runnable_binary_is_an_error(self) -> None:
        with self.assertRaisesRegex(UserError, "make build-aws ARCH=.*target/lambda/.* is wrong"):
            self.chosen(BINARIES, AWS_BINARIES)

    def test_the_template_names_the_folder_of_each_function(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            template = template_with_code(Path(folder), r"/somewhere/\g<1>")
            text = template.read_text()
            # The files that it names are beside it.
            self.assertEqual(mounted(template), mounted(TEMPLATE))
        for function in FUNCTIONS:
            self.assertEqual(text.count(f"CodeUri: /somewhere/{function}\n"), 1, function)


class Addresses(unittest.TestCase):
    def own_address(self, config: list[dict[str, Any]]) -> str | None:
        network = SimpleNamespace(attrs={"IPAM": {"Config": config}})
        return own_address(SimpleNamespace(networks=SimpleNamespace(get=lambda _name: network)))

    def test_containers_reach_this_machine_at_the_gateway_of_their_bridge(self) -> None:
        self.assertEqual(self.own_address([{"Subnet": "127.0.0.0/24", "Gateway": "127.0.0.5"}]), "127.0.0.5")
        # Docker 20.10 does not name the gateway.
        self.assertEqual(self.own_address([{"Subnet": "127.0.0.0/24"}]), "127.0.0.1")

    def test_a_gateway_of_another_machine_is_not_used(self) -> None:
        configs: list[list[dict[str, Any]]] = [[{"Gateway": "192.0.2.1"}], [{}], []]
        for config in configs:
            self.assertIsNone(self.own_address(config))
        self.assertEqual(Docker(None, None).host, HOST_NAME_IN_CONTAINERS)
        self.assertEqual(Docker(None, "172.17.0.1").host, "172.17.0.1")


class Log(unittest.TestCase):
    def test_mounted_routes_are_read_from_the_log(self) -> None:
        lines = (
            "Mounting AccountsFunction at http://127.0.0.1:3000/v1/accounts/{id} [DELETE, GET]\n"
            "Mounting ConsoleFunction at http://127.0.0.1:3000$default [ANY]\n"
            "Mounting /src/target/lambda/ingest as /var/task:ro,delegated, inside runtime container\n"
        )
        self.assertEqual(MOUNTED.findall(lines), [
            ("AccountsFunction", "/v1/accounts/{id}", "DELETE, GET"), ("ConsoleFunction", "$default", "ANY"),
        ])  # fmt: skip
