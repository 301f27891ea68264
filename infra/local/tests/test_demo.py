import json
import os
import subprocess
import sys
import tempfile
import unittest
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

from local.api import Api
from local.demo.check import check_received
from local.demo.console import console_link
from local.demo.exports import exports, read_exports, shared_exports
from local.demo.first_calls import STEPS, as_markdown
from local.demo.receiver import Received, Receiver
from local.demo.report import delivered
from local.demo.tenant import Tenant, ready_tenant
from local.demo.welcome import welcome
from local.settings import ROOT, Settings
from local.user_error import UserError
from platform_key import SCOPES

DOCUMENTED = (
    b'{"bridge":918068280000,"from":918919520000,"to":918867130000,"source":"OBD","mid":"1234-1333-00001",'
    b'"flow_id":123,"start_at":"2021-04-09 16:27:39","end_at":"2021-04-09 16:27:55","duration":"23",'
    b'"status":"ANSWER","recording_url":"https://recordings.example.com/a.mp3","webhook_id":"w"}'
)


class Check(unittest.TestCase):
    def test_the_documented_bytes_pass(self) -> None:
        self.assertEqual(delivered("w"), DOCUMENTED)
        check_received(Received("POST", {"content-type": "application/json"}, DOCUMENTED), DOCUMENTED)

    def test_any_difference_fails(self) -> None:
        json_type = {"content-type": "application/json"}
        for received in (
            Received("PUT", json_type, DOCUMENTED),
            Received("POST", {"content-type": "text/plain"}, DOCUMENTED),
            Received("POST", json_type, DOCUMENTED.replace(b'"23"', b"23")),
            Received("POST", json_type, DOCUMENTED + b"\n"),
        ):
            with self.assertRaises(UserError):
                check_received(received, DOCUMENTED)


class FirstCalls(unittest.TestCase):
    def bodies_when_pasted(self) -> list[dict[str, Any]]:
        """Runs the lines in a shell, with a curl that stores its -d and answers with an id; returns the bodies."""
        with tempfile.TemporaryDirectory() as folder:
            curl, noted = Path(folder) / "curl", Path(folder) / "noted"
            curl.write_text(
                '#!/bin/sh\nwhile [ $# -gt 0 ]; do [ "$1" = -d ] && printf "%s\\0" "$2" >>"$NOTED"; shift; done\n'
                'echo \'{"id": "w"}\'\n'
            )
            curl.chmod(0o755)
            path = f"{folder}:{Path(sys.executable).parent}:{os.environ['PATH']}"
            environment = {"PATH": path, "NOTED": str(noted), "URL": "http://u", "KEY": "chk_k", "RECEIVER": "http://r"}
            lines = "\n".join(lines for _, lines in STEPS)
            subprocess.run(["bash", "-euc", lines], env=environment, capture_output=True, check=True)
            return [json.loads(body) for body in noted.read_text().split("\0")[:-1]]

    def test_the_lines_send_the_documented_bodies_in_a_shell(self) -> None:
        webhook, report, subscription, subscribed, composed, to_composed = self.bodies_when_pasted()
        self.assertEqual(webhook["url"], "http://r/first")
        self.assertEqual(report["webhook_id"], "w")
        self.assertEqual(subscription, {"identity": "flow:123", "webhook_id": "w"})
        self.assertNotIn("webhook_id", subscribed)
        self.assertEqual(composed["url"], "http://r/ack?id={{id}}")
        self.assertEqual(to_composed["webhook_id"], "w")

    def test_every_report_has_an_id_of_its_own(self) -> None:
        ids = {body["id"] for _ in range(2) for body in self.bodies_when_pasted() if "source" in body}
        self.assertEqual(len(ids), 6, ids)

    def test_the_readme_shows_the_first_calls(self) -> None:
        self.assertIn(as_markdown(), (ROOT / "README.md").read_text(), "First calls of README.md differ")


class ConsoleLink(unittest.TestCase):
    def test_the_link_has_a_key_for_a_day_with_all_scopes_of_accounts(self) -> None:
        platform = mock.create_autospec(Api, instance=True)
        platform.expect.return_value = {"url": "http://localhost:8080/console/#key=chk_k"}
        self.assertEqual(console_link(platform), "http://localhost:8080/console/#key=chk_k")
        status, method, path, body = platform.expect.call_args.args
        self.assertEqual((status, method, path), (201, "POST", "/v1/accounts/demo/console-links"))
        self.assertEqual(body["expires_in_seconds"], 86_400)
        self.assertEqual(set(SCOPES) - set(body["scopes"]), {"platform"})

    def test_the_welcome_has_the_link_on_its_own_line_and_mentions_platform_keys(self) -> None:
        settings = Settings(Path("/tmp"), 8080, 4566, persist=True)
        link = "http://localhost:8080/console/#key=chk_k"
        lines = welcome(settings, "chk_a", "http://r", link, "export URL=u").splitlines()
        self.assertIn(link, [line.strip() for line in lines])
        (platform,) = (line for line in lines if "make platform-key LOCAL=1" in line)
        self.assertIn("http://localhost:8080/console/", platform)

    def test_a_tenant_of_an_earlier_version_gets_a_platform_key(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            settings = Settings(Path(folder), 8080, 4566, persist=True)
            (settings.folder / "demo.json").write_text(json.dumps({"key": "chk_a", "webhook_id": "w"}))
            with (
                mock.patch("local.demo.tenant._point_webhook", return_value=True),
                mock.patch("local.demo.tenant.make_platform_key", side_effect=["chk_p"]),
            ):
                expected = Tenant("chk_a", "w", "chk_p")
                self.assertEqual([ready_tenant(settings, "http://r") for _ in range(2)], [expected, expected])


class PortsAndFiles(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.settings = Settings(Path(folder.name), 8080, 4566, persist=True)

    def test_the_receiver_keeps_its_port(self) -> None:
        ports = []
        for _ in range(3):
            with Receiver(self.settings) as receiver:
                ports.append(receiver.base_url)
        self.assertEqual(len(set(ports)), 1, ports)

    def test_the_receiver_uses_another_port_if_its_own_is_in_use(self) -> None:
        with Receiver(self.settings) as first, Receiver(self.settings) as second:
            self.assertNotEqual(first.base_url, second.base_url)

    def test_a_requested_port_in_use_is_an_error(self) -> None:
        with Receiver(self.settings) as first:
            port = int(first.base_url.rpartition(":")[2])
            with self.assertRaisesRegex(UserError, "RECEIVER_PORT"):
                Receiver(replace(self.settings, receiver_port=port))

    def test_the_variables_are_stored_while_the_cloud_runs(self) -> None:
        line = exports(self.settings, "chk_k", "http://r")
        with shared_exports(self.settings, line):
            self.assertEqual(read_exports(self.settings), line)
            self.assertEqual(self.settings.exports_file.stat().st_mode & 0o077, 0, "others can read the key")
        with self.assertRaisesRegex(UserError, "make run"):
            read_exports(self.settings)
