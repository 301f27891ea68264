"""What a DynamoDB request names and asks to be returned: the values of the IAM condition keys `dynamodb:Attributes`,
`dynamodb:Select` and `dynamodb:ReturnValues`.

MiniStack works out the first two for reads of single items only, so a function that read or changed more of an item than
its role allows would pass every local test. AWS describes them in the developer guide of DynamoDB, under "Using IAM policy
conditions for fine-grained access control".
"""

import json
import re
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from local.ministack_patch import replace

ATTRIBUTES = "dynamodb:Attributes"
SELECT = "dynamodb:Select"
RETURN_VALUES = "dynamodb:ReturnValues"
EXPRESSIONS = (
    "ProjectionExpression",
    "KeyConditionExpression",
    "FilterExpression",
    "UpdateExpression",
    "ConditionExpression",
)
# A name, or one that stands for a name; not a value (`:now`), not the rest of a path (`.city`), not a function (`size(`).
NAME = re.compile(r"(?<![:.\w#])(#?[A-Za-z_]\w*)\b(?!\s*\()")
KEYWORDS = {"SET", "REMOVE", "ADD", "DELETE", "AND", "OR", "NOT", "BETWEEN", "IN"}


def enforce_attributes(iam_actions: ModuleType) -> None:
    """Adds the keys to what MiniStack's IAM evaluation knows of a request."""

    def with_attributes(context: Callable[[bytes], dict[str, Any]]) -> Callable[[bytes], dict[str, Any]]:
        return lambda body: {**context(body), **attributes_context(body)}

    replace(iam_actions, "dynamodb_service_context", with_attributes)


def attributes_context(body: bytes) -> dict[str, Any]:
    """The values of the keys. A body does not say whether it reads or writes, so each gets the keys of both."""
    try:
        request = json.loads(body or b"{}")
    except ValueError:
        return {}
    parts = [*_parts(request)]
    names = sorted({name for part in parts for name in _named(part)})
    context = {SELECT: _select(request, parts), RETURN_VALUES: request.get("ReturnValues", "NONE")}
    return {**context, **({ATTRIBUTES: names} if names else {})}


def _parts(request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The request itself, or its parts, each with a key, an item or expressions."""
    for of_table in request.get("RequestItems", {}).values():
        if isinstance(of_table, dict):
            # BatchGetItem
            yield {**of_table, "Key": {name: None for key in of_table.get("Keys", []) for name in key}}
        else:
            # BatchWriteItem
            yield from (write for entry in of_table for write in entry.values())
    yield from (action for item in request.get("TransactItems", []) for action in item.values())
    if "RequestItems" not in request and "TransactItems" not in request:
        yield request


def _named(part: dict[str, Any]) -> Iterator[str]:
    aliases = part.get("ExpressionAttributeNames", {})
    yield from part.get("Key", {})
    yield from part.get("Item", {})
    yield from part.get("AttributesToGet", [])
    for expression in EXPRESSIONS:
        for name in NAME.findall(part.get(expression, "")):
            if name.upper() not in KEYWORDS:
                yield aliases.get(name, name)


def _select(request: dict[str, Any], parts: list[dict[str, Any]]) -> str:
    if "Select" in request:
        return str(request["Select"])
    # One part without a projection returns everything of its items.
    if parts and all("ProjectionExpression" in part or "AttributesToGet" in part for part in parts):
        return "SPECIFIC_ATTRIBUTES"
    return "ALL_PROJECTED_ATTRIBUTES" if "IndexName" in request else "ALL_ATTRIBUTES"
