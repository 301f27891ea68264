"""Imports the webhooks of another platform from its list response (docs/migrating.md).

    make import FILE=webhooks.json [SUBSCRIPTIONS=subscriptions.json] [ACCOUNT=<id>]
                                  creates missing webhooks, by URL and KEY of the environment
    … DRY_RUN=1                   only checks each entry and lists missing webhooks
    … VERIFY=1                    verifies each receiver again, with the entry's token
    … LOCAL=1                     for the local cloud of `make run`

Runs can be repeated: each creates what is missing, and changes no existing webhook or subscription.
"""

import argparse
import os
import shlex
import sys
from pathlib import Path

from deployed import CommandError
from importing.api import Api
from importing.export import read_subscriptions, read_webhooks
from importing.run import Import

PER_SECOND = 10


def target(local: bool) -> tuple[str, str]:
    """The API's URL and a key, of `make run` or of the environment.

    There is no option for the key, as lists of processes show options.
    """
    if local:
        from local.demo.exports import read_exports
        from local.settings import persistent_settings
        from local.user_error import UserError

        try:
            line = read_exports(persistent_settings())
        except UserError as error:
            raise CommandError(str(error)) from error
        values = dict(word.split("=", 1) for word in shlex.split(line)[1:])
        return values["URL"], values["KEY"]
    url, key = os.environ.get("URL", ""), os.environ.get("KEY", "")
    if not url or not key:
        raise CommandError(
            "Set URL (base URL of the API) and KEY (with the scopes webhooks:read and webhooks:write), or LOCAL=1."
        )
    return url, key


def read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read: {error}") from error


def run(arguments: argparse.Namespace) -> bool:
    webhooks, is_incomplete = read_webhooks(read(arguments.file), arguments.verify)
    subscriptions, subscriptions_incomplete = read_subscriptions(
        read(arguments.subscriptions) if arguments.subscriptions else "[]"
    )
    if is_incomplete or subscriptions_incomplete:
        print("The platform has more pages than the file holds: import the other pages as well.")
    url, key = target(arguments.local)
    work = Import(Api(url, key, arguments.account or None, arguments.per_second), arguments.dry_run, print)
    try:
        work.run(webhooks, subscriptions)
    except KeyboardInterrupt:
        raise CommandError("Interrupted. Run it again to continue.") from None
    finally:
        for line in work.summary():
            print(line)
    return work.all_imported


def main() -> int:
    parser = argparse.ArgumentParser(description="Imports webhooks and subscriptions from a platform's list responses.")
    parser.add_argument("file", help="the list response with the webhooks, or an array of its pages")
    parser.add_argument("--subscriptions", default="", help="the list response with the subscriptions")
    parser.add_argument("--account", default="", help="the account, for a platform key")
    parser.add_argument("--local", action="store_true", help="on the local cloud of `make run`")
    parser.add_argument("--verify", action="store_true", help="verify each receiver with the entry's token")
    parser.add_argument("--dry-run", action="store_true", help="only check the entries and list missing webhooks")
    parser.add_argument("--per-second", type=float, default=PER_SECOND, help="most requests a second (default: 10)")
    arguments = parser.parse_args()
    if not arguments.file:
        parser.error("name the file, as in `make import FILE=webhooks.json`")
    try:
        return 0 if run(arguments) else 1
    except CommandError as error:
        print(f"callhook: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
