"""Runs the programs of examples/ against a local cloud: callers submit reports, receivers verify and print them.

    make test-examples

The local cloud sets the environment (docs/local-cloud.md).
"""

import unittest
from concurrent.futures import ThreadPoolExecutor

from world import (
    EXAMPLES,
    RECEIVERS,
    ROOT,
    Account,
    CallerResult,
    FakeApi,
    RunningReceiver,
    free_port,
    new_secret,
    post,
    printed_by_shell,
    signed,
    submit,
)  # fmt: skip

CALLERS = ("send_report.sh", "send_report.py", "send_report.mjs")
# The function of docs/verifying.md in each receiver: the language of its code block, its first and its last line.
VERIFIERS = {
    "receiver.py": ("python", "def verify(", "for one in given)\n"),
    "receiver.mjs": ("js", '// secret: "whsec_…"', "\n}\n"),
}


class Submitting(unittest.TestCase):
    """Every caller with every receiver, through Callhook."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.account = Account()
        cls.receivers = [cls.enterClassContext(RunningReceiver(name, new_secret())) for name in RECEIVERS]
        cls.webhooks = [cls.account.subscribed_webhook(receiver.url, receiver.secret) for receiver in cls.receivers]

    def test_each_receiver_prints_the_report_of_each_caller_once(self) -> None:
        for number, caller in enumerate(CALLERS):
            with self.subTest(caller):
                done = submit(caller, self.account.environment, f"call-{number}")
                self.assertEqual((done.code, done.errors), (0, ""))
                for receiver, webhook in zip(self.receivers, self.webhooks, strict=False):
                    printed = receiver.wait_for(done.answer["id"])
                    self.assertEqual(printed["to"], 918867130000)
                    self.assertEqual(printed["duration"], "23")
                    self.assertEqual(printed["webhook_id"], webhook)
                # The same report has the same id, and is delivered once.
                again = submit(caller, self.account.environment, f"call-{number}")
                self.assertEqual(again.answer, done.answer)
        for receiver in self.receivers:
            ids = [webhook_id for webhook_id, _ in receiver.printed]
            self.assertEqual(len(ids), len(set(ids)))
            self.assertEqual(len(ids), len(CALLERS))

    def test_each_caller_fails_if_its_report_or_its_key_is_refused(self) -> None:
        for caller in CALLERS:
            for environment in ({"KEY": "chk_000000000000_wrong"}, {"KEY": self.account.reading_key}):
                with self.subTest(caller):
                    done = submit(caller, {**self.account.environment, **environment}, "call")
                    self.assertNotEqual(done.code, 0)
                    self.assertIn("403", done.errors)

    def test_a_receiver_with_another_secret_refuses_the_report(self) -> None:
        for name in RECEIVERS:
            with self.subTest(name), RunningReceiver(name, new_secret()) as receiver:
                account = Account()
                webhook = account.subscribed_webhook(receiver.url, new_secret())
                done = submit("send_report.py", account.environment, "call")
                self.assertEqual(account.first_status(webhook, done.answer["id"]), 401)
                self.assertEqual(receiver.printed, [])

    def test_a_receiver_accepts_a_trial_and_prints_nothing(self) -> None:
        for receiver, webhook in zip(self.receivers, self.webhooks, strict=False):
            with self.subTest(receiver.name):
                before = list(receiver.printed)
                self.assertEqual(self.account.trial_status(webhook), 202)
                self.assertEqual(receiver.printed, before)


class Retrying(unittest.TestCase):
    """Callers retry when Callhook or the connection fails, and not when a report is refused."""

    def test_each_caller_retries_after_429_503_and_a_broken_connection(self) -> None:
        # curl does not retry after a broken connection.
        refusals = {
            "send_report.sh": [503, 429],
            "send_report.py": [503, None, 429],
            "send_report.mjs": [503, None, 429],
        }
        with ThreadPoolExecutor() as pool:
            results = pool.map(lambda caller: self.refused_first(caller, refusals[caller]), CALLERS)
        for caller, (done, bodies) in zip(CALLERS, results, strict=False):
            with self.subTest(caller):
                self.assertEqual((done.code, done.answer), (0, {"id": "the-id"}))
                self.assertEqual(len(bodies), len(refusals[caller]) + 1)
                self.assertEqual(len(set(bodies)), 1, "a retried request differs, and would be another report")

    def test_no_caller_retries_a_refused_report(self) -> None:
        for caller in CALLERS:
            with self.subTest(caller):
                done, bodies = self.refused_first(caller, [422])
                self.assertNotEqual(done.code, 0)
                self.assertEqual(len(bodies), 1)

    @staticmethod
    def refused_first(caller: str, refusals: list[int | None]) -> tuple[CallerResult, list[bytes]]:
        """Runs a caller against an API that refuses first; returns its result and the bodies that it sent."""
        with FakeApi([*refusals, 202]) as api:
            return submit(caller, {"URL": api.url, "KEY": "chk_k"}, "call"), api.bodies


class Verifying(unittest.TestCase):
    """Receivers refuse forged, altered and old requests."""

    def test_only_a_signed_request_within_five_minutes_is_printed_once(self) -> None:
        secret, body = new_secret(), b'{"to":1}'
        good = signed(secret, "id-1", body)
        for name in RECEIVERS:
            with self.subTest(name), RunningReceiver(name, secret) as receiver:
                self.assertEqual(post(receiver.url, signed(new_secret(), "id-1", body), body), 401)
                self.assertEqual(post(receiver.url, signed(secret, "id-1", body, seconds_ago=330), body), 401)
                self.assertEqual(post(receiver.url, signed(secret, "id-1", body, seconds_ago=-330), body), 401)
                self.assertEqual(post(receiver.url, good, body + b" "), 401)
                self.assertEqual(post(receiver.url, {**good, "webhook-id": "id-2"}, body), 401)
                self.assertEqual(post(receiver.url, {}, body), 401)
                self.assertEqual(post(receiver.url, good, b" " * 1_000_001), 413)
                self.assertEqual(receiver.printed, [])
                self.assertEqual([post(receiver.url, good, body) for _ in range(3)], [202, 202, 202])
                self.assertEqual(receiver.wait_for("id-1"), {"to": 1})
                self.assertEqual(len(receiver.printed), 1)

    def test_each_receiver_verifies_as_the_documentation_does(self) -> None:
        page = (ROOT / "docs/verifying.md").read_text()
        self.assertEqual(set(VERIFIERS), set(RECEIVERS))
        for name, (language, first, last) in VERIFIERS.items():
            _, _, block = page.partition(f"```{language}\n")
            _, begin, rest = block.partition(first)
            body, end, _ = rest.partition(last)
            self.assertTrue(begin and end, f"docs/verifying.md shows no function for {name}")
            self.assertIn(begin + body + end, (EXAMPLES / "receivers" / name).read_text())


class Readme(unittest.TestCase):
    def test_it_names_each_program(self) -> None:
        programs = sorted(path.relative_to(EXAMPLES) for path in EXAMPLES.glob("*/*.*"))
        self.assertEqual([path.name for path in programs], sorted(CALLERS) + sorted(RECEIVERS))
        for program in programs:
            self.assertIn(f"({program})", (EXAMPLES / "README.md").read_text())

    def test_its_commands_deliver_a_report(self) -> None:
        _, _, section = (EXAMPLES / "README.md").read_text().partition("\n## Run them\n")
        ask, *lines = [line.removeprefix("    ") for line in section.splitlines() if line.startswith("    ")]
        self.assertEqual(ask, 'eval "$(make -s env)"')
        pasted = "\n".join(lines).replace("PORT=9001", f"PORT={free_port()}")
        printed = printed_by_shell(pasted, Account().environment, "flow_id")
        self.assertRegex(printed, r'^[0-9a-f-]{36} \{"bridge":918068280000,')


if __name__ == "__main__":
    unittest.main(verbosity=1)
