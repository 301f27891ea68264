import contextlib
import io
import tempfile
import unittest
from pathlib import Path

from advisories import check_advisories

OUTAGE = """\
2026-11-29 05:20:14 [ERROR] failed to fetch database: failed to fetch advisory database https://db.example/
  caused by: error sending request"""


class Advisories(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def check(self, fetch: str, check: str = "exit 9", seconds: float = 10) -> tuple[int, str]:
        """The exit code and the output with a cargo-deny that does `fetch`, and then `check`."""
        tool = self.folder / "cargo-deny"
        tool.write_text(f"""#!/bin/sh
echo "$*" >> {self.folder}/calls
case "$*" in
"fetch db") {fetch} ;;
"check --disable-fetch advisories") {check} ;;
*) exit 64 ;;
esac
""")
        tool.chmod(0o755)
        output = io.StringIO()
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            code = check_advisories(str(tool), seconds)
        return code, output.getvalue()

    def calls(self) -> list[str]:
        return (self.folder / "calls").read_text().splitlines()

    def test_a_failed_fetch_skips_the_check_with_a_line(self) -> None:
        code, output = self.check(f"echo '{OUTAGE}' >&2; exit 1")
        self.assertEqual((code, output.count("\n")), (0, 1))
        self.assertTrue(output.startswith("advisories: database not reachable, skipped"), output)
        self.assertEqual(self.calls(), ["fetch db"])

    def test_a_fetch_without_an_answer_times_out_and_skips_the_check(self) -> None:
        code, output = self.check("exec sleep 60", seconds=0.2)
        self.assertEqual(code, 0)
        self.assertIn("no answer within 0.2 s", output)

    def test_the_exit_code_is_that_of_the_check(self) -> None:
        for outcome in (0, 1):
            self.assertEqual(self.check("exit 0", f"exit {outcome}"), (outcome, ""))

    def test_another_error_of_the_fetch_fails(self) -> None:
        with self.assertRaises(SystemExit):
            self.check("echo 'error: unknown field in deny.toml' >&2; exit 1")
