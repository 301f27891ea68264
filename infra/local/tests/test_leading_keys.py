import json
import unittest
from typing import Any

from local.leading_keys import leading_keys


def keys_of(request: dict[str, Any]) -> list[str]:
    return leading_keys(json.dumps(request).encode())


def key(pk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": "x"}}


class LeadingKeys(unittest.TestCase):
    def test_single_items(self) -> None:
        self.assertEqual(keys_of({"TableName": "t", "Key": key("ACCT#1")}), ["ACCT#1"])
        self.assertEqual(keys_of({"TableName": "t", "Item": key("ACCT#1")}), ["ACCT#1"])

    def test_queries(self) -> None:
        values = {":pk": {"S": "ACCT#1"}, ":sk": {"S": "WEBHOOK#"}}
        self.assertEqual(
            keys_of(
                {
                    "KeyConditionExpression": "pk = :pk AND begins_with(sk, :sk)",
                    "ExpressionAttributeValues": values,
                }
            ),
            ["ACCT#1"],
        )
        self.assertEqual(
            keys_of(
                {
                    "KeyConditionExpression": "#a = :sk AND #b=:pk",
                    "ExpressionAttributeNames": {"#a": "sk", "#b": "pk"},
                    "ExpressionAttributeValues": values,
                }
            ),
            ["ACCT#1"],
        )

    def test_a_query_of_an_index_names_the_key_of_the_index(self) -> None:
        self.assertEqual(
            keys_of(
                {
                    "IndexName": "undelivered",
                    "KeyConditionExpression": "#shard = :shard AND sk BETWEEN :from AND :to",
                    "ExpressionAttributeNames": {"#shard": "undelivered"},
                    "ExpressionAttributeValues": {":shard": {"S": "w#1"}, ":from": {"S": "a"}, ":to": {"S": "b"}},
                }
            ),
            ["w#1"],
        )

    def test_batches_name_every_key(self) -> None:
        self.assertEqual(keys_of({"RequestItems": {"t": {"Keys": [key("a"), key("b")]}}}), ["a", "b"])
        writes = [{"PutRequest": {"Item": key("a")}}, {"DeleteRequest": {"Key": key("b")}}]
        self.assertEqual(keys_of({"RequestItems": {"t": writes}}), ["a", "b"])

    def test_transactions_name_every_key(self) -> None:
        items = [{"ConditionCheck": {"Key": key("a")}}, {"Put": {"Item": key("b")}}, {"Delete": {"Key": key("c")}}]
        self.assertEqual(keys_of({"TransactItems": items}), ["a", "b", "c"])

    def test_requests_without_a_key_name_none(self) -> None:
        for body in (b"", b"not json", b"{}", b'{"TableName": "t"}'):
            self.assertEqual(leading_keys(body), [])
