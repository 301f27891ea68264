import unittest

from local.cloud import with_the_shard


class Shards(unittest.TestCase):
    def test_an_event_of_a_stream_names_its_shard(self):
        event = {"Records": [{"dynamodb": {"SequenceNumber": "1"}}]}
        self.assertEqual(with_the_shard(event)["Records"], event["Records"])
        self.assertRegex(with_the_shard(event)["shardId"], "^shardId-")

    def test_other_events_stay_as_they_are(self):
        for event in ({}, {"Records": []}, {"Records": [{"messageId": "1"}]}, {"version": "2.0"}, [], "text", None):
            self.assertEqual(with_the_shard(event), event)
