import argparse
import contextlib
import io
import json
import time
import unittest
import unittest.mock
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import botocore.exceptions

from dead_letters import DeadLetters, report_id
from deployed import CommandError
from letters import move_task, resend
from letters.letter import QUEUES as QUEUE_OF_KIND
from letters.letter import Letter, read_letter
from letters.peek import peek_letters

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

DEAD, REPORTS, RETRIES = "https://sqs/dead", "https://sqs/reports", "https://sqs/retries"
QUEUES = {"ReportsQueueUrl": REPORTS, "RetriesQueueUrl": RETRIES}
WEBHOOK, REPORT = "01890a5d-ac96-774b-bcce-b302099a8057", "00000000-0000-8719-aeef-b433c67a354f"
OTHER = "0178b776-1ef8-8000-8000-000000000002"
PHONE = 918919520000
# The snapshots of messages that the functions send.
SNAPSHOTS = Path(__file__).parents[3] / "shared" / "src"

REPORTS_BODY = json.dumps({
    "v": 1, "kind": "reports", "account_id": "acme", "received_at": 1700000000123,
    "reports": [
        {"id": REPORT, "report": {"from": PHONE, "x": 1.5}},
        {"id": OTHER, "report": {"from": PHONE, "webhook_id": WEBHOOK, "webhook_ids": [WEBHOOK, OTHER, PHONE]}},
    ],
})  # fmt: skip
DELIVERY_BODY = json.dumps({
    "v": 1, "kind": "delivery", "account_id": "acme", "webhook_id": WEBHOOK, "report_id": REPORT,
    "report": {"from": PHONE}, "attempt": 2, "received_at": 1700000000123,
})  # fmt: skip
POISON = {
    "not json": "no JSON",
    "[1]": "no message",
    "[" * 100_000: "no JSON",
    '{"v": 2, "kind": "reports", "account_id": "acme"}': "version 2",
    '{"v": true, "kind": "reports", "account_id": "acme"}': "no version",
    f'{{"v": {PHONE}}}': "no version",
    '{"v": 1, "kind": "parcel", "account_id": "acme"}': "unknown kind parcel",
    f'{{"v": 1, "kind": "{PHONE}", "account_id": "acme"}}': "no kind",
    '{"v": 1, "kind": ["reports"], "account_id": "acme"}': "no kind",
    '{"v": 1, "kind": "reports"}': "no account",
    '{"version": "1.0", "DDBStreamBatchInfo": {"shardId": "s", "batchSize": 8}}':
        "stats failed on 8 changes of the log",
    f'{{"version": "1.0", "DDBStreamBatchInfo": {{"batchSize": {PHONE}}}}}': "stats failed on ? changes of the log",
    '{"version": "1.0", "DDBStreamBatchInfo": [8]}': "no version",
}  # fmt: skip


class Sqs:
    """An SQS with a dead-letter queue, and the messages that were sent to other queues."""

    def __init__(self, *bodies: str, age: float = 60) -> None:
        sent = str(int((time.time() - age) * 1000))
        self.dead: dict[str, dict[str, Any]] = {
            f"id-{n}": {"body": body, "hidden": False, "received": 3, "sent": sent} for n, body in enumerate(bodies)
        }
        self.sent: list[tuple[str, str, str]] = []
        self.failing = False
        self.attributes = {"QueueArn": "arn"}

    def get_queue_attributes(self, QueueUrl: str, AttributeNames: list[str]) -> dict[str, Any]:
        assert QueueUrl == DEAD
        return {"Attributes": {name: self.attributes[name] for name in AttributeNames}}

    def receive_message(self, QueueUrl: str, MaxNumberOfMessages: int, **_: object) -> dict[str, Any]:
        assert QueueUrl == DEAD
        messages: list[dict[str, Any]] = []
        for message_id, message in self.dead.items():
            if not message["hidden"] and len(messages) < MaxNumberOfMessages:
                message["hidden"] = True
                message["received"] += 1
                attributes = {"SentTimestamp": message["sent"], "ApproximateReceiveCount": str(message["received"])}
                messages.append({
                    "MessageId": message_id, "ReceiptHandle": f"receipt-{message_id}", "Body": message["body"],
                    "Attributes": attributes,
                })  # fmt: skip
        return {"Messages": messages} if messages else {}

    def change_message_visibility_batch(self, QueueUrl: str, Entries: list[dict[str, Any]]) -> None:
        assert QueueUrl == DEAD and 0 < len(Entries) <= 10
        for entry in Entries:
            message = self.dead.get(entry["ReceiptHandle"].removeprefix("receipt-"))
            if message:
                message["hidden"] = entry["VisibilityTimeout"] > 0

    def send_message(self, QueueUrl: str, MessageBody: str, MessageGroupId: str) -> None:
        if self.failing:
            raise botocore.exceptions.ClientError({"Error": {"Code": "InternalFailure"}}, "SendMessage")
        self.sent.append((QueueUrl, MessageBody, MessageGroupId))

    def delete_message(self, QueueUrl: str, ReceiptHandle: str) -> None:
        assert QueueUrl == DEAD
        del self.dead[ReceiptHandle.removeprefix("receipt-")]

    @property
    def client(self) -> "SQSClient":
        return cast("SQSClient", self)

    def visible(self) -> list[str]:
        return [message["body"] for message in self.dead.values() if not message["hidden"]]


