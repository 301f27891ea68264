"""Imports the webhooks of another platform from its list response (docs/migrating.md).

    make import FILE=webhooks.json [SUBSCRIPTIONS=subscriptions.json] [ACCOUNT=<id>]
                                  with URL and KEY in the environment: creates the missing ones
    … DRY_RUN=1                   only checks each entry and lists the missing ones
    … VERIFY=1                    has each receiver asked once more, with the entry's token
    … LOCAL=1                     for the local cloud of `make run`

A second run creates nothing, and a run after an interruption goes on. Existing webhooks and subscriptions stay as they are.
"""

import argparse
import os
import shlex
import sys
from pathlib import Path

from deployed import Refused
from importing.api import Api
from importing.export import read_subscriptions, read_webhooks
from importing.run import Import

PER_SECOND = 10


def target(local: bool) -> tuple[str, str]:
    """URL and key: those of `make run`, or of the environment, where no list of processes shows the key."""
    if local:
        from local.demo.exports import read_exports
        from local.settings import lasting_settings
        from local.user_error import UserError

        try:
            line = read_exports(lasting_settings())
        except UserError as error:
            raise Refused(str(error)) from error
        values = dict(word.split("=", 1) for word in shlex.split(line)[1:])
        return values["URL"], values["KEY"]
    url, key = os.environ.get("URL", ""), os.environ.get("KEY", "")
    if not url or not key:
        raise Refused("Set URL (base URL of the API) and KEY (with webhooks:read and webhooks:write), or LOCAL=1.")
    return url, key


def read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{path} cannot be read: {error}") from error


def run(arguments: argparse.Namespace) -> bool:
    webhooks, is_part = read_webhooks(read(arguments.file), arguments.verify)
    subscriptions, is_part_too = read_subscriptions(read(arguments.subscriptions) if arguments.subscriptions else "[]")
    if is_part or is_part_too:
        print("The platform has more pages than the file holds: import the other pages as well.")
    url, key = target(arguments.local)
    work = Import(Api(url, key, arguments.account or None, arguments.per_second), arguments.dry_run, print)
    try:
        work.run(webhooks, subscriptions)
    except KeyboardInterrupt:
        raise Refused("Interrupted. Run it again to go on.") from None
    finally:
        for line in work.summary():
            print(line)
    return work.all_imported


def main() -> int:
    parser = argparse.ArgumentParser(description="Imports webhooks and subscriptions from a platform's list responses.")
    parser.add_argument("file", help="the list response with the webhooks, or an array of its pages")
    parser.add_argument("--subscriptions", default="", help="the list response with the subscriptions")
    parser.add_argument("--account", default="", help="the account, if the key is the platform's")
    parser.add_argument("--local", action="store_true", help="on the local cloud of `make run`")
    parser.add_argument("--verify", action="store_true", help="have each receiver asked with the entry's token")
    parser.add_argument("--dry-run", action="store_true", help="only check the entries and say what would be made")
    parser.add_argument("--per-second", type=float, default=PER_SECOND, help="most requests a second (default: 10)")
    arguments = parser.parse_args()
    if not arguments.file:
        parser.error("name the file, as in `make import FILE=webhooks.json`")
    try:
        return 0 if run(arguments) else 1
    except Refused as error:
        print(f"callhook: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
