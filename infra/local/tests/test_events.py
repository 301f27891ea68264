"""The sample events: each has a check, each check can fail, and their times move by the same time."""

import json
import unittest
from unittest import mock

from local.events.catalogue import EVENTS as CATALOGUE
from local.events.time_shift import EVENTS, TimeShift
from local.events.world import World, event_key, renamed
from local.functions import FUNCTIONS


class Catalogue(unittest.TestCase):
    def test_every_file_has_a_check_and_every_function_an_event(self) -> None:
        self.assertEqual(sorted(event.file for event in CATALOGUE), sorted(file.name for file in EVENTS.iterdir()))
        self.assertEqual({event.function for event in CATALOGUE}, set(FUNCTIONS))

    def test_no_check_accepts_a_failed_function(self) -> None:
        """In a world without items and requests."""
        world = mock.create_autospec(World, instance=True)
        for method in ("config_item", "delivery", "tombstone", "replay", "figures", "got_nothing", "queued_erasures"):
            getattr(world, method).return_value = None
        of_a_batch = {"batchItemFailures": [{"itemIdentifier": "x"}]}
        for answer in ({}, {"statusCode": 500, "body": "{}"}, {"errorType": "x"}, of_a_batch):
            for event in CATALOGUE:
                with self.subTest(event.file), self.assertRaises((AssertionError, KeyError)):
                    event.check(answer, world, TimeShift(0))

    def test_all_events_have_the_same_key(self) -> None:
        key = event_key()
        for file in EVENTS.iterdir():
            if "authorization" in (text := file.read_text()) and file.name != "authorizer-refused.json":
                self.assertIn(key, text, file.name)
            if '"key_id"' in text and '"account_id": "demo"' in text:
                self.assertIn(f'"key_id": "{key.split("_")[1]}"', text, file.name)


class Times(unittest.TestCase):
    def test_times_of_each_format_are_moved(self) -> None:
        moved = TimeShift(3661)
        for before, after in (
            ("1617985676000", "1617989337000"),
            ("1617985676", "1617989337"),
            ("2021-04-09T16:27:56Z", "2021-04-09T17:28:57Z"),
            ("2021-04-09 23:59:59", "2021-04-10 01:01:00"),
            ("09/Apr/2021:16:27:56 +0000", "09/Apr/2021:17:28:57 +0000"),
            ("0178b776-1ef8-8b84-b3cc-9e478dccfe28", "0178b7ad-fbc0-8b84-b3cc-9e478dccfe28"),
        ):
            self.assertEqual(moved.move(before), after)
            self.assertEqual(TimeShift(0).move(before), before)

    def test_other_values_are_not_moved(self) -> None:
        for text in (
            "918919520000", "01890a5d-ac96-774b-bcce-b302099a8057", "1234-1333-00001", "161798567600012",
            "2020-04-09T16:27:56Z",
        ):  # fmt: skip
            self.assertEqual(TimeShift(3661).move(text), text)

    def test_a_moved_event_has_no_time_of_its_file(self) -> None:
        now = TimeShift.ago(0)
        for file in EVENTS.iterdir():
            text = json.dumps(now.event(file.name))
            # The names of the stream and its shard hold the time of their creation.
            left = text.replace("stream/2021-04-09T00:00:00.000", "").replace("shardId-00000001617985676000", "")
            self.assertNotRegex(left, r"2021-04-09|Apr/2021|\b16179[0-9]{5}|\b0178b7", file.name)


class Items(unittest.TestCase):
    def test_names_are_replaced_in_all_texts_of_an_item(self) -> None:
        item = {"pk": "KEY#a", "list": ["a", {"of": "xay"}], "n": 1}
        self.assertEqual(renamed(item, {"a": "b"}), {"pk": "KEY#b", "list": ["b", {"of": "xby"}], "n": 1})
