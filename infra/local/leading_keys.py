"""The IAM condition key `dynamodb:LeadingKeys` of DynamoDB requests: the partition keys that a request names.

MiniStack does not set it, so the roles' limits to parts of a table would hold on AWS only, and a function that exceeds
them would pass all local tests.
"""

import json
import re
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from local.ministack_patch import replace

CONDITION_KEY = "dynamodb:LeadingKeys"
PARTITION_KEY = "pk"
# The indexes are named after their partition keys, the leading keys of their queries.
INDEX = "IndexName"
EQUALITY = re.compile(r"(#?\w+)\s*=\s*(:\w+)")


def enforce_leading_keys(iam_actions: ModuleType) -> None:
    """Adds the key to the context of MiniStack's IAM evaluation."""

    def with_leading_keys(context: Callable[[bytes], dict[str, Any]]) -> Callable[[bytes], dict[str, Any]]:
        def service_context(body: bytes) -> dict[str, Any]:
            keys = leading_keys(body)
            return {**context(body), **({CONDITION_KEY: keys} if keys else {})}

        return service_context

    replace(iam_actions, "dynamodb_service_context", with_leading_keys)


def leading_keys(body: bytes) -> list[str]:
    try:
        request = json.loads(body or b"{}")
    except ValueError:
        return []
    return [text for value in _partition_keys(request) for text in value.values() if isinstance(text, str)]


def _partition_keys(request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The values as DynamoDB writes them: {"S": "ACCT#1"}."""
    if "KeyConditionExpression" in request:
        yield from _queried(request)
    for element in (request, *_batched(request), *_transacted(request)):
        for place in ("Key", "Item"):
            if PARTITION_KEY in element.get(place, {}):
                yield element[place][PARTITION_KEY]


def _queried(request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    names = request.get("ExpressionAttributeNames", {})
    values = request.get("ExpressionAttributeValues", {})
    for name, value in EQUALITY.findall(request["KeyConditionExpression"]):
        if names.get(name, name) == request.get(INDEX, PARTITION_KEY) and value in values:
            yield values[value]


def _batched(request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    tables = request.get("RequestItems", {})
    for of_table in tables.values():
        if isinstance(of_table, dict):
            # BatchGetItem
            yield from ({"Key": key} for key in of_table.get("Keys", []))
        else:
            # BatchWriteItem
            yield from (write for entry in of_table for write in entry.values())


def _transacted(request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (action for item in request.get("TransactItems", []) for action in item.values())