def letter(body: str) -> Letter:
    sent = str(int((time.time() - 7200) * 1000))
    return read_letter({
        "MessageId": "id", "ReceiptHandle": "receipt", "Body": body,
        "Attributes": {"SentTimestamp": sent, "ApproximateReceiveCount": "4"},
    })  # fmt: skip


class Shown(unittest.TestCase):
    def test_a_readable_letter_shows_its_kind_account_and_ids(self) -> None:
        self.assertEqual(list(letter(REPORTS_BODY).lines()), [
            "id     2 h  received  4  reports v1  account acme  accepted 2023-11-14T22:13:20Z  2 reports",
            f"    report {REPORT}",
            f"    report {OTHER}  names webhook {WEBHOOK}, {OTHER}",
        ])  # fmt: skip
        self.assertEqual(list(letter(DELIVERY_BODY).lines()), [
            "id     2 h  received  4  delivery v1  account acme  accepted 2023-11-14T22:13:20Z  "
            f"webhook {WEBHOOK} report {REPORT}",
        ])  # fmt: skip
        self.assertEqual(len(list(letter("not json").lines())), 1)

    def test_reports_of_a_producer(self) -> None:
        reports = [{"from": PHONE}, {"to": [PHONE]}]
        body = {"v": 1, "kind": "submitted_reports", "account_id": "acme", "reports": reports}
        sent = letter(json.dumps(body))
        self.assertEqual(list(sent.lines()), ["id     2 h  received  4  submitted_reports v1  account acme  2 reports"])
        self.assertEqual(sent.queue, "ReportsQueueUrl")

    def test_values_of_another_form_are_not_shown(self) -> None:
        for reports in (None, "x", [None, 1, {"id": PHONE}, {"id": REPORT, "report": {"webhook_ids": PHONE}}]):
            for received_at in (None, True, "2023", -1, 10**30):
                body = {"v": 1, "kind": "reports", "account_id": "acme", "reports": reports, "received_at": received_at}
                lines = "\n".join(letter(json.dumps(body)).lines())
                self.assertNotIn(str(PHONE), lines)
                self.assertIn("accepted ?", lines)
        many = {"v": 1, "kind": "reports", "account_id": "acme", "reports": [{}] * 5000}
        self.assertEqual(len(list(letter(json.dumps(many)).lines())), 1001)

    def test_each_message_of_the_functions_is_readable(self) -> None:
        bodies = [path.read_text().rpartition("---\n")[2] for path in SNAPSHOTS.glob("**/*message__*.snap")]
        letters = [letter(body) for body in bodies]
        # Only producers send these.
        self.assertEqual({each.content["kind"] for each in letters}, set(QUEUE_OF_KIND) - {"submitted_reports"})
        for each in letters:
            self.assertIsNone(each.problem, each.body)
            self.assertNotIn("?", "\n".join(each.lines()))

    def test_an_unreadable_letter_has_a_problem_and_no_queue(self) -> None:
        for body, problem in POISON.items():
            self.assertEqual(letter(body).problem, problem, body[:50])
            self.assertIsNone(letter(body).queue)

    def test_no_report_and_no_possible_phone_number_is_shown(self) -> None:
        disguised = json.dumps({
            "v": 1, "kind": "delivery", "account_id": "acme", "webhook_id": PHONE, "report_id": str(PHONE),
        })  # fmt: skip
        for body in (REPORTS_BODY, DELIVERY_BODY, disguised, *POISON):
            self.assertNotIn(str(PHONE), "\n".join(letter(body).lines()))
        self.assertIn("webhook ? report ?", letter(disguised).line())


