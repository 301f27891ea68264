"""The cloud process: MiniStack on the gateway port and the front door on the API port. Started by launch.py only."""

import asyncio
import os
import signal
import socketserver
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from hypercorn.asyncio import serve
from hypercorn.config import Config
from hypercorn.typing import ASGIFramework

from local.as_if_by_tls import as_if_by_tls
from local.asgi import App
from local.attributes import enforce_attributes
from local.audits.recorder import record_uses
from local.faults.layer import Faults
from local.front_door import FrontDoor
from local.functions import function_of_generated
from local.leading_keys import enforce_leading_keys
from local.processes import bound_processes
from local.sam_parameters import transform_with_parameters
from local.settings import HOST

SECONDS_BETWEEN_LOOKS_AT_THE_PARENT = 1
SHARD_OF_A_STREAM = "shardId-00000000000000000000-00000000"

Parse = Callable[[str, str], tuple[str, str, str] | None]
"""Gives API, stage and path of a host and a path; None for another host."""


def main() -> None:
    api_port, gateway_port, api_id_file = int(sys.argv[1]), int(os.environ["GATEWAY_PORT"]), Path(sys.argv[2])
    # Imported late: MiniStack reads its settings from the environment when it is imported.
    from ministack import app as ministack_app
    from ministack.core import iam_actions, iam_evaluator, lambda_runtime
    from ministack.services import lambda_svc, sqs, sts
    from ministack.services.cloudformation import changesets, engine, handlers

    ministack_app._parse_execute_api_url = keeping_the_slash(ministack_app._parse_execute_api_url)
    _answer_at_once(lambda_runtime)
    _look_into_queues_at_once(lambda_svc)
    transform_with_parameters(engine, changesets, handlers)
    _take_concurrency_as_a_number(lambda_svc)
    _name_the_shard_of_a_stream(lambda_svc)
    read_streams_from_their_beginning(lambda_svc)
    _authorize_batches_as_single_calls(iam_actions)
    enforce_leading_keys(iam_actions)
    enforce_attributes(iam_actions)
    _save_whole_queues(sqs)
    function_of = _functions_by_access_key(sts)
    if uses_file := _value_of("--uses-file"):
        record_uses(iam_evaluator, function_of, Path(uses_file))
    resolver = _value_of("--resolver")
    bound_processes(lambda_runtime, preload=Path(resolver) if resolver else None)
    config = Config()
    config.bind = [f"{HOST}:{gateway_port}", f"{HOST}:{api_port}"]
    if bridge := _value_of("--bridge"):
        config.bind.append(f"{bridge}:{gateway_port}")
    config.keep_alive_timeout = 75
    # The functions keep connections open for as long as they live; waiting for those would only delay the end.
    config.graceful_timeout = 0.5
    front_door = FrontDoor(as_if_by_tls(ministack_app.app), api_port, gateway_port, api_id_file)
    if "--faults" in sys.argv:
        faults = Faults(front_door, gateway_port, function_of)
        serving = _serve_until_told(faults, config, before_the_end=faults.end)
    else:
        serving = _serve_until_told(front_door, config, before_the_end=lambda: None)
    try:
        asyncio.run(serving)
    finally:
        # MiniStack leaves the processes of the functions behind.
        lambda_runtime.reset()


def _value_of(option: str) -> str | None:
    """The value in `<option>=<value>` of the command line."""
    values = [word.partition("=")[2] for word in sys.argv if word.startswith(f"{option}=")]
    return values[0] if values else None


def keeping_the_slash(parse: Parse) -> Parse:
    """MiniStack drops the slash at the end of a path of one segment, `/console/`, because the segment might be a stage. The
    template's API has the stage `$default` alone, which no path names."""

    def parse_with_the_slash(host: str, path: str) -> tuple[str, str, str] | None:
        parsed = parse(host, path)
        if parsed is None or host.split(".")[0] != parsed[0] or not path.endswith("/") or path.strip("/").count("/"):
            return parsed
        return parsed[0], "$default", path

    return parse_with_the_slash


def _answer_at_once(lambda_runtime: ModuleType) -> None:
    """Takes some 90 ms off every invocation: Nagle's algorithm, and the wait for a log line that may never come."""
    socketserver.StreamRequestHandler.disable_nagle_algorithm = True
    first_line_wait, idle_confirm, hard_cap = 0.002, 0.002, 0.25
    lambda_runtime.Worker._drain_stderr_bounded.__defaults__ = (first_line_wait, idle_confirm, hard_cap)


