"""The ASGI application before MiniStack's that injects faults into calls of the functions."""

import asyncio
import json
import sys
from collections.abc import Callable

from local.asgi import App, Headers, Message, Receive, Scope, Send
from local.faults.answers import answer_json, failed, throttled
from local.faults.rules import Call, Rule, first_applying, read_rules
from local.faults.sender import credential_of, kill, reset

PATH = "/_faults"


class Faults:
    def __init__(self, cloud: App, gateway_port: int, function_of: Callable[[str], str | None]) -> None:
        """`function_of` gives the function that has an access key; None for root's and unknown keys."""
        self._cloud = cloud
        self._gateway_port = gateway_port
        self._function_of = function_of
        self._rules: list[Rule] = []
        self._released = asyncio.Event()
        self._repetitions: set[asyncio.Task[None]] = set()

    def release(self) -> None:
        """Ends hanging calls, for which the server would wait at its end from Python 3.12 on."""
        self._released.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["server"][1] != self._gateway_port:
            await self._cloud(scope, receive, send)
        elif scope["path"] == PATH:
            await self._serve_rules(scope["method"], receive, send)
        elif (
            self._rules
            and (credential := credential_of(scope["headers"]))
            and (function := self._function_of(credential[0]))
        ):
            body = await _whole_body(receive)
            call = Call(function, credential[1], _operation(scope["headers"]), body.decode(errors="replace"))
            await self._apply_rules(call, scope, body, receive, send)
        else:
            await self._cloud(scope, receive, send)

    async def _serve_rules(self, method: str, receive: Receive, send: Send) -> None:
        try:
            match method:
                case "PUT":
                    self._rules = read_rules(json.loads(await _whole_body(receive)))
                case "DELETE":
                    self._rules = []
                    # Answer when no repetition is left.
                    await asyncio.gather(*self._repetitions)
                case "GET":
                    pass
                case _:
                    await answer_json(405, {"error": f"{PATH} has the methods PUT, GET and DELETE"}, send)
                    return
        except ValueError as error:
            await answer_json(400, {"error": str(error)}, send)
            return
        await answer_json(200, {"rules": [rule.to_json() for rule in self._rules]}, send)

    async def _apply_rules(self, call: Call, scope: Scope, body: bytes, receive_rest: Receive, send: Send) -> None:
        receive = _Replay(body, receive_rest)
        rule = first_applying(self._rules, call)
        if rule is None:
            await self._cloud(scope, receive, send)
            return
        print(f"faults: {rule.name}: {rule.action} {call.operation} of {call.function}", file=sys.stderr)
        match rule.action:
            case "throttle":
                await throttled(call.service, send)
            case "fail":
                await failed(call.service, send)
            case "delay":
                await asyncio.sleep(rule.seconds)
                await self._cloud(scope, receive, send)
            case "hang":
                await self._until_disconnect(receive)
            case "reset":
                reset(scope["client"], scope["server"])
                await self._until_disconnect(receive)
            case "kill_before":
                kill(scope["client"], scope["server"])
                await self._until_disconnect(receive)
            case "kill_after":
                await self._cloud(scope, receive, _discard)
                kill(scope["client"], scope["server"])
                await self._until_disconnect(receive)
            case "fail_after":
                await self._cloud(scope, receive, _discard)
                await failed(call.service, send)
            case "repeat":
                await self._cloud(scope, receive, send)
                repetition = asyncio.create_task(self._repeat(rule.seconds, dict(scope), body))
                self._repetitions.add(repetition)
                repetition.add_done_callback(self._repetitions.discard)

    async def _repeat(self, seconds: float, scope: Scope, body: bytes) -> None:
        await asyncio.sleep(seconds)
        await self._cloud(scope, _Replay(body, _disconnected), _discard)

    async def _until_disconnect(self, receive: Receive) -> None:
        gone = asyncio.create_task(_disconnect(receive))
        released = asyncio.create_task(self._released.wait())
        try:
            await asyncio.wait({gone, released}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
            released.cancel()


class _Replay:
    """A `receive` that returns a body which has been read already."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> Message:
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}


async def _whole_body(receive: Receive) -> bytes:
    body = b""
    while (message := await receive())["type"] == "http.request":
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    return body


async def _disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _disconnected() -> Message:
    """A `receive` of a client that has disconnected."""
    return {"type": "http.disconnect"}


async def _discard(_message: Message) -> None:
    """A `send` that drops the response."""


def _operation(headers: Headers) -> str:
    """The operation in `X-Amz-Target: DynamoDB_20120810.BatchWriteItem`."""
    targets = (value.decode() for name, value in headers if name.lower() == b"x-amz-target")
    return next(targets, "").rpartition(".")[2]
