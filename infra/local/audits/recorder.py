"""Records the permissions that functions use, within the cloud, for permissions.py."""

import contextvars
import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from local.leading_keys import CONDITION_KEY
from local.ministack_patch import replace

# In the user agent of tests that use roles of functions (tests/src/role.rs), whose calls are not recorded.
NAME_OF_THE_TESTS = "app/callhook-tests"
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Use:
    """An allowed action; for DynamoDB with the kind of its partition key."""

    function: str
    action: str
    resource: str
    key: str | None


def record_uses(iam_evaluator: ModuleType, function_of: Callable[[str], str | None], file: Path) -> None:
    """Makes MiniStack's IAM evaluation append each use to the file once.

    `function_of` gives the function that has an access key. A restarted cloud appends to the same file. The actions are
    those of IAM: those of the items of a transaction, and SendMessage for SendMessageBatch.
    """
    by_test = contextvars.ContextVar("by_test", default=False)
    recorded: set[Use] = set()

    def marking_tests(pin_caller: Callable[..., None]) -> Callable[..., None]:
        def pin_request_caller(headers: dict[str, Any], query_params: dict[str, Any] | None = None) -> None:
            agents = (headers.get("user-agent", ""), headers.get("x-amz-user-agent", ""))
            by_test.set(any(NAME_OF_THE_TESTS in agent for agent in agents))
            pin_caller(headers, query_params)

        return pin_request_caller

    def recording(evaluate: Callable[..., object]) -> Callable[..., object]:
        def enforce(
            access_key: str,
            action: str,
            service: str,
            region: str,
            resource_arn: str = "*",
            service_context: dict[str, Any] | None = None,
        ) -> object:
            refusal = evaluate(access_key, action, service, region, resource_arn, service_context)
            if refusal is None and not by_test.get() and (function := function_of(access_key)):
                for key in (service_context or {}).get(CONDITION_KEY) or [None]:
                    record(Use(function, action, resource_arn, key and kind_of_key(key)))
            return refusal

        return enforce

    def record(use: Use) -> None:
        if use not in recorded:
            recorded.add(use)
            with file.open("a") as lines:
                lines.write(json.dumps(asdict(use)) + "\n")

    replace(iam_evaluator, "pin_request_caller", marking_tests)
    replace(iam_evaluator, "enforce", recording)


def kind_of_key(key: str) -> str:
    """The kind of a partition key: `ACCT#0` for each account, and zeros for each id."""
    kind, mark, rest = UUID.sub(lambda found: re.sub("[0-9a-f]", "0", found[0]), key).partition("#")
    if not mark or UUID.fullmatch(rest):
        return kind + mark + rest
    return f"{kind}#0"


def read_uses(file: Path) -> set[Use]:
    lines = file.read_text().splitlines() if file.exists() else []
    return {Use(**json.loads(line)) for line in lines}
