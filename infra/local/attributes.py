"""The IAM condition keys `dynamodb:Attributes`, `dynamodb:Select` and `dynamodb:ReturnValues` of DynamoDB requests.

MiniStack sets the first two for reads of single items only, so a function that reads or changes more of an item than
its role allows would pass all local tests. The developer guide of DynamoDB describes the keys in "Using IAM policy
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
# A name or its alias (`#n`); no value (`:now`), rest of a path (`.city`) or function (`size(`).
NAME = re.compile(r"(?<![:.\w#])(#?[A-Za-z_]\w*)\b(?!\s*\()")
KEYWORDS = {"SET", "REMOVE", "ADD", "DELETE", "AND", "OR", "NOT", "BETWEEN", "IN"}


def enforce_attributes(iam_actions: ModuleType) -> None:
    """Adds the keys to the context of MiniStack's IAM evaluation."""

    def with_attributes(context: Callable[[bytes], dict[str, Any]]) -> Callable[[bytes], dict[str, Any]]:
        return lambda body: {**context(body), **attributes_context(body)}

    replace(iam_actions, "dynamodb_service_context", with_attributes)


def attributes_context(body: bytes) -> dict[str, Any]:
    """The values of the keys. A body does not tell reads from writes, so it gets the keys of both."""
    try:
        request = json.loads(body or b"{}")
    except ValueError:
        return {}
    parts = [*_parts(request)]
    names = sorted({name for part in parts for name in _attribute_names(part)})
    context = {SELECT: _select(request, parts), RETURN_VALUES: request.get("ReturnValues", "NONE")}
    return {**context, **({ATTRIBUTES: names} if names else {})}


def _parts(request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The request, or the parts of a batch or transaction."""
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


def _attribute_names(part: dict[str, Any]) -> Iterator[str]:
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
    # A part without a projection returns all attributes.
    if parts and all("ProjectionExpression" in part or "AttributesToGet" in part for part in parts):
        return "SPECIFIC_ATTRIBUTES"
    return "ALL_PROJECTED_ATTRIBUTES" if "IndexName" in request else "ALL_ATTRIBUTES"
