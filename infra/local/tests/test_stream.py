import unittest
from types import SimpleNamespace

from local.cloud import SHARD_OF_A_STREAM, read_streams_from_their_beginning, with_the_shard


class Shards(unittest.TestCase):
    def test_an_event_of_a_stream_names_its_shard(self) -> None:
        event = {"Records": [{"dynamodb": {"SequenceNumber": "1"}}]}
        self.assertEqual(with_the_shard(event), {**event, "shardId": SHARD_OF_A_STREAM})
        self.assertRegex(SHARD_OF_A_STREAM, "^shardId-")

    def test_other_events_stay_as_they_are(self) -> None:
        for event in ({}, {"Records": []}, {"Records": [{"messageId": "1"}]}, {"version": "2.0"}, [], "text", None):
            self.assertEqual(with_the_shard(event), event)


class Restarts(unittest.TestCase):
    def test_a_stream_is_read_from_its_beginning_after_a_restart_and_queues_go_on(self) -> None:
        lambda_svc = SimpleNamespace(
            _dynamodb_stream_positions={}, _kinesis_positions={}, _restore_esm_positions=dict.update
        )
        read_streams_from_their_beginning(lambda_svc)
        for positions in (lambda_svc._dynamodb_stream_positions, lambda_svc._kinesis_positions):
            lambda_svc._restore_esm_positions(positions, {"mapping": 2000})
        self.assertEqual(lambda_svc._dynamodb_stream_positions, {})
        self.assertEqual(lambda_svc._kinesis_positions, {"mapping": 2000})

    def test_ministack_restores_positions_with_the_function_that_is_replaced(self) -> None:
        from ministack.services import lambda_svc

        self.assertTrue(callable(lambda_svc._restore_esm_positions))
        self.assertTrue(hasattr(lambda_svc, "_dynamodb_stream_positions"))