class Peeking(unittest.TestCase):
    def test_each_letter_is_yielded_once_and_returned_to_the_queue(self) -> None:
        sqs = Sqs(*(f"{n}" for n in range(25)))
        with peek_letters(sqs.client, DEAD) as letters:
            self.assertEqual(len({letter.message_id for letter in letters}), 25)
            self.assertEqual(sqs.visible(), [])
        self.assertEqual(len(sqs.visible()), 25)

    def test_no_more_letters_than_the_limit_are_yielded(self) -> None:
        with peek_letters(Sqs(*(f"{n}" for n in range(25))).client, DEAD, 12) as letters:
            self.assertEqual(len(list(letters)), 12)

    def test_a_redelivered_letter_is_yielded_once(self) -> None:
        sqs = Sqs("a")
        with (
            unittest.mock.patch.object(sqs, "change_message_visibility_batch") as change_visibility,
            peek_letters(sqs.client, DEAD) as letters,
        ):
            for _ in letters:
                sqs.dead["id-0"]["hidden"] = False
                self.assertEqual(sqs.dead["id-0"]["received"], 4)
        change_visibility.assert_called_once()


class Finding(unittest.TestCase):
    def find(self, sqs: Sqs, report: str, hidden: int = 0) -> list[str]:
        dead_letters = DeadLetters.__new__(DeadLetters)
        dead_letters._url, dead_letters._queues, dead_letters._sqs = DEAD, QUEUES, sqs.client
        sqs.attributes["ApproximateNumberOfMessagesNotVisible"] = str(hidden)
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            dead_letters.find(report_id(report))
        return output.getvalue().splitlines()

    def test_a_report_is_found_in_each_kind_of_message_and_all_are_returned(self) -> None:
        taken = json.dumps({"v": 1, "kind": "taken", "delivery": json.loads(DELIVERY_BODY)})
        erasure = json.dumps({"v": 1, "kind": "erase_report", "account_id": "acme", "report_id": REPORT})
        newer = json.dumps({"v": 2, "reports": [{"id": REPORT, "from": PHONE}]})
        others = [json.dumps({**json.loads(DELIVERY_BODY), "report_id": OTHER}), "not json"]
        bodies = [REPORTS_BODY, DELIVERY_BODY, taken, erasure, newer, *others]
        sqs = Sqs(*bodies)
        lines = self.find(sqs, REPORT)
        self.assertEqual(lines[-1], f"5 of 7 dead letters hold the report {REPORT}")
        self.assertEqual([line.split()[0] for line in lines[:-1]], [f"id-{n}" for n in range(5)])
        self.assertIn("cannot be read: version 2", lines[4])
        self.assertNotIn(str(PHONE), "\n".join(lines))
        self.assertEqual(sqs.visible(), bodies)

    def test_a_failed_batch_of_stats_is_listed_with_its_size(self) -> None:
        given_up = json.dumps({"version": "1.0", "DDBStreamBatchInfo": {"batchSize": 8}})
        self.assertTrue(
            letter(given_up).line().endswith("  stats failed on 8 changes of the log"), letter(given_up).line()
        )

    def test_a_delivery_names_its_report(self) -> None:
        self.assertIn(
            f"1 of 1 dead letters hold the report {REPORT}", self.find(Sqs(DELIVERY_BODY), f"{WEBHOOK}.{REPORT}")
        )

    def test_hidden_letters_are_mentioned_if_none_was_found(self) -> None:
        self.assertEqual(self.find(Sqs(), REPORT), [f"0 of 0 dead letters hold the report {REPORT}"])
        self.assertIn("About 3 were hidden", self.find(Sqs("x"), REPORT, hidden=3)[-1])

    def test_a_text_that_is_no_id_is_refused(self) -> None:
        for text in ("", "7", str(PHONE), f"{REPORT}.", f"{REPORT} {REPORT}"):
            with self.assertRaises(argparse.ArgumentTypeError):
                report_id(text)


