"""`make test-sam-local`: tests all routes and sample events in containers; skipped with a line without Docker."""

import json
import re
import socket
import urllib.error
import urllib.request
from typing import Any

from local.events.docker import Docker
from local.events.routes import mounted_routes
from local.events.run import run_all
from local.events.sam import Sam
from local.events.time_shift import TimeShift
from local.events.world import World, event_key, events_world
from local.say import complain, say
from local.settings import HOST, TEMPLATE
from local.user_error import UserError

SECONDS_FOR_AN_ANSWER = 120
# Mounting IngestFunction at http://127.0.0.1:3000/v1/reports [POST]
MOUNTED = re.compile(r"^Mounting (\w+) at http://[\d.:]+(\S+) \[(.*)\]$", re.MULTILINE)


def sam_test() -> int:
    try:
        docker = Docker.connect()
    except UserError as error:
        say(f"• Skipped the tests of sam local: {error}")
        return 0
    with events_world(docker.bridge) as world, Sam(world, docker) as sam:
        try:
            _try_the_api(world, sam)
            failures = run_all(world, sam.invoke, "each with sam local invoke")
        except AssertionError as error:
            complain(f"{error}\n{sam.log.read_text(errors='replace')[-4000:]}")
            return 1
    return 1 if failures else 0


def _try_the_api(world: World, sam: Sam) -> None:
    port = _free_port()
    url = f"http://{HOST}:{port}"
    key = event_key()
    shift = TimeShift.ago(300)
    world.seed(shift)
    report = json.loads(shift.event("ingest-report.json")["body"])
    with sam.api(port):
        wanted = {key: function for key, (function, _) in mounted_routes(TEMPLATE, world.settings.parameters).items()}
        _expect(_mounted(sam), wanted, "routes that sam mounted")
        say(f"    ok {len(wanted)} methods and paths are mounted for {len(set(wanted.values()))} functions")
        for description, method, path, bearer, body, status in (
            ("the health check needs no key", "GET", "/healthz", None, None, 200),
            ("a call without a key is refused", "GET", "/v1/webhooks", None, None, 401),
            ("a call with an unknown key is refused", "GET", "/v1/webhooks", "chk_unknown", None, 403),
            ("a call with the key is answered", "GET", "/v1/webhooks", key, None, 200),
            ("a report is accepted", "POST", "/v1/reports", key, report, 202),
        ):
            got, answer = _call(url, method, path, bearer, body)
            _expect(got, status, f"{method} {path}")
            say(f"    ok {method} {path} {status}: {description}")
        world.wait_for_request(json.loads(answer)["id"])
        say("    ok the report reached its receiver")


def _mounted(sam: Sam) -> dict[tuple[str, str], str]:
    """The function of each method and path that sam has mounted, by its log."""
    lines = MOUNTED.findall(sam.log.read_text(errors="replace"))
    return {(method, path): function for function, path, methods in lines for method in methods.split(", ")}


def _call(url: str, method: str, path: str, bearer: str | None, body: dict[str, Any] | None) -> tuple[int, bytes]:
    headers = {"authorization": f"Bearer {bearer}"} if bearer else {}
    data = json.dumps(body).encode() if body else None
    request = urllib.request.Request(url + path, method=method, data=data, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=SECONDS_FOR_AN_ANSWER) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def _expect(found: object, wanted: object, description: str) -> None:
    if found != wanted:
        raise AssertionError(f"{description}: {found} instead of {wanted}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
