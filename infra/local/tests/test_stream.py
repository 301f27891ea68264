import unittest

from local.patches import SHARD_OF_A_STREAM, read_streams_from_start, with_shard
from local.tests.modules import module


class Shards(unittest.TestCase):
    def test_an_event_of_a_stream_names_its_shard(self) -> None:
        event = {"Records": [{"dynamodb": {"SequenceNumber": "1"}}]}
        self.assertEqual(with_shard(event), {**event, "shardId": SHARD_OF_A_STREAM})
        self.assertRegex(SHARD_OF_A_STREAM, "^shardId-")

    def test_other_events_are_unchanged(self) -> None:
        events: list[object] = [
            {},
            {"Records": []},
            {"Records": [{"messageId": "1"}]},
            {"version": "2.0"},
            [],
            "x",
            None,
        ]
        for event in events:
            self.assertEqual(with_shard(event), event)


class Restarts(unittest.TestCase):
    def test_a_stream_is_read_from_its_start_after_a_restart_and_queues_go_on(self) -> None:
        lambda_svc = module(
            "lambda_svc", _dynamodb_stream_positions={}, _kinesis_positions={}, _restore_esm_positions=dict.update
        )
        read_streams_from_start(lambda_svc)
        for positions in (lambda_svc._dynamodb_stream_positions, lambda_svc._kinesis_positions):
            lambda_svc._restore_esm_positions(positions, {"mapping": 2000})
        self.assertEqual(lambda_svc._dynamodb_stream_positions, {})
        self.assertEqual(lambda_svc._kinesis_positions, {"mapping": 2000})
