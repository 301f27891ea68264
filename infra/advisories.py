"""Checks the packages in Cargo.lock for known vulnerabilities, if the RustSec database can be fetched.

    python infra/advisories.py <cargo-deny>

If it cannot be fetched, the check prints a line and passes: it needs github.com, a build does not. A finding fails it.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SECONDS_TO_FETCH = 60
# In cargo-deny's error for each database that it cannot fetch.
UNREACHABLE = "failed to fetch"


def main() -> int:
    (tool,) = sys.argv[1:]
    return check_advisories(tool)


def check_advisories(tool: str, seconds: float = SECONDS_TO_FETCH) -> int:
    """Fetches the database, checks against it, and returns the exit code.

    `cargo-deny check` alone exits with 1 both for a database that it cannot fetch and for a finding.
    """
    reason = _fetch_failure(tool, seconds)
    if reason:
        print(f"advisories: database not reachable, skipped ({reason})", flush=True)
        return 0
    return subprocess.run([tool, "check", "--disable-fetch", "advisories"], cwd=ROOT, check=False).returncode


def _fetch_failure(tool: str, seconds: float) -> str | None:
    command = [tool, "fetch", "db"]
    try:
        fetched = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return f"no answer within {seconds:g} s"
    if fetched.returncode == 0:
        return None
    # An error in the call or in deny.toml is no outage.
    if UNREACHABLE not in fetched.stderr:
        sys.stderr.write(fetched.stderr)
        raise SystemExit(f"callhook: `{' '.join(command)}` failed with {fetched.returncode}.")
    return "it could not be fetched"


if __name__ == "__main__":
    sys.exit(main())
