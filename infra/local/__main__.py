"""The command line of the local cloud."""

import argparse
import signal
import sys
from pathlib import Path
from types import FrameType

from local.say import complain, say
from local.user_error import UserError


class Told(BaseException):
    """A person or a supervisor told this process to stop."""

    def __init__(self, sign: int) -> None:
        self.exit_code = 128 + sign


def main() -> int:
    arguments = _parser().parse_args()
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, _stop)
    try:
        return _dispatch(arguments)
    except UserError as error:
        complain(str(error))
        return 1
    except Told as told:
        say("\nStopped.")
        # Ctrl-C is how these are meant to end.
        return 0 if arguments.command in ("run", "sam-api") else told.exit_code


def _dispatch(arguments: argparse.Namespace) -> int:
    # Imported here, so that --help needs none of the cloud's packages.
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
    commands.add_parser("run", help="stay up with a demo account, webhook and receiver until Ctrl-C")
    commands.add_parser("env", help="print the variables of the running `run` for another terminal")
    commands.add_parser("demo", help="send one report the whole way and check what arrived")
    commands.add_parser("restore", help="restore the tables of a fresh cloud and have its stack use them")
    commands.add_parser("events", help="have the functions work on every event of infra/events/, without Docker")
    commands.add_parser("sam-api", help="stay up with the API in containers, by sam local start-api, until Ctrl-C")
    invoke = commands.add_parser(
        "sam-invoke", help="have a function in a container work on an event, by sam local invoke"
    )
    invoke.add_argument(
        "--function", default="", metavar="NAME", help="the function; that of a sample event by default"
    )
    invoke.add_argument(
        "--event", required=True, type=Path, metavar="FILE", help="such as infra/events/deliver-reports.json"
    )
    commands.add_parser(
        "sam-test", help="try all routes and all sample events in containers; says so where Docker is absent"
    )
    record = commands.add_parser(
        "record", help="write the items and messages of the functions that are built into tests/fixtures"
    )
    record.add_argument("name", help="the release, or its date")
    commands.add_parser("upgrade", help="have the functions work on the items and messages of tests/fixtures")
    execute = commands.add_parser("exec", help="run a command against a fresh cloud")
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
        help="keep the data, and start the cloud again when the command tells it to end",
    )  # fmt: skip
    execute.add_argument("--faults", action="store_true", help="let the command make calls of the functions go wrong")
    execute.add_argument(
        "--audit", action="store_true",
        help="look at what the command has shown as a whole if it succeeds; for a run of all tests",
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


def _stop(sign: int, _frame: FrameType | None) -> None:
    raise Told(sign)


if __name__ == "__main__":
    sys.exit(main())
