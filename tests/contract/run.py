"""Checks the deployed API against the OpenAPI document that it serves: as an account, and as the platform.

`make contract` runs it with a local cloud.
"""

import http.server
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

from world import World

HERE = Path(__file__).resolve().parent
SCHEMATHESIS = Path(sys.executable).with_name("st")
SEED = 20261127
EXAMPLES_EACH = int(os.environ.get("CONTRACT_EXAMPLES", "25"))
"""The maximum of examples for each operation and generating phase."""
LEAST_EXAMPLES = 1_000


class Receiver(http.server.BaseHTTPRequestHandler):
    """A receiver that answers 200 to every request."""

    def _accept(self) -> None:
        self.rfile.read(int(self.headers.get("content-length") or 0))
        self.send_response(200)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    do_GET = do_POST = do_PUT = _accept

    def log_message(self, *_: object) -> None:
        pass


def main() -> int:
    receiver = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    world = World(
        url=os.environ["CALLHOOK_URL"],
        platform_key=os.environ["CALLHOOK_PLATFORM_KEY"],
        receiver=f"http://127.0.0.1:{receiver.server_address[1]}",
    )
    world.create()
    started = time.monotonic()
    failed, examples = False, 0
    for caller, key, acts_for in (("an account", world.account_key, False), ("the platform", world.platform_key, True)):
        print(f"• As {caller}", flush=True)
        code, count = _check(world, key, acts_for)
        failed = failed or code != 0
        examples += count
    seconds = time.monotonic() - started
    print(f"contract: {examples} examples in {seconds:.0f} s, seed {SEED}: {'FAILED' if failed else 'passed'}")
    if examples < LEAST_EXAMPLES:
        print(f"contract: fewer than {LEAST_EXAMPLES} examples.", file=sys.stderr)
        failed = True
    return 1 if failed else 0


def _check(world: World, key: str, acts_for: bool) -> tuple[int, int]:
    """Runs schemathesis; returns its exit code and the number of generated requests."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        # From a file, since schemathesis skips the route from which it loads the document.
        document, _ = urllib.request.urlretrieve(f"{world.url}/openapi.json", Path(folder) / "openapi.json")
        command = [
            SCHEMATHESIS, "--config-file", HERE / "schemathesis.toml", "run", document, "--url", world.url,
            "--checks", "all", "--exclude-checks", "unsupported_method,use_after_free",
            "--seed", str(SEED), "--max-examples", str(EXAMPLES_EACH), "--continue-on-failure",
            "--report", "json", "--report-json-path", report, "--warnings", "off",
        ]  # fmt: skip
        if not acts_for:
            # Keys of accounts are refused here, which tests/tests/authorization.rs checks.
            command += ["--exclude-tag", "accounts", "--exclude-tag", "keys"]
        environment = {
            **os.environ,
            "PYTHONPATH": str(HERE),
            "SCHEMATHESIS_HOOKS": "hooks",
            "CALLHOOK_CONTRACT_KEY": key,
            "CALLHOOK_CONTRACT_WORLD": world.text(acts_for),
        }
        code = subprocess.run(command, env=environment, cwd=folder, check=False).returncode
        return code, json.loads(report.read_text())["test_cases"]["generated"] if report.exists() else 0


if __name__ == "__main__":
    sys.exit(main())
