"""Hooks of schemathesis: values of our formats, ids of existing resources, and checks that know API Gateway.

Read by schemathesis itself (SCHEMATHESIS_HOOKS).
"""

import datetime
import json
import os
import random
import zoneinfo
from typing import Any

import jsonschema_rs
import schemathesis
from hypothesis import strategies as st
from schemathesis import Case, CheckContext, HookContext, Response
from schemathesis.core.parameters import ParameterLocation
from schemathesis.openapi.checks import EnsureResourceAvailability, UseAfterFree
from schemathesis.specs.openapi.checks import ensure_resource_availability, use_after_free

from world import World

WORLD = World.of(json.loads(os.environ["CALLHOOK_CONTRACT_WORLD"]))
# The share of paths with ids that exist.
SHARE_OF_EXISTING = 0.8
DICE = random.Random(0)

ZONES = sorted(
    zone for zone in zoneinfo.available_timezones() if "/" in zone and not zone.startswith(("posix", "right"))
)
WORDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=12)
EXPRESSIONS = st.sampled_from(
    ["{{to}}", "{{status | upcase}}", "{{ from }}", "{{id}}", "{{start_at | date_format: 'd/m/Y'}}"]
)
TEMPLATES = st.lists(st.one_of(WORDS, EXPRESSIONS), max_size=4).map("".join)
TIMES = st.datetimes(min_value=datetime.datetime(1970, 1, 2), max_value=datetime.datetime(2099, 12, 31))

FUTURE = st.datetimes(min_value=datetime.datetime(2090, 1, 1), max_value=datetime.datetime(2099, 12, 31))

schemathesis.openapi.format("future-time", FUTURE.map(lambda t: t.strftime("%Y-%m-%dT%H:%M:%SZ")))
schemathesis.openapi.format("iana-time-zone", st.sampled_from(ZONES))
schemathesis.openapi.format("template", TEMPLATES)
schemathesis.openapi.format("url-template", st.builds(lambda path: f"{WORLD.receiver}/{path}", TEMPLATES))
schemathesis.openapi.format(
    "report-time",
    st.one_of(
        TIMES.map(lambda t: t.strftime("%Y-%m-%d %H:%M:%S")), TIMES.map(lambda t: t.strftime("%Y-%m-%dT%H:%M:%SZ"))
    ),
)


@schemathesis.hook
def before_load_schema(context: HookContext, raw_schema: dict[str, Any]) -> None:
    """Forbids fields that the document does not have. Callers must accept new ones, but here they are missing in it."""
    for name, schema in raw_schema["components"]["schemas"].items():
        if name != "Report":
            _close(schema)


def _close(schema: object) -> None:
    if isinstance(schema, dict):
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
        for part in schema.values():
            _close(part)
    elif isinstance(schema, list):
        for part in schema:
            _close(part)


@schemathesis.hook
def before_call(context: HookContext, case: Case, kwargs: dict[str, Any]) -> None:
    """Replaces ids in valid requests with ids that exist, so that requests get further than the look-up."""
    meta = case.meta
    negative = meta.is_negative_at if meta is not None else lambda _: False
    if case.path_parameters and not negative(ParameterLocation.PATH):
        method = case.operation.method.upper()
        # An id from an earlier answer may be that of a key in use here, which must not be deleted.
        is_in_use = method == "DELETE" and WORLD.uses(case.path_parameters.values())
        if is_in_use or DICE.random() < SHARE_OF_EXISTING:
            case.path_parameters.update(WORLD.ids_for(method, case.operation.path))
    if (
        case.operation.method.upper() == "DELETE"
        and case.operation.path == "/v1/accounts/{id}"
        and "confirm" in (case.query or {})
    ):
        case.query["confirm"] = case.path_parameters["id"]
    headers = case.headers if case.headers is not None else {}
    if WORLD.acts_for and case.operation.path.startswith(TENANTS) and not negative(ParameterLocation.HEADER):
        headers["X-Account-Id"] = WORLD.account
        case.headers = headers
    elif "X-Account-Id" in headers and not negative(ParameterLocation.HEADER):
        headers["X-Account-Id"] = WORLD.account
    # Made-up cursors are refused: they come from answers only.
    if case.query and not negative(ParameterLocation.QUERY):
        case.query.pop("cursor", None)
    if isinstance(case.body, (dict, list)) and not negative(ParameterLocation.BODY):
        _name_existing(case.body)


TENANTS = ("/v1/webhooks", "/v1/subscriptions", "/v1/reports", "/v1/deliveries")


def _name_existing(body: list[Any] | dict[str, Any]) -> None:
    for item in body if isinstance(body, list) else [body]:
        if not isinstance(item, dict):
            continue
        # The schema does not express that a key has only one of both.
        if item.get("expires_at") is not None:
            item.pop("expires_in_days", None)
        if isinstance(item.get("operational_webhook_id"), str):
            item["operational_webhook_id"] = WORLD.webhook
        if isinstance(item.get("webhook_id"), str):
            item["webhook_id"] = WORLD.webhook
        if isinstance(item.get("webhook_ids"), list):
            item["webhook_ids"] = [WORLD.webhook]


@schemathesis.check
def undeclared_method_is_refused(ctx: CheckContext, response: Response, case: Case) -> None:
    """Expects 405 with `Allow`, or 404 for an unknown path. MiniStack answers OPTIONS itself, as for CORS."""
    data = getattr(case.meta and case.meta.phase, "data", None)
    scenario = getattr(data, "scenario", None)
    if getattr(scenario, "name", "") == "UNSPECIFIED_HTTP_METHOD":
        allowed = (200, 204, 403, 404, 405) if response.request.method == "OPTIONS" else (404, 405)
        assert response.status_code in allowed, f"{response.request.method} answered {response.status_code}"
        if response.status_code == 405:
            assert response.headers.get("allow"), "405 without Allow"


@schemathesis.check
def accepted_reports_are_valid(ctx: CheckContext, response: Response, case: Case) -> None:
    """Expects each accepted report of an array to follow the schema. The answer 207 refuses only some of them."""
    if case.operation.definition.raw.get("operationId") != "handOverReports" or response.status_code not in (202, 207):
        return
    schema = case.operation.schema.raw_schema["components"]["schemas"]["Report"]
    validator = jsonschema_rs.validator_for(schema, validate_formats=True)
    for item in response.json().get("reports", []):
        if "id" in item:
            report = case.body[item["index"]]
            fault = next(validator.iter_errors(report), None)
            assert fault is None, f"report {item['index']} was accepted, but {fault.message}"


@schemathesis.check
def deleted_resources_are_gone(ctx: CheckContext, response: Response, case: Case) -> bool | None:
    """Expects 404 after a deletion. An account that is being erased (202) can be read until its erasure ends."""
    try:
        return use_after_free(ctx, response, case)
    except UseAfterFree as error:
        if error.operation != "DELETE /v1/accounts/{id}":
            raise
        return None


@schemathesis.check
def created_resources_exist(ctx: CheckContext, response: Response, case: Case) -> bool | None:
    """Expects a created resource to exist, unless `before_call` replaced its id: others may be deleted."""
    try:
        return ensure_resource_availability(ctx, response, case)
    except EnsureResourceAvailability:
        if set(case.path_parameters.values()) & set(WORLD.ids.values()):
            return None
        parent = ctx.internals.find_parent(case_id=case.id)
        if ctx.internals.find_response(case_id=parent.id).json().get("id") in case.path_parameters.values():
            raise
        return None
