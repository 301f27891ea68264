import argparse
import contextlib
import io
import json
import tempfile
import unittest
import unittest.mock
import urllib.parse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import import_webhooks
from deployed import CommandError
from importing.api import MAX_ATTEMPTS, QUOTA_EXCEEDED, Api, OutcomeUnknown
from importing.export import MARK, read_subscriptions, read_webhooks, same_url
from importing.run import Import
from local.user_error import UserError

SECRET, TOKEN, PATH = "s3cr3t-of-acme", "t0ken-of-acme", "/services/T0/B0/XXXX"
ENTRY = {
    "id": 17, "name": "Acme CRM", "uri": f"https://crm.example.com{PATH}", "status": 1,
    "secret": SECRET, "token": TOKEN,
}  # fmt: skip
KEY = "chk_0123456789ab_secret"


def page(*entries: object, **more: object) -> str:
    answer = {"status": "success", "code": 200, "message": "", "data": list(entries), "links": {}, "meta": {}}
    return json.dumps({**answer, **more})


class Accounts:
    """An API in memory that answers like Callhook's. `events` are faults, one for each call."""

    def __init__(self, quota: int = 1000) -> None:
        self.webhooks: list[dict[str, Any]] = []
        self.subscriptions: list[dict[str, Any]] = []
        self.calls: list[tuple[str, str]] = []
        self.quota = quota
        self.account: object = {"id": "acme", "quotas": {"webhooks": quota}}
        self.waits: list[int] = []
        self.events: list[object] = []

    @property
    def api(self) -> Api:
        return cast(Api, self)

    def get(self, path: str) -> dict[str, Any]:
        assert path == "/v1/key"
        return {"account": self.account}

    def all(self, path: str) -> Iterator[dict[str, Any]]:
        path, _, query = path.partition("?")
        if path == "/v1/subscriptions":
            return iter(list(self.subscriptions))
        (name,) = urllib.parse.parse_qs(query).get("name", [""])
        return iter([dict(webhook) for webhook in self.webhooks if name.lower() in webhook.get("name", "").lower()])

    def wait(self, attempt: int, retry_after: float = 0) -> None:
        self.waits.append(attempt)

    def call_once(self, method: str, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.calls.append((method, path))
        assert (method, path) == ("POST", "/v1/webhooks"), path
        event = self.events.pop(0) if self.events else None
        if event == "no effect":
            raise OutcomeUnknown("no answer")
        if isinstance(event, tuple):
            return event
        if len(self.webhooks) >= self.quota:
            return 429, {"type": QUOTA_EXCEEDED, "detail": "too many"}
        if "refused" in body["url"]:
            return 422, {"errors": [{"field": "url", "message": f"is refused, {body.get('bearer_secret')}"}]}
        # Callhook shows no secrets, and hides passwords.
        made = {name: value for name, value in body.items() if name not in ("bearer_secret", "verification")}
        self.webhooks.append({"id": f"id-{len(self.webhooks)}", **made})
        if event == "no answer":
            raise OutcomeUnknown("no answer")
        return 201, self.webhooks[-1]

    def call(self, method: str, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.calls.append((method, path))
        if path == "/v1/webhooks/preview":
            refused = "refused" in body["webhook"]["url"]
            return (422, {"errors": [{"field": "url", "message": "is refused"}]}) if refused else (200, {"url": "x"})
        assert path == "/v1/subscriptions", path
        one = {"event": "voice:message:out", **body}
        if one in self.subscriptions:
            return 409, {"existing_id": "sub"}
        self.subscriptions.append(one)
        return 201, one


def run(
    accounts: Accounts,
    entries: Sequence[object],
    subscriptions: Sequence[object] = (),
    dry_run: bool = False,
    verify: bool = False,
) -> tuple[Import, str]:
    output: list[str] = []
    work = Import(accounts.api, dry_run, output.append)
    work.run(read_webhooks(page(*entries), verify)[0], read_subscriptions(page(*subscriptions))[0])
    return work, "\n".join([*output, *work.summary()])


class Reading(unittest.TestCase):
    def test_each_field_becomes_a_setting(self) -> None:
        (webhook,), is_incomplete = read_webhooks(page(ENTRY), verify=False)
        self.assertEqual(webhook.settings, {
            "name": "Acme CRM", "url": f"https://crm.example.com{PATH}", "status": "active", "bearer_secret": SECRET,
            "description": f"{MARK}17",
        })  # fmt: skip
        self.assertFalse(is_incomplete)
        (verified,), _ = read_webhooks(page({**ENTRY, "status": 0}), verify=True)
        self.assertEqual(verified.settings["verification"], {"token": TOKEN})
        self.assertEqual(verified.settings["status"], "inactive")

    def test_an_array_and_an_array_of_pages_are_read_too(self) -> None:
        second = {**ENTRY, "id": 18}
        for text in (json.dumps([ENTRY, second]), f"[{page(ENTRY)},{page(second)}]"):
            self.assertEqual([webhook.key for webhook in read_webhooks(text, False)[0]], ["17", "18"])

    def test_missing_pages_are_noticed(self) -> None:
        for more in ({"meta": {"last_page": 2}}, {"links": {"next": "https://…"}, "meta": None}):
            self.assertTrue(read_webhooks(page(ENTRY, **more), False)[1], more)
        both = [page(entry, meta={"last_page": 2}) for entry in (ENTRY, {**ENTRY, "id": 2})]
        self.assertFalse(read_webhooks(f"[{','.join(both)}]", False)[1])

    def test_a_file_without_a_list_is_refused(self) -> None:
        for text in ("", "nonsense", "7", "{}", '{"data": {}}', "[" * 100_000):
            with self.assertRaises(CommandError):
                read_webhooks(text, False)

    def test_invalid_entries_have_reasons_that_show_no_value(self) -> None:
        for change, why in (
            ({"name": None}, "`name` must have 1 to 100"), ({"name": "x" * 101}, "`name` must have 1 to 100"),
            ({"uri": ""}, "`uri` is missing"), ({"uri": 7}, "`uri` is missing"),
            ({"status": 2}, "`status` must be 1 or 0"), ({"status": None}, "`status` must be"),
            ({"secret": "ä" + SECRET}, "`secret` must be"), ({"secret": [SECRET]}, "`secret`"),
        ):  # fmt: skip
            (webhook,), _ = read_webhooks(page({**ENTRY, **change}), False)
            self.assertIn(why, "; ".join(webhook.problems), change)
            self.assertNotIn(SECRET, "; ".join(webhook.problems))
        self.assertEqual(read_webhooks("[7]", False)[0][0].problems, ["is not an object"])

    def test_ignored_fields_are_named_without_their_values(self) -> None:
        (webhook,), _ = read_webhooks(page({**ENTRY, "user_id": 5, "918867130000": 1, "created_at": "x"}), False)
        output = "; ".join(webhook.notes)
        self.assertIn("left out: `user_id` and 1 more", output)
        self.assertNotIn("918867130000", output)
        self.assertNotIn(TOKEN, output)

    def test_entries_without_an_id_are_identified_by_name_and_url(self) -> None:
        without = {name: value for name, value in ENTRY.items() if name != "id"}
        webhooks, _ = read_webhooks(page(without, {**without, "name": "Other"}, without), False)
        self.assertEqual([webhook.problems for webhook in webhooks], [[], [], ["repeats entry 1"]])
        self.assertNotEqual(webhooks[0].key, webhooks[1].key)

    def test_each_form_of_an_identity_is_read(self) -> None:
        for identity, becomes in (
            (None, "all"), ("", "all"), ("*", "all"), (918068280000, "number:918068280000"),
            ("+91 80682", "number:+91 80682"), ("flow:12", "flow:12"), ("source:OBD", "source:OBD"), ("x", None),
            ([], None), (True, None),
        ):  # fmt: skip
            (one,), _ = read_subscriptions(page({"webhook_id": 17, "identity": identity}))
            self.assertEqual(one.settings.get("identity"), becomes, identity)
            self.assertEqual(" all" in one.name, becomes == "all", identity)
            self.assertEqual(bool(one.problems), becomes is None)

    def test_equal_urls_are_recognized(self) -> None:
        self.assertTrue(same_url("https://u:p@CRM.example.com", "https://•••:•••@crm.example.com/"))
        self.assertTrue(same_url("https://crm.example.com:443/a?b=1", "https://crm.example.com/a?b=1"))
        self.assertFalse(same_url("https://crm.example.com/a", "https://crm.example.com/b"))
        self.assertFalse(same_url("https://[", "https://crm.example.com/b"))


class Running(unittest.TestCase):
    def test_repeated_and_interrupted_runs_create_nothing_twice(self) -> None:
        entries = [{**ENTRY, "id": number, "name": f"Webhook {number}"} for number in range(20)]
        accounts = Accounts()
        run(accounts, entries[:7])
        work, output = run(accounts, entries)
        self.assertEqual(dict(work.counts["webhooks"]), {"exists": 7, "created": 13})
        work, output = run(accounts, entries)
        self.assertEqual(len(accounts.webhooks), 20)
        self.assertIn("20 webhooks: 20 exists", output)
        self.assertTrue(work.all_imported)

    def test_a_webhook_is_found_after_its_owner_changed_it(self) -> None:
        accounts = Accounts()
        run(accounts, [ENTRY])
        accounts.webhooks[0].update(name="Renamed", url="https://elsewhere.example.com/", status="inactive")
        _, output = run(accounts, [ENTRY])
        self.assertEqual(len(accounts.webhooks), 1)
        self.assertIn("stays inactive here", output)

    def test_a_webhook_without_a_key_is_found_once_by_name_and_url(self) -> None:
        accounts = Accounts()
        accounts.webhooks.append({"id": "own", "name": ENTRY["name"], "url": ENTRY["uri"], "status": "active"})
        work, output = run(accounts, [ENTRY, {**ENTRY, "id": 18}])
        self.assertEqual(dict(work.counts["webhooks"]), {"exists": 1, "created": 1})
        self.assertIn("own", output)

    def test_a_dry_run_checks_each_entry_and_creates_nothing(self) -> None:
        accounts = Accounts()
        bad = {**ENTRY, "id": 18, "uri": "https://refused.example.com"}
        work, output = run(accounts, [ENTRY, bad], [{"webhook_id": 17}], dry_run=True)
        self.assertEqual((accounts.webhooks, accounts.subscriptions), ([], []))
        self.assertIn("2 webhooks: 1 would be created, 1 not imported", output)
        self.assertIn("1 subscriptions: 1 would be created", output)
        self.assertIn("`url` is refused", output)
        self.assertFalse(work.all_imported)

    def test_a_call_without_an_answer_creates_no_second_webhook(self) -> None:
        for event, tried in (("no answer", 1), ("no effect", 2), ((503, {}), 2)):
            accounts = Accounts()
            accounts.events = [event]
            work, _ = run(accounts, [ENTRY])
            self.assertEqual((len(accounts.webhooks), len(accounts.calls)), (1, tried), event)
            self.assertEqual(dict(work.counts["webhooks"]), {"created": 1})
        accounts.events = ["no effect"] * MAX_ATTEMPTS
        with self.assertRaisesRegex(CommandError, "does not answer"):
            run(accounts, [{**ENTRY, "id": 99}])

    def test_the_quota_is_reported_first_and_stops_the_creation(self) -> None:
        accounts = Accounts(quota=2)
        work, output = run(accounts, [{**ENTRY, "id": number} for number in range(5)])
        self.assertIn("may have 2 webhooks and has 0; 5 are new", output)
        self.assertEqual(dict(work.counts["webhooks"]), {"created": 2, "not imported": 3})
        self.assertEqual(len(accounts.calls), 3, "the last two are not sent")

    def test_an_entry_of_a_wrong_type_does_not_stop_the_run(self) -> None:
        accounts = Accounts()
        accounts.events = [(503, {})]
        half_a_character = {**ENTRY, "name": "\ud800"}
        events: list[object] = [{}, ["x"], 1, "voice:message:out"]
        wanted = [{"webhook_id": 17, "event": event} for event in events]
        work, _ = run(accounts, [half_a_character], wanted)
        self.assertEqual(dict(work.counts["webhooks"]), {"created": 1})
        self.assertEqual(dict(work.counts["subscriptions"]), {"not imported": 3, "created": 1})

    def test_a_short_token_is_not_hidden_in_notes(self) -> None:
        _, output = run(Accounts(), [{**ENTRY, "token": "e"}])
        self.assertIn("`token` left out", output)

    def test_subscriptions_get_the_ids_of_their_webhooks(self) -> None:
        accounts = Accounts()
        refused = {**ENTRY, "id": 18, "uri": "https://refused.example.com"}
        wanted = [
            {"webhook_id": 17, "identity": "918068280000"},
            {"webhook_id": "17", "identity": None, "event": "voice:message:out"},
            {"webhook_id": 18}, {"webhook_id": 99}, {"identity": "all"}, 7,
        ]  # fmt: skip
        work, output = run(accounts, [ENTRY, refused], wanted)
        self.assertEqual(dict(work.counts["subscriptions"]), {"created": 2, "not imported": 4})
        self.assertEqual([one["webhook_id"] for one in accounts.subscriptions], ["id-0", "id-0"])
        self.assertNotIn("918068280000", output)
        self.assertIn("missing in the list of webhooks", output)
        work, _ = run(accounts, [ENTRY, refused], wanted)
        self.assertEqual(dict(work.counts["subscriptions"]), {"exists": 2, "not imported": 4})

    def test_no_secret_token_path_or_password_is_printed(self) -> None:
        accounts = Accounts()
        entries = [
            ENTRY, {**ENTRY, "id": 2, "uri": "https://user1:passw0rd@refused.example.com" + PATH, "name": "a\x1b[2Jb"},
            {**ENTRY, "id": 3, "status": 7},
        ]  # fmt: skip
        output = "".join(run(accounts, entries, dry_run=dry_run)[1] for dry_run in (True, False))
        for hidden in (SECRET, TOKEN, PATH, "passw0rd", "user1", "\x1b"):
            self.assertNotIn(hidden, output)
        self.assertIn("https://crm.example.com", output)

    def test_a_refused_key_stops_the_run(self) -> None:
        accounts = Accounts()
        accounts.events = [(403, {"detail": "The key lacks the scope `webhooks:write`."})]
        with self.assertRaisesRegex(CommandError, "lacks the scope"):
            run(accounts, [ENTRY])
        accounts.account = None
        with self.assertRaisesRegex(CommandError, "ACCOUNT=<id>"):
            run(accounts, [ENTRY])


class Calling(unittest.TestCase):
    def api(self, *answers: object, per_second: float = 1000) -> Api:
        """An API whose calls get these answers in turn."""
        self.slept: list[float] = []
        self.send = unittest.mock.Mock(side_effect=answers)
        api = Api("https://callhook.example.com/", KEY, "acme", per_second, self.slept.append)
        patch = unittest.mock.patch.object(api, "_send", self.send)
        patch.start()
        self.addCleanup(patch.stop)
        return api

    def test_a_call_is_repeated_after_retry_after(self) -> None:
        too_many = (429, {"message": "Too Many Requests"}, 0)
        api = self.api(too_many, (429, {"type": "urn:callhook:problem:rate-limited"}, 7), (201, {"id": 1}, 0))
        self.assertEqual(api.call_once("POST", "/v1/webhooks", {}), (201, {"id": 1}))
        waits = [slept for slept in self.slept if slept > 0.1]
        self.assertEqual(len(waits), 2)
        self.assertGreaterEqual(waits[1], 7)

    def test_an_exceeded_quota_is_not_retried(self) -> None:
        self.assertEqual(self.api((429, {"type": QUOTA_EXCEEDED}, 60)).call_once("POST", "/v1/webhooks", {})[0], 429)

    def test_attempts_are_limited(self) -> None:
        with self.assertRaisesRegex(CommandError, "429 8 times"):
            self.api(*[(429, {}, 600)] * MAX_ATTEMPTS).call_once("POST", "/v1/webhooks", {})
        self.assertLessEqual(max(self.slept), 60)
        with self.assertRaisesRegex(CommandError, "503 8 times"):
            self.api(*[(503, {}, 0)] * MAX_ATTEMPTS).call("POST", "/v1/webhooks/preview", {})

    def test_calls_are_throttled(self) -> None:
        api = self.api(*[(200, {}, 0)] * 4, per_second=10)
        for _ in range(4):
            api.call_once("GET", "/v1/key", None)
        self.assertAlmostEqual(max(self.slept), 0.3, delta=0.1, msg="calls take no time here")

    def test_a_list_is_read_over_failures_and_pages(self) -> None:
        pages = ({"data": [1], "next_cursor": "a/b"}, {"data": [2], "next_cursor": None})
        api = self.api(OutcomeUnknown("no answer"), *((200, page, 0) for page in pages))
        self.assertEqual(list(api.all("/v1/webhooks")), [1, 2])
        self.assertIn("cursor=a%2Fb", self.send.call_args.args[1])

    def test_the_key_is_sent_over_https_only(self) -> None:
        with self.assertRaises(CommandError):
            Api("http://callhook.example.com", KEY, None, 10)
        Api("http://localhost:8080", KEY, None, 10)

    def test_a_key_that_is_no_header_value_is_refused_and_not_shown(self) -> None:
        for key, account in ((KEY + "\r", None), (KEY + "\n", None), ("€" + KEY, None), (KEY, "acme\n"), (KEY, "a b")):
            with self.subTest(key=key[-1:], account=account), self.assertRaises(CommandError) as refused:
                Api("https://callhook.example.com", key, account, 10)
            self.assertNotIn(KEY, str(refused.exception))


class Command(unittest.TestCase):
    def test_missing_settings_are_named(self) -> None:
        with (
            unittest.mock.patch.dict("os.environ", {"URL": "", "KEY": ""}),
            self.assertRaisesRegex(CommandError, "Set URL"),
        ):
            import_webhooks.target(local=False)
        exports = "local.demo.exports.read_exports"
        with (
            unittest.mock.patch(exports, side_effect=UserError("Callhook is not running here")),
            self.assertRaisesRegex(CommandError, "not running"),
        ):
            import_webhooks.target(local=True)
        with unittest.mock.patch(exports, return_value="export URL=http://x KEY=chk_1 RECEIVER=r"):
            self.assertEqual(import_webhooks.target(local=True), ("http://x", "chk_1"))

    def test_a_run_prints_its_report_and_tells_whether_all_was_imported(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "webhooks.json"
            file.write_text(page(ENTRY, meta={"last_page": 3}), encoding="utf-8-sig")
            arguments = argparse.Namespace(
                file=str(file), subscriptions="", account="", local=False, verify=False, dry_run=True, per_second=10.0,
            )  # fmt: skip
            output = io.StringIO()
            with (
                unittest.mock.patch.dict("os.environ", {"URL": "https://x.example.com", "KEY": KEY}),
                unittest.mock.patch("import_webhooks.Api", return_value=Accounts()),
                contextlib.redirect_stdout(output),
            ):
                self.assertTrue(import_webhooks.run(arguments))
        self.assertIn("more pages than the file holds", output.getvalue())
        self.assertIn("1 webhooks: 1 would be created", output.getvalue())
        self.assertNotIn(KEY, output.getvalue())
