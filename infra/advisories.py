"""Looks for known vulnerabilities of the packages in Cargo.lock, if the RustSec database can be reached.

    python infra/advisories.py <cargo-deny>

A database that cannot be fetched is skipped with a line: the check needs github.com, a build does not. A finding fails.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SECONDS_TO_FETCH = 60
# What cargo-deny says of every database that it cannot fetch, whatever the reason.
UNREACHABLE = "failed to fetch"


def main() -> int:
    (tool,) = sys.argv[1:]
    return check_advisories(tool)


def check_advisories(tool: str, seconds: float = SECONDS_TO_FETCH) -> int:
    """Returns the exit code. Fetching comes first, on its own: `check` alone exits with 1 for a database that it cannot
    reach as well as for a finding."""
    reason = _reason_for_no_database(tool, seconds)
    if reason:
        print(f"advisories: database not reachable, skipped ({reason})", flush=True)
        return 0
    return subprocess.run([tool, "check", "--disable-fetch", "advisories"], cwd=ROOT, check=False).returncode


def _reason_for_no_database(tool: str, seconds: float) -> str | None:
    command = [tool, "fetch", "db"]
    try:
        fetched = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return f"no answer within {seconds:g} s"
    if fetched.returncode == 0:
        return None
    # A wrong call or a wrong deny.toml must not pass as an outage.
    if UNREACHABLE not in fetched.stderr:
        sys.stderr.write(fetched.stderr)
        raise SystemExit(f"callhook: `{' '.join(command)}` failed with {fetched.returncode}.")
    return "it could not be fetched"


if __name__ == "__main__":
    sys.exit(main())
