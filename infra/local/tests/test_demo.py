import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from local.demo.check import check_received
from local.demo.curl import curl_lines
from local.demo.receiver import Received
from local.demo.report import delivered
from local.demo.tenant import Tenant
from local.settings import Settings
from local.trouble import Trouble

DOCUMENTED = (
    b'{"bridge":918068280000,"from":918919520000,"to":918867130000,"source":"OBD","mid":"1234-1333-00001",'
    b'"flow_id":123,"start_at":"2021-04-09 16:27:39","end_at":"2021-04-09 16:27:55","duration":"23",'
    b'"status":"ANSWER","recording_url":"https://recordings.example.com/a.mp3","webhook_id":"w"}'
)


class TheCheck(unittest.TestCase):
    def test_the_documented_bytes_pass(self):
        self.assertEqual(delivered("w"), DOCUMENTED)
        check_received(Received("POST", {"content-type": "application/json"}, DOCUMENTED), DOCUMENTED)

    def test_anything_else_does_not(self):
        json_type = {"content-type": "application/json"}
        for received in (
            Received("PUT", json_type, DOCUMENTED),
            Received("POST", {"content-type": "text/plain"}, DOCUMENTED),
            Received("POST", json_type, DOCUMENTED.replace(b'"23"', b"23")),
            Received("POST", json_type, DOCUMENTED + b"\n"),
        ):
            with self.assertRaises(Trouble):
                check_received(received, DOCUMENTED)


class TheCurlLines(unittest.TestCase):
    def bodies_when_pasted(self) -> list:
        """What a shell makes of the lines, by way of a curl that writes down its last argument."""
        settings = Settings(Path("/nowhere"), 8080, 4566, persist=True)
        lines = curl_lines(settings, Tenant("chk_key", "w"), "http://127.0.0.1:9/hook")
        with tempfile.TemporaryDirectory() as folder:
            curl = Path(folder) / "curl"
            curl.write_text('#!/bin/sh\nfor last; do :; done\nprintf "%s\\n" "$last"\n')
            curl.chmod(0o755)
            environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
            printed = subprocess.run(["bash", "-c", lines], env=environment, capture_output=True, text=True, check=True)
        return printed.stdout.splitlines()

    def test_they_hold_the_documented_report(self):
        listing, report, reports, webhook = self.bodies_when_pasted()
        self.assertEqual(listing, "Authorization: Bearer chk_key")
        for posted in (json.loads(report), *json.loads(reports)):
            del posted["id"]
            self.assertEqual(json.dumps(posted, separators=(",", ":")).encode(), DOCUMENTED)
        self.assertEqual(json.loads(webhook)["url"], "http://127.0.0.1:9/hook/second")

    def test_every_report_has_an_id_of_its_own(self):
        ids = []
        for _ in range(2):
            _, report, reports, _ = self.bodies_when_pasted()
            ids += [json.loads(report)["id"], *(r["id"] for r in json.loads(reports))]
        self.assertEqual(len(set(ids)), 6, ids)
