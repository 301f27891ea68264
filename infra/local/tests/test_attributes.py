import json
import unittest
from typing import Any

from local.attributes import ATTRIBUTES, RETURN_VALUES, SELECT, attributes_context

KEY = {"pk": {"S": "ACCT#1"}, "sk": {"S": "x"}}


def context_of(**request: object) -> dict[str, Any]:
    return attributes_context(json.dumps(request).encode())


def attributes_of(**request: object) -> list[str]:
    found: list[str] = context_of(**request).get(ATTRIBUTES, [])
    return found


class Attributes(unittest.TestCase):
    def test_an_update_names_its_key_and_the_attributes_of_its_expressions(self) -> None:
        self.assertEqual(
            attributes_of(
                Key=KEY,
                UpdateExpression="SET #status = :disabled, failing_since = if_not_exists(failing_since, :now) "
                "ADD failures :failures REMOVE slow_until, open_until",
                ConditionExpression="attribute_not_exists(level) OR (version < :version AND #status = :active)",
                ExpressionAttributeNames={"#status": "status"},
            ),
            ["failing_since", "failures", "level", "open_until", "pk", "sk", "slow_until", "status", "version"],
        )

    def test_the_first_name_of_a_path_is_the_attribute(self) -> None:
        self.assertEqual(attributes_of(UpdateExpression="set address.city = :c, lines[0] = :l"), ["address", "lines"])

    def test_reads_name_their_keys_and_the_attributes_of_projections_and_filters(self) -> None:
        get: dict[str, object] = {
            "Key": KEY,
            "ProjectionExpression": "#s, secrets.token",
            "ExpressionAttributeNames": {"#s": "status"},
        }
        self.assertEqual(attributes_of(**get), ["pk", "secrets", "sk", "status"])
        self.assertEqual(
            attributes_of(
                KeyConditionExpression="pk = :pk AND begins_with(sk, :prefix)",
                FilterExpression="contains(#f, :text)",
                ProjectionExpression="#a0",
                ExpressionAttributeNames={"#f": "search_name", "#a0": "id"},
            ),
            ["id", "pk", "search_name", "sk"],
        )
        self.assertEqual(attributes_of(Key=KEY, AttributesToGet=["secrets"]), ["pk", "secrets", "sk"])

    def test_batches_and_transactions_name_the_attributes_of_all_parts(self) -> None:
        table = {"Keys": [KEY], "ProjectionExpression": "#a", "ExpressionAttributeNames": {"#a": "quotas"}}
        self.assertEqual(attributes_of(RequestItems={"t": table}), ["pk", "quotas", "sk"])
        put, delete = {"PutRequest": {"Item": {**KEY, "url": {"S": "x"}}}}, {"DeleteRequest": {"Key": KEY}}
        self.assertEqual(attributes_of(RequestItems={"t": [delete]}), ["pk", "sk"])
        self.assertEqual(attributes_of(RequestItems={"t": [delete, put]}), ["pk", "sk", "url"])
        update = {"Update": {"Key": KEY, "UpdateExpression": "ADD webhooks :one"}}
        self.assertEqual(
            attributes_of(TransactItems=[update, {"Put": {"Item": {"url": {}}}}]), ["pk", "sk", "url", "webhooks"]
        )

    def test_an_unreadable_request_names_no_attribute(self) -> None:
        self.assertEqual(attributes_of(), [])
        for body in (b"", b"not json", b"{}"):
            self.assertNotIn(ATTRIBUTES, attributes_context(body))


class Returned(unittest.TestCase):
    def test_a_read_without_a_projection_selects_all_attributes(self) -> None:
        for request, select in (
            ({"Key": KEY}, "ALL_ATTRIBUTES"),
            ({"Key": KEY, "ProjectionExpression": "sk"}, "SPECIFIC_ATTRIBUTES"),
            ({"Key": KEY, "AttributesToGet": ["sk"]}, "SPECIFIC_ATTRIBUTES"),
            ({"KeyConditionExpression": "pk = :pk"}, "ALL_ATTRIBUTES"),
            ({"KeyConditionExpression": "pk = :pk", "Select": "COUNT"}, "COUNT"),
            ({"KeyConditionExpression": "u = :u", "IndexName": "u"}, "ALL_PROJECTED_ATTRIBUTES"),
            ({"RequestItems": {"t": {"Keys": [KEY]}}}, "ALL_ATTRIBUTES"),
            ({"RequestItems": {"t": {"Keys": [KEY], "ProjectionExpression": "sk"}}}, "SPECIFIC_ATTRIBUTES"),
            (
                {"RequestItems": {"t": {"Keys": [KEY], "ProjectionExpression": "sk"}, "u": {"Keys": [KEY]}}},
                "ALL_ATTRIBUTES",
            ),
        ):
            self.assertEqual(context_of(**request)[SELECT], select, request)

    def test_a_write_returns_nothing_by_default(self) -> None:
        self.assertEqual(context_of(Key=KEY)[RETURN_VALUES], "NONE")
        self.assertEqual(context_of(Key=KEY, ReturnValues="ALL_OLD")[RETURN_VALUES], "ALL_OLD")
