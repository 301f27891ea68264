"""`patch_ministack`, which makes all changes of MiniStack, and the small ones."""

import socketserver
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from local.attributes import enforce_attributes
from local.audits.recorder import record_uses
from local.leading_keys import enforce_leading_keys
from local.ministack_patch import existing, replace
from local.processes import bound_processes
from local.sam_parameters import transform_with_parameters

SHARD_OF_A_STREAM = "shardId-00000000000000000000-00000000"
# Seconds that MiniStack waits for the first log line of an invocation, for another one, and in all.
WAITS_FOR_LOG_LINES = (0.002, 0.002, 0.25)
SECONDS_BETWEEN_IDLE_POLLS = 0.001
Parse = Callable[[str, str], tuple[str, str, str] | None]
"""Gives API, stage and path of a host and a path; None for another host."""


def patch_ministack(
    function_of: Callable[[str], str | None], uses_file: Path | None = None, resolver: Path | None = None
) -> None:
    """Changes MiniStack before it serves.

    `function_of` gives the function that has an access key. Permissions that functions use are recorded in
    `uses_file`; functions preload the library `resolver`.
    """
    # Imported late: MiniStack reads its settings from the environment when it is imported.
    from ministack import app
    from ministack.core import iam_actions, iam_evaluator, lambda_runtime
    from ministack.services import lambda_svc, sqs
    from ministack.services.cloudformation import changesets, engine, handlers

    replace(app, "_parse_execute_api_url", keeping_the_slash)
    _invoke_without_waits(lambda_runtime)
    _poll_without_rest(lambda_svc)
    transform_with_parameters(engine, changesets, handlers)
    _read_concurrency_as_number(lambda_svc)
    _name_shards(lambda_svc)
    read_streams_from_start(lambda_svc)
    _authorize_batches_as_single_calls(iam_actions)
    enforce_leading_keys(iam_actions)
    enforce_attributes(iam_actions)
    _save_whole_queues(sqs)
    if uses_file:
        record_uses(iam_evaluator, function_of, uses_file)
    bound_processes(lambda_runtime, resolver)


def keeping_the_slash(parse: Parse) -> Parse:
    """Keeps the slash at the end of a path of one segment, `/console/`.

    MiniStack drops it, because the segment might be a stage. The template's API has the stage `$default` alone, which
    no path names.
    """

    def parse_with_slash(host: str, path: str) -> tuple[str, str, str] | None:
        parsed = parse(host, path)
        if parsed is None or host.split(".")[0] != parsed[0] or not path.endswith("/") or path.strip("/").count("/"):
            return parsed
        return parsed[0], "$default", path

    return parse_with_slash


def _invoke_without_waits(lambda_runtime: ModuleType) -> None:
    """Saves some 90 ms of each invocation: Nagle's algorithm, and the wait for a log line that may never come."""

    def with_short_waits(drain: Callable[..., str]) -> Callable[..., str]:
        first, idle, total = WAITS_FOR_LOG_LINES

        def drain_stderr(
            worker: object, first_line_wait: float = first, idle_confirm: float = idle, hard_cap: float = total
        ) -> str:
            return drain(worker, first_line_wait, idle_confirm, hard_cap)

        return drain_stderr

    replace(socketserver, "StreamRequestHandler.disable_nagle_algorithm", lambda _: True)
    replace(lambda_runtime, "Worker._drain_stderr_bounded", with_short_waits)


def _poll_without_rest(lambda_svc: ModuleType) -> None:
    """Shortens the rest of MiniStack's poller after a wake-up without a message, such as one for a deferred message.

    New reports wait during the rest of 50 ms. On AWS each queue has its own pollers.
    """
    replace(lambda_svc, "_ESM_IDLE_WAKE_GAP_SECONDS", lambda _: SECONDS_BETWEEN_IDLE_POLLS)


def _read_concurrency_as_number(lambda_svc: ModuleType) -> None:
    """Converts `MaximumConcurrency`: MiniStack leaves Number parameters strings, and its SQS poller fails on them."""

    def with_number(allowed: Callable[..., int]) -> Callable[..., int]:
        def allowed_batches(mapping: dict[str, Any], *rest: Any) -> int:
            scaling = mapping.get("ScalingConfig") or {}
            if "MaximumConcurrency" in scaling:
                scaling["MaximumConcurrency"] = int(scaling["MaximumConcurrency"])
            return allowed(mapping, *rest)

        return allowed_batches

    replace(lambda_svc, "_sqs_esm_concurrency", with_number)


def _name_shards(lambda_svc: ModuleType) -> None:
    """Adds `shardId` to events of a table's stream.

    AWS names the shard in the events of a mapping with `TumblingWindowInSeconds`, as that of this template. MiniStack
    does not implement such windows; its streams have one shard each.
    """

    def with_shard_ids(execute: Callable[..., object]) -> Callable[..., object]:
        def execute_function(function: dict[str, Any], event: object, *rest: Any, **named: Any) -> object:
            return execute(function, with_shard(event), *rest, **named)

        return execute_function

    replace(lambda_svc, "_execute_function", with_shard_ids)


def with_shard(event: object) -> object:
    """The event, with `shardId` if its records are of a table's stream."""
    if not isinstance(event, dict):
        return event
    records = event.get("Records")
    if not records or not all("dynamodb" in record for record in records):
        return event
    return {**event, "shardId": SHARD_OF_A_STREAM}


def read_streams_from_start(lambda_svc: ModuleType) -> None:
    """Has mappings of tables' streams read from the start after a restart.

    MiniStack saves how far a mapping has read, but not the stream. The mapping would skip as many new records as it
    had read before, and the hourly figures would stop.
    """
    positions_of_streams = existing(lambda_svc, "_dynamodb_stream_positions")

    def without_streams(restore: Callable[[object, object], None]) -> Callable[[object, object], None]:
        def restore_positions(positions: object, saved: object) -> None:
            if positions is not positions_of_streams:
                restore(positions, saved)

        return restore_positions

    replace(lambda_svc, "_restore_esm_positions", without_streams)


def _authorize_batches_as_single_calls(iam_actions: ModuleType) -> None:
    """Checks `sqs:SendMessage` for SendMessageBatch, since IAM has no action for a batch. MiniStack checks one."""

    def without_batches(action_of: Callable[..., str | None]) -> Callable[..., str | None]:
        def extract_iam_action(service: str, *rest: Any) -> str | None:
            action = action_of(service, *rest)
            return action.removesuffix("Batch") if action and service == "sqs" else action

        return extract_iam_action

    replace(iam_actions, "extract_iam_action", without_batches)


def _save_whole_queues(sqs: ModuleType) -> None:
    """Stops the poller while MiniStack copies its queues one by one.

    The copies would lack a message that the poller makes a dead letter meanwhile.
    """
    lock = existing(sqs, "_queues_lock")

    def while_locked(copy: Callable[[], dict[str, Any]]) -> Callable[[], dict[str, Any]]:
        def get_state() -> dict[str, Any]:
            with lock:
                return copy()

        return get_state

    replace(sqs, "get_state", while_locked)
