"""The command line of the local cloud."""

import argparse
import signal
import sys
from pathlib import Path
from types import FrameType

from local.say import complain, say
from local.user_error import UserError


class Stopped(BaseException):
    """A signal stops this process."""

    def __init__(self, number: int) -> None:
        self.exit_code = 128 + number


def main() -> int:
    arguments = _parser().parse_args()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        return _dispatch(arguments)
    except UserError as error:
        complain(str(error))
        return 1
    except Stopped as stopped:
        say("\nStopped.")
        # Ctrl-C is the regular end of these.
        return 0 if arguments.command in ("run", "sam-api") else stopped.exit_code


def _dispatch(arguments: argparse.Namespace) -> int:
    # Imported late: --help needs none of the cloud's packages.
    match arguments.command:
        case "run":
            from local.commands.run import run

            return run()
        case "env":
            from local.commands.env import env

            return env()
        case "demo":
            from local.commands.demo import demo

            return demo()
        case "record":
            from local.upgrade.record import record

            return record(arguments.name)
        case "upgrade":
            from local.upgrade.check import upgrade

            return upgrade()
        case "restore":
            from local.commands.restore import restore

            return restore()
        case "events":
            from local.commands.events import events

            return events()
        case "sam-api":
            from local.commands.sam_api import sam_api

            return sam_api()
        case "sam-invoke":
            from local.commands.sam_invoke import sam_invoke

            return sam_invoke(arguments.function, arguments.event)
        case "sam-test":
            from local.commands.sam_test import sam_test

            return sam_test()
        case "exec":
            from local.commands.execute import execute

            return execute(
                _without_dashes(arguments.to_run),
                dict(arguments.parameter),
                restartable=arguments.restartable,
                faults=arguments.faults,
                audit=arguments.audit,
                visibility_seconds=arguments.visibility_seconds,
            )
    raise AssertionError(f"{arguments.command} has no program")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="local", description="Callhook on a local cloud.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="run with a demo account, webhook and receiver until Ctrl-C")
    commands.add_parser("env", help="print the variables of the running `run` for another terminal")
    commands.add_parser("demo", help="deliver one report and check it")
    commands.add_parser("restore", help="restore the tables of a new cloud and have its stack use them")
    commands.add_parser("events", help="run the functions on each event of infra/events/, without Docker")
    commands.add_parser("sam-api", help="run the API in containers with sam local start-api until Ctrl-C")
    invoke = commands.add_parser("sam-invoke", help="run a function in a container on an event with sam local invoke")
    invoke.add_argument(
        "--function", default="", metavar="NAME", help="the function; that of a sample event by default"
    )
    invoke.add_argument(
        "--event", required=True, type=Path, metavar="FILE", help="such as infra/events/deliver-reports.json"
    )
    commands.add_parser("sam-test", help="test all routes and sample events in containers; skipped without Docker")
    record = commands.add_parser("record", help="write the items and messages of the built functions to tests/fixtures")
    record.add_argument("name", help="the release, or its date")
    commands.add_parser("upgrade", help="check the functions with the items and messages of tests/fixtures")
    execute = commands.add_parser("exec", help="run a command with a new cloud")
    execute.add_argument(
        "--parameter", type=_parameter, action="append", default=[], metavar="NAME=VALUE",
        help="a template parameter, for example DeliverTimeoutSeconds=30",
    )  # fmt: skip
    execute.add_argument(
        "--visibility-seconds", type=int, default=20, metavar="SECONDS",
        help="visibility timeout of the queues, which is six times a function's timeout on AWS (default: 20)",
    )  # fmt: skip
    execute.add_argument(
        "--restartable", action="store_true",
        help="keep the data, and start the cloud again when the command ends it",
    )  # fmt: skip
    execute.add_argument(
        "--faults", action="store_true", help="let the command inject faults into calls of the functions"
    )
    execute.add_argument(
        "--audit", choices=("logs", "all"),
        help="audit the logs and metrics if the command succeeds, or also that it has used each permission",
    )  # fmt: skip
    execute.add_argument("to_run", nargs=argparse.REMAINDER, metavar="-- command", help="what to run")
    return parser


def _parameter(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text} is not NAME=VALUE")
    return name, value


def _without_dashes(words: list[str]) -> list[str]:
    command = words[1:] if words[:1] == ["--"] else words
    if not command:
        raise UserError("exec needs a command: python -m local exec -- <command>")
    return command


def _stop(number: int, _frame: FrameType | None) -> None:
    raise Stopped(number)


if __name__ == "__main__":
    sys.exit(main())
