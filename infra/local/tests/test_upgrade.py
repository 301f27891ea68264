"""The times of recorded fixtures."""

import datetime
import json
import unittest

from local.upgrade import FIXTURES
from local.upgrade.shift import shifted
from local.upgrade.world import QueuedMessage, kind_of, message_kind

RECORDED_AT = datetime.datetime(2026, 11, 29, 20, tzinfo=datetime.UTC)
SECONDS = int(RECORDED_AT.timestamp())


class Shift(unittest.TestCase):
    def shifted(self, text: str, days: int = 10) -> str:
        return shifted(text, RECORDED_AT, days)

    def test_times_of_each_format_are_moved(self) -> None:
        day = 24 * 60 * 60
        for text, later in (
            ('"2026-11-29T20:36:09.123Z"', '"2026-12-09T20:36:09.123Z"'),
            ('"STATS 2026-11-29T20"', '"STATS 2026-12-09T20"'),
            (f'{{"N": "{SECONDS}"}}', f'{{"N": "{SECONDS + 10 * day}"}}'),
            (f'"due_at":{SECONDS}123,', f'"due_at":{SECONDS + 10 * day}123,'),
            (f'{{"N": "{SECONDS}123456"}}', f'{{"N": "{SECONDS + 10 * day}123456"}}'),
        ):
            self.assertEqual(self.shifted(text), later)

    def test_other_values_are_not_moved(self) -> None:
        for text in (
            # The time of the call, years before.
            '"2021-04-09 16:27:39"',
            # An id, phone numbers, a duration.
            '"01a2290c-dd70-721e-a26a-79a4ea169095"', '"to":918867130000,', '"bridge":918068280000,', '"N": "23"',
            f'"mid":"{SECONDS}"', f'"sk":"{"0" * 30}{SECONDS}"',
        ):  # fmt: skip
            self.assertEqual(self.shifted(text), text)


class Fixtures(unittest.TestCase):
    def setUp(self) -> None:
        self.files = sorted(FIXTURES.glob("*/fixture.json"))
        self.assertTrue(self.files, "there are no fixtures to test")

    def test_fixtures_can_be_moved_and_moved_back(self) -> None:
        for file in self.files:
            text = file.read_text()
            recorded_at = datetime.datetime.fromisoformat(json.loads(text)["recorded_at"])
            later = shifted(text, recorded_at, 20)
            self.assertNotEqual(later, text)
            self.assertEqual(shifted(later, recorded_at + datetime.timedelta(days=20), -20), text, file)

    def test_fixtures_have_items_and_messages_of_many_kinds(self) -> None:
        for file in self.files:
            fixture = json.loads(file.read_text())
            found = {kind_of(item) for items in fixture["items"].values() for item in items}
            for kind in ("delivery delivered", "delivery failed", "delivery retrying", "delivery skipped"):
                self.assertIn(kind, found)
            self.assertGreater(len(found), 20)
            sent = {message_kind(QueuedMessage(message["queue"], message["body"])) for message in fixture["messages"]}
            self.assertGreaterEqual(len(sent), 8)


if __name__ == "__main__":
    unittest.main()
