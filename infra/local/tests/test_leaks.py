import base64
import json
import tempfile
import unittest
import urllib.parse
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

from local.audits.leaks import Leak as Found
from local.audits.leaks import find_leaks, findings, read_values
from local.audits.lines import CLOUD, Line, function_lines

NUMBER, KEY = "918867130000", 'chk_0123456789ab_sécret/+"ä?x'
VALUES = {NUMBER: "phone number", KEY: "API key"}


def leaks_in(text: str) -> list[Found]:
    return list(find_leaks(VALUES, [Line("deliver", text)]))


class Leak(unittest.TestCase):
    def test_a_value_is_found_in_each_form(self) -> None:
        for value in VALUES:
            for text in (
                f"x{value}y",
                f"/hook?to={urllib.parse.quote(value, safe='')}&x",
                f"/hook?to={urllib.parse.quote_plus(value)}",
                json.dumps({"error": f"cannot read {value}"}),
                json.dumps({"error": json.dumps({"to": value})}),
                json.dumps({"error": json.dumps({"to": value}, ensure_ascii=False)}),
                *(base64.b64encode(b"." * before + value.encode() + b"..").decode() for before in range(3)),
                *(base64.urlsafe_b64encode(b"." * before + value.encode()).decode() for before in range(3)),
            ):
                with self.subTest(text=text):
                    self.assertEqual({leak[:2] for leak in leaks_in(text)}, {("deliver", VALUES[value])})

    def test_a_masked_value_is_no_leak(self) -> None:
        for text in (
            "********0000",
            "chk_0123456789ab_•••",
            "",
            "91886713000 0",
            base64.b64encode(b"something else").decode(),
        ):
            self.assertEqual(leaks_in(text), [])

    def test_a_value_that_is_a_prefix_of_another_is_found(self) -> None:
        values = {"91886713": "phone number", NUMBER: "phone number"}
        self.assertTrue(find_leaks(values, [Line("deliver", "x91886713x")]))
        self.assertTrue(find_leaks(values, [Line("deliver", NUMBER)]))


class Audit(unittest.TestCase):
    def test_lines_without_a_value_pass(self) -> None:
        lines = [Line("deliver", '{"message":"attempt failed"}'), Line(CLOUD, "up")]
        self.assertEqual(findings(VALUES, lines), [])

    def test_a_leak_is_reported_without_the_value(self) -> None:
        lines = [Line("deliver", "fine"), Line("ingest", f"to {NUMBER}"), Line("ingest", f"again {NUMBER}, {NUMBER}")]
        found = findings(VALUES, lines)
        self.assertEqual(found, ["log audit: ingest: a phone number in plain text, lines: 2"])

    def test_a_leak_in_the_log_of_the_cloud_is_found(self) -> None:
        [found] = findings(VALUES, [Line("deliver", "fine"), Line(CLOUD, NUMBER)])
        self.assertIn(CLOUD, found)

    def test_an_audit_without_values_or_lines_fails(self) -> None:
        self.assertIn("wrote no value", findings({}, [Line("deliver", "fine")])[0])
        self.assertIn("no line of deliver", findings(VALUES, [Line(CLOUD, "up"), Line("ingest", "fine")])[0])

    def test_values_are_read_once_without_short_ones(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "sensitive"
            self.assertEqual(read_values(file), {})
            notes = [{"kind": "phone number", "value": value} for value in (NUMBER, "1234", NUMBER)]
            file.write_text("".join(json.dumps(note) + "\n" for note in notes))
            self.assertEqual(read_values(file), {NUMBER: "phone number"})


class Reading(unittest.TestCase):
    def test_lines_carry_the_name_of_their_function(self) -> None:
        groups = [{"logGroups": [{"logGroupName": "/aws/lambda/callhook-deliver"}]}]
        messages = [
            "START RequestId: 1 Version: $LATEST",
            '{"level":"INFO"}',
            "END RequestId: 1",
            "REPORT RequestId: 1\tx",
        ]
        events = [{"events": [{"message": message} for message in messages]}]
        pages = {"describe_log_groups": groups, "filter_log_events": events}
        logs = mock.Mock()
        logs.get_paginator.side_effect = lambda name: SimpleNamespace(paginate=lambda **_: pages[name])
        self.assertEqual(function_lines(logs), [Line("deliver", '{"level":"INFO"}')])
