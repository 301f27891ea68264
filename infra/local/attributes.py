"""The attributes that a DynamoDB update names: the value of the IAM condition key `dynamodb:Attributes`.

MiniStack knows it for reads only, so a function that changed more of an item than its role allows would pass every
local test.
"""

import json
import re

CONDITION_KEY = "dynamodb:Attributes"
EXPRESSIONS = ("UpdateExpression", "ConditionExpression")
# A name, or one that stands for a name; not a value (`:now`), not the rest of a path (`.city`), not a function (`size(`).
NAME = re.compile(r"(?<![:.\w#])(#?[A-Za-z_]\w*)\b(?!\s*\()")
KEYWORDS = {"SET", "REMOVE", "ADD", "DELETE", "AND", "OR", "NOT", "BETWEEN", "IN"}


def enforce_updated_attributes(iam_actions) -> None:
    """Adds the key to what MiniStack's IAM evaluation knows of an update."""
    known = iam_actions.dynamodb_service_context

    def known_and_updated(body: bytes) -> dict:
        names = updated_attributes(body)
        return {**known(body), **({CONDITION_KEY: names} if names else {})}

    iam_actions.dynamodb_service_context = known_and_updated


def updated_attributes(body: bytes) -> list[str]:
    """Those of the key, and those that the expressions set, remove or look at; none if it is no update."""
    try:
        request = json.loads(body or b"{}")
    except ValueError:
        return []
    if "UpdateExpression" not in request:
        return []
    aliases = request.get("ExpressionAttributeNames", {})
    named = (name for place in EXPRESSIONS for name in NAME.findall(request.get(place, "")))
    attributes = (aliases.get(name, name) for name in named if name.upper() not in KEYWORDS)
    return sorted({*request.get("Key", {}), *attributes})
