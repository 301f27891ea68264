"""Lists dead letters, finds those of a report, and moves them back to their queues.

make dead-letters             lists them, with the ids of their reports
make find-dead-letter REPORT=<id>
                              lists those with a report
make redrive                  moves them back to the queues they came from
make redrive DRY_RUN=1        only says how many it would move
… STACK=callhook-eu           for another stack
… LOCAL=1                     for the local cloud of `make run`
"""

import argparse
import sys

from deployed import Cloud, operator_cloud, operator_command, running_local_cloud, stack_outputs
from letters import move_task, resend
from letters.letter import ID, QUEUES
from letters.peek import peek_letters

MAX_LISTED = 1000


class DeadLetters:
    def __init__(self, cloud: Cloud) -> None:
        names = ("DeadLettersQueueUrl", *QUEUES.values())
        self._url, *urls = stack_outputs(cloud.session, cloud.stack, *names, endpoint=cloud.endpoint)
        self._queues = dict(zip(QUEUES.values(), urls, strict=False))
        self._sqs = cloud.session.client("sqs", endpoint_url=cloud.endpoint)

    def list(self) -> None:
        with peek_letters(self._sqs, self._url, MAX_LISTED) as letters:
            count = 0
            for letter in letters:
                count += 1
                for line in letter.lines():
                    print(line)
        print(f"{count} dead letters" if count < MAX_LISTED else f"These are {count}; there may be more.")

    def find(self, report_id: str) -> None:
        """Prints each dead letter with a report."""
        hidden = self._hidden()
        with peek_letters(self._sqs, self._url) as letters:
            seen, found = 0, 0
            for letter in letters:
                seen += 1
                if letter.contains(report_id):
                    found += 1
                    print(letter.line())
        print(f"{found} of {seen} dead letters hold the report {report_id}")
        if hidden and not found:
            print(
                f"About {hidden} were hidden, as another command looks at them or moves them: try again in two minutes."
            )

    def _hidden(self) -> int:
        """About how many messages are in flight, and so not received here."""
        answer = self._sqs.get_queue_attributes(
            QueueUrl=self._url, AttributeNames=["ApproximateNumberOfMessagesNotVisible"]
        )
        return int(answer["Attributes"]["ApproximateNumberOfMessagesNotVisible"])

    def redrive(self, dry_run: bool) -> None:
        arn = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        # A move task moves all messages, and those that deliver cannot read have to stay.
        if not move_task.is_supported(self._sqs, arn) or self._has_unreadable():
            resend.move(self._sqs, self._queues, self._url, dry_run, print)
        elif dry_run:
            self._count_movable()
        else:
            move_task.move(self._sqs, arn, print)

    def _has_unreadable(self) -> bool:
        with peek_letters(self._sqs, self._url) as letters:
            return any(letter.problem for letter in letters)

    def _count_movable(self) -> None:
        with peek_letters(self._sqs, self._url) as letters:
            count = sum(1 for _ in letters)
        print(f"{count} would be moved to the queues they came from")


def report_id(text: str) -> str:
    """Parses the id of a report (`report`), or that of a delivery (`webhook.report`)."""
    given = text.strip().lower().rpartition(".")[2]
    if not ID.fullmatch(given):
        raise argparse.ArgumentTypeError("give the id of a report, or of a delivery (<webhook>.<report>)")
    return given


@operator_command
def main() -> int:
    parser = argparse.ArgumentParser(
        description="Lists dead letters, finds those of a report, or moves them back to their queues."
    )
    parser.add_argument("action", choices=("list", "find", "redrive"))
    parser.add_argument("--report", type=report_id, help="with find: the id of a report or of a delivery")
    parser.add_argument("--stack", default="callhook", help="name of the CloudFormation stack (default: callhook)")
    parser.add_argument("--local", action="store_true", help="on the local cloud of `make run`")
    parser.add_argument("--dry-run", action="store_true", help="with redrive: only say how many would be moved")
    arguments = parser.parse_args()
    if arguments.action == "find" and not arguments.report:
        parser.error("find needs --report, as in `make find-dead-letter REPORT=<id>`")
    cloud = running_local_cloud() if arguments.local else operator_cloud(arguments.stack)
    dead_letters = DeadLetters(cloud)
    if arguments.action == "list":
        dead_letters.list()
    elif arguments.action == "find":
        dead_letters.find(arguments.report)
    else:
        dead_letters.redrive(arguments.dry_run)
    return 0


if __name__ == "__main__":
    sys.exit(main())
