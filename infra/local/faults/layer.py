"""The ASGI application before MiniStack's that lets calls of the functions go wrong."""

import asyncio
import json
import sys
from collections.abc import Callable

from local.asgi import App, Headers, Message, Receive, Scope, Send
from local.faults.answers import answer_json, failed, throttled
from local.faults.rules import Call, Rule, first_that_applies, read_rules
from local.faults.sender import kill, reset, signed_by

PATH = "/_faults"


class Faults:
    def __init__(self, cloud: App, gateway_port: int, function_of: Callable[[str], str | None]) -> None:
        """`function_of` gives the function that has an access key, or None for a key of nobody's or of root's."""
        self._cloud = cloud
        self._gateway_port = gateway_port
        self._function_of = function_of
        self._rules: list[Rule] = []
        self._ended = asyncio.Event()
        self._repetitions: set[asyncio.Task[None]] = set()

    def end(self) -> None:
        """Lets go of what hangs: from Python 3.12 on the server would wait for it when it ends."""
        self._ended.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["server"][1] != self._gateway_port:
            await self._cloud(scope, receive, send)
        elif scope["path"] == PATH:
            await self._administer(scope["method"], receive, send)
        elif self._rules and (signed := signed_by(scope["headers"])) and (function := self._function_of(signed[0])):
            body = await _whole_body(receive)
            call = Call(function, signed[1], _operation(scope["headers"]), body.decode(errors="replace"))
            await self._pass_through_the_rules(call, scope, body, receive, send)
        else:
            await self._cloud(scope, receive, send)

    async def _administer(self, method: str, receive: Receive, send: Send) -> None:
        try:
            match method:
                case "PUT":
                    self._rules = read_rules(json.loads(await _whole_body(receive)))
                case "DELETE":
                    self._rules = []
                    # All is well again when nothing is still to come.
                    await asyncio.gather(*self._repetitions)
                case "GET":
                    pass
                case _:
                    await answer_json(405, {"error": f"{PATH} takes PUT, GET and DELETE"}, send)
                    return
        except ValueError as error:
            await answer_json(400, {"error": str(error)}, send)
            return
        await answer_json(200, {"rules": [rule.to_json() for rule in self._rules]}, send)

    async def _pass_through_the_rules(self, call: Call, scope: Scope, body: bytes, hear: Receive, send: Send) -> None:
        receive = _Replay(body, hear)
        rule = first_that_applies(self._rules, call)
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
                await self._until_nobody_waits(receive)
            case "reset":
                reset(scope["client"], scope["server"])
                await self._until_nobody_waits(receive)
            case "kill_before":
                kill(scope["client"], scope["server"])
                await self._until_nobody_waits(receive)
            case "kill_after":
                await self._cloud(scope, receive, _unheard)
                kill(scope["client"], scope["server"])
                await self._until_nobody_waits(receive)
            case "fail_after":
                await self._cloud(scope, receive, _unheard)
                await failed(call.service, send)
            case "repeat":
                await self._cloud(scope, receive, send)
                repetition = asyncio.create_task(self._repeat(rule.seconds, dict(scope), body))
                self._repetitions.add(repetition)
                repetition.add_done_callback(self._repetitions.discard)

    async def _repeat(self, seconds: float, scope: Scope, body: bytes) -> None:
        await asyncio.sleep(seconds)
        await self._cloud(scope, _Replay(body, _nothing_more), _unheard)

    async def _until_nobody_waits(self, receive: Receive) -> None:
        gone = asyncio.create_task(_client_gone(receive))
        ended = asyncio.create_task(self._ended.wait())
        try:
            await asyncio.wait({gone, ended}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
            ended.cancel()


class _Replay:
    """A `receive` that gives the body again, which had to be read to be looked at."""

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


async def _client_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _nothing_more() -> Message:
    """A `receive` of a request that has no more to say."""
    return {"type": "http.disconnect"}


async def _unheard(_message: Message) -> None:
    """A `send` to nobody."""


def _operation(headers: Headers) -> str:
    """As in `X-Amz-Target: DynamoDB_20120810.BatchWriteItem`."""
    targets = (value.decode() for name, value in headers if name.lower() == b"x-amz-target")
    return next(targets, "").rpartition(".")[2]