class Resending(unittest.TestCase):
    def move(self, sqs: Sqs, dry_run: bool = False) -> list[str]:
        output: list[str] = []
        resend.move(sqs.client, QUEUES, DEAD, dry_run, output.append)
        return output

    def test_readable_letters_move_to_their_queues_and_others_stay(self) -> None:
        sqs = Sqs(REPORTS_BODY, "not json", DELIVERY_BODY, '{"v": 2}', '{"v": 2, "w": 1}')
        self.assertEqual(self.move(sqs), [
            "1 moved to Reports", "1 moved to Retries", "1 stayed: no JSON", "2 stayed: version 2",
        ])  # fmt: skip
        self.assertEqual(sqs.sent, [(REPORTS, REPORTS_BODY, "acme"), (RETRIES, DELIVERY_BODY, "acme")])
        self.assertEqual(sqs.visible(), ["not json", '{"v": 2}', '{"v": 2, "w": 1}'])

    def test_a_dry_run_moves_nothing(self) -> None:
        sqs = Sqs(REPORTS_BODY, "not json")
        self.assertEqual(self.move(sqs, dry_run=True), ["1 would be moved to Reports", "1 would stay: no JSON"])
        self.assertEqual((sqs.sent, sqs.visible()), ([], [REPORTS_BODY, "not json"]))

    def test_a_letter_that_sqs_did_not_accept_is_not_deleted(self) -> None:
        sqs = Sqs(REPORTS_BODY, DELIVERY_BODY)
        sqs.failing = True
        with self.assertRaises(botocore.exceptions.ClientError):
            self.move(sqs)
        self.assertEqual(sqs.visible(), [REPORTS_BODY, DELIVERY_BODY])

    def test_a_letter_that_fails_again_during_the_redrive_stays(self) -> None:
        self.assertEqual(self.move(Sqs(REPORTS_BODY, age=-5)), ["1 stayed: arrived during the redrive"])

    def test_a_move_task_is_used_only_if_all_letters_are_readable(self) -> None:
        for bodies, moved_by_sqs in ((["not json", REPORTS_BODY], False), ([REPORTS_BODY], True)):
            sqs = Sqs(*bodies)
            dead_letters = DeadLetters.__new__(DeadLetters)
            dead_letters._url, dead_letters._queues, dead_letters._sqs = DEAD, QUEUES, sqs.client
            with (
                unittest.mock.patch("letters.move_task.is_supported", return_value=True),
                unittest.mock.patch("letters.move_task.move") as move,
                contextlib.redirect_stdout(io.StringIO()),
            ):
                dead_letters.redrive(dry_run=False)
            self.assertEqual(move.called, moved_by_sqs)
            self.assertEqual(len(sqs.sent), 0 if moved_by_sqs else 1)
            self.assertEqual(sqs.visible(), bodies if moved_by_sqs else ["not json"])

    def test_an_empty_queue(self) -> None:
        self.assertEqual(self.move(Sqs()), ["There are no dead letters."])


class MoveTasks(unittest.TestCase):
    def setUp(self) -> None:
        patch = unittest.mock.patch("letters.move_task.SECONDS_BETWEEN_POLLS", 0)
        patch.start()
        self.addCleanup(patch.stop)

    def client(self, *latest: dict[str, Any] | None) -> unittest.mock.Mock:
        """A client whose list of tasks begins with each of these in turn."""
        sqs = unittest.mock.Mock()
        sqs.list_message_move_tasks.side_effect = [{"Results": [task] if task else []} for task in latest]
        return sqs

    def task(self, status: str, moved: int, number: int = 1, **more: str) -> dict[str, Any]:
        return {"Status": status, "ApproximateNumberOfMessagesMoved": moved, "ApproximateNumberOfMessagesToMove": 9,
                "StartedTimestamp": number, **more}  # fmt: skip

    def test_a_task_is_followed_to_its_end(self) -> None:
        earlier = self.task("COMPLETED", 4, number=0)
        sqs = self.client(earlier, earlier, None, self.task("RUNNING", 3), self.task("COMPLETED", 9))
        output: list[str] = []
        move_task.move(sqs, "arn", output.append)
        sqs.start_message_move_task.assert_called_once_with(SourceArn="arn")
        self.assertEqual(output, [
            "3 of 9 messages moved so far", "9 of 9 messages moved back to the queues they came from.",
        ])  # fmt: skip

    def test_a_task_in_progress_is_not_started_again(self) -> None:
        sqs = self.client(self.task("RUNNING", 3), self.task("RUNNING", 3), self.task("COMPLETED", 9))
        output: list[str] = []
        move_task.move(sqs, "arn", output.append)
        sqs.start_message_move_task.assert_not_called()
        self.assertEqual(len(output), 3)

    def test_a_failed_task_is_an_error_with_its_reason(self) -> None:
        sqs = self.client(None, None, self.task("FAILED", 1, FailureReason="CouldNotDetermineMessageSource"))
        with self.assertRaisesRegex(CommandError, "FAILED .CouldNotDetermineMessageSource., 1 of 9"):
            move_task.move(sqs, "arn", lambda _: None)

    def test_sqs_without_move_tasks_is_recognized(self) -> None:
        for code, known in (("InvalidAction", False), ("UnknownOperationException", False)):
            sqs = unittest.mock.Mock()
            error = botocore.exceptions.ClientError({"Error": {"Code": code}}, "ListMessageMoveTasks")
            sqs.list_message_move_tasks.side_effect = error
            self.assertIs(move_task.is_supported(sqs, "arn"), known)
        self.assertTrue(move_task.is_supported(self.client(None), "arn"))

    def test_another_error_is_raised(self) -> None:
        sqs = unittest.mock.Mock()
        error = botocore.exceptions.ClientError({"Error": {"Code": "AccessDenied"}}, "ListMessageMoveTasks")
        sqs.list_message_move_tasks.side_effect = error
        with self.assertRaises(botocore.exceptions.ClientError):
            move_task.is_supported(sqs, "arn")
