import asyncio
import contextlib
import io
import json
import unittest
from typing import Any

from local.asgi import Headers, Message, Receive, Scope, Send
from local.faults.layer import Faults

GATEWAY_PORT = 4566
FUNCTIONS = {"ASIA1": "deliver"}
# The status is None if there was no answer before the client disconnected.
Answer = tuple[int | None, bytes]


class Cloud:
    """Stands for MiniStack: stores requests and answers 200."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        self.bodies.append((await receive())["body"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})


class Layer(unittest.IsolatedAsyncioTestCase):
    def setUp(self) -> None:
        # The layer writes to the cloud's log.
        log = contextlib.redirect_stderr(io.StringIO())
        log.__enter__()
        self.addCleanup(log.__exit__, None, None, None)
        self.cloud = Cloud()
        self.faults = Faults(self.cloud, GATEWAY_PORT, FUNCTIONS.get)

    async def exchange(
        self, method: str, path: str, body: bytes, headers: Headers = (), port: int = GATEWAY_PORT
    ) -> Answer:
        sent: list[Message] = []
        parts = [body[:5], body[5:]]

        async def receive() -> Message:
            if parts:
                return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}
            await asyncio.sleep(0.01)
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            sent.append(message)

        server = ("127.0.0.1", port)
        scope = {"type": "http", "method": method, "path": path, "headers": list(headers), "server": server}
        await self.faults(scope, receive, send)
        if not sent:
            return None, b""
        return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])

    async def call_rules(
        self, method: str, document: object = None, port: int = GATEWAY_PORT
    ) -> tuple[int | None, dict[str, Any]]:
        status, body = await self.exchange(method, "/_faults", json.dumps(document).encode(), port=port)
        return status, json.loads(body)

    async def call(self, access_key: str = "ASIA1", service: str = "dynamodb") -> Answer:
        credential = f"Credential={access_key}/20260101/us-east-1/{service}/aws4_request"
        headers = [
            (b"authorization", f"AWS4-HMAC-SHA256 {credential}, SignedHeaders=host".encode()),
            (b"x-amz-target", b"DynamoDB_20120810.Query"),
        ]
        return await self.exchange("POST", "/", b"the whole body", headers)

    async def with_rule(self, service: str = "dynamodb", **rule: object) -> Answer:
        status, _ = await self.call_rules(
            "PUT", {"rules": [{"name": "a", "operation": "Query", "service": service, **rule}]}
        )
        self.assertEqual(status, 200)
        return await self.call(service=service)

    async def test_a_call_that_matches_no_rule_passes_unchanged(self) -> None:
        self.assertEqual(await self.with_rule(action="fail", function="ingest"), (200, b"{}"))
        self.assertEqual(self.cloud.bodies, [b"the whole body"])

    async def test_rules_apply_to_calls_of_functions_only(self) -> None:
        await self.call_rules("PUT", {"rules": [{"name": "a", "action": "fail"}]})
        self.assertEqual((await self.call(access_key="test"))[0], 200)
        self.assertEqual((await self.call())[0], 500)

    async def test_errors_have_the_names_of_aws(self) -> None:
        for service, action, status, name in (
            ("dynamodb", "throttle", 400, "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"),
            ("dynamodb", "fail", 500, "com.amazonaws.dynamodb.v20120810#InternalServerError"),
            ("sqs", "throttle", 400, "com.amazonaws.sqs#RequestThrottled"),
            ("sqs", "fail", 500, "com.amazonaws.sqs#InternalFailure"),
        ):
            got, body = await self.with_rule(action=action, service=service)
            self.assertEqual((got, json.loads(body)["__type"]), (status, name))
        self.assertEqual(self.cloud.bodies, [])

    async def test_fail_after_takes_effect_and_fails(self) -> None:
        self.assertEqual((await self.with_rule(action="fail_after"))[0], 500)
        self.assertEqual(len(self.cloud.bodies), 1)

    async def test_a_delayed_call_passes(self) -> None:
        self.assertEqual(await self.with_rule(action="delay", seconds=0.01), (200, b"{}"))

    async def test_a_repeated_call_takes_effect_twice_before_rules_are_removed(self) -> None:
        self.assertEqual(await self.with_rule(action="repeat", seconds=0.05), (200, b"{}"))
        self.assertEqual(self.cloud.bodies, [b"the whole body"])
        await self.call_rules("DELETE")
        self.assertEqual(self.cloud.bodies, [b"the whole body"] * 2)

    async def test_a_hanging_call_ends_when_the_client_disconnects(self) -> None:
        self.assertEqual(await self.with_rule(action="hang"), (None, b""))
        self.assertEqual(self.cloud.bodies, [])

    async def test_a_hanging_call_ends_with_the_cloud(self) -> None:
        async def never() -> Message:
            await asyncio.Event().wait()
            raise AssertionError("the event is never set")

        self.faults.release()
        await asyncio.wait_for(self.faults._until_disconnect(never), 5)

    async def test_rules_are_counted_and_removed(self) -> None:
        await self.with_rule(action="fail", times=1)
        await self.call()
        _, document = await self.call_rules("GET")
        (rule,) = document["rules"]
        self.assertEqual((rule["name"], rule["matched"], rule["applied"]), ("a", 2, 1))
        self.assertEqual(await self.call_rules("DELETE"), (200, {"rules": []}))

    async def test_invalid_rules_are_refused_and_change_nothing(self) -> None:
        await self.with_rule(action="fail")
        self.assertEqual((await self.call_rules("PUT", {"rules": [{"name": "b"}]}))[0], 400)
        self.assertEqual((await self.call_rules("POST", {}))[0], 405)
        self.assertEqual((await self.call())[0], 500)

    async def test_the_api_port_has_no_faults(self) -> None:
        self.assertEqual(await self.call_rules("DELETE", port=8080), (200, {}))
        self.assertEqual(len(self.cloud.bodies), 1)