def _look_into_queues_at_once(lambda_svc: ModuleType) -> None:
    """MiniStack's poller rests for 50 ms after it was woken for nothing, as by a message that is put off, and whatever comes
    meanwhile waits. On AWS each queue has pollers of its own."""
    lambda_svc._ESM_IDLE_WAKE_GAP_SECONDS = 0.001


def _take_concurrency_as_a_number(lambda_svc: ModuleType) -> None:
    """MiniStack leaves the value of a Number parameter a string, and its SQS poller fails on comparing with that."""
    allowed: Callable[..., int] = lambda_svc._sqs_esm_concurrency

    def allowed_as_a_number(mapping: dict[str, Any], *rest: Any) -> int:
        scaling = mapping.get("ScalingConfig") or {}
        if "MaximumConcurrency" in scaling:
            scaling["MaximumConcurrency"] = int(scaling["MaximumConcurrency"])
        return allowed(mapping, *rest)

    lambda_svc._sqs_esm_concurrency = allowed_as_a_number


def _name_the_shard_of_a_stream(lambda_svc: ModuleType) -> None:
    """AWS names the shard in the events of a mapping with `TumblingWindowInSeconds`, as the one of this template has. MiniStack
    does not know such windows; its streams have one shard each."""
    execute: Callable[..., object] = lambda_svc._execute_function

    def execute_with_the_shard(function: dict[str, Any], event: object, *rest: Any, **named: Any) -> object:
        return execute(function, with_the_shard(event), *rest, **named)

    lambda_svc._execute_function = execute_with_the_shard


def read_streams_from_their_beginning(lambda_svc: ModuleType) -> None:
    """MiniStack saves how far a mapping has read the stream of a table, but not the stream. After a restart the mapping would skip
    as many new records as it had read before, and the hourly figures would stand still."""
    restore = lambda_svc._restore_esm_positions

    def restore_other_positions(positions: object, saved: object) -> None:
        if positions is not lambda_svc._dynamodb_stream_positions:
            restore(positions, saved)

    lambda_svc._restore_esm_positions = restore_other_positions


def with_the_shard(event: object) -> object:
    """The event, with the shard that it comes from if that is one of a table's stream."""
    if not isinstance(event, dict):
        return event
    records = event.get("Records")
    if not records or not all("dynamodb" in record for record in records):
        return event
    return {**event, "shardId": SHARD_OF_A_STREAM}


def _authorize_batches_as_single_calls(iam_actions: ModuleType) -> None:
    """SQS has no IAM action for a batch: on AWS `sqs:SendMessage` allows SendMessageBatch as well. MiniStack asks for both."""
    action_of: Callable[..., str | None] = iam_actions.extract_iam_action

    def action_on_aws(service: str, *rest: Any) -> str | None:
        action = action_of(service, *rest)
        return action.removesuffix("Batch") if action and service == "sqs" else action

    iam_actions.extract_iam_action = action_on_aws


def _save_whole_queues(sqs: ModuleType) -> None:
    """A message that the poller makes a dead letter while MiniStack copies the queues one by one would be in no copy."""
    copies: Callable[[], dict[str, Any]] = sqs.get_state

    def copies_without_the_poller() -> dict[str, Any]:
        with sqs._queues_lock:
            return copies()

    sqs.get_state = copies_without_the_poller


def _functions_by_access_key(sts: ModuleType) -> Callable[[str], str | None]:
    """MiniStack gives each function a session of its role: arn:aws:sts::…:assumed-role/<role>/<name of the function>."""

    def function_of(access_key: str) -> str | None:
        session = sts._sessions.get(access_key)
        return session and function_of_generated(session["Arn"].rpartition("/")[2])

    return function_of


async def _serve_until_told(app: App, config: Config, before_the_end: Callable[[], None]) -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(sign, told.set)
    watch = loop.create_task(_notice_a_lost_parent(os.getppid(), told))

    async def ending() -> None:
        await told.wait()
        before_the_end()

    await serve(cast(ASGIFramework, app), config, shutdown_trigger=ending)
    watch.cancel()


async def _notice_a_lost_parent(parent: int, told: asyncio.Event) -> None:
    """A killed `make run` must not leave a cloud behind that holds its ports."""
    while os.getppid() == parent:
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS_AT_THE_PARENT)
    told.set()


if __name__ == "__main__":
    main()
