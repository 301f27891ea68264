"""The variables of the first calls, for other terminals than that of `make run`."""

import contextlib
import os
import shlex
from collections.abc import Iterator

from local.settings import Settings
from local.user_error import UserError


def exports(settings: Settings, key: str, receiver: str) -> str:
    """The variables as a line for a shell."""
    values = {"URL": settings.base_url, "KEY": key, "RECEIVER": receiver}
    return "export " + " ".join(f"{name}={shlex.quote(value)}" for name, value in values.items())


@contextlib.contextmanager
def shared_exports(settings: Settings, line: str) -> Iterator[None]:
    """Stores the line for `make env` while the cloud runs."""
    # Created with its permissions, so that others can never read the key.
    with os.fdopen(os.open(settings.exports_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as output:
        output.write(line + "\n")
    try:
        yield
    finally:
        settings.exports_file.unlink(missing_ok=True)


def read_exports(settings: Settings) -> str:
    try:
        return settings.exports_file.read_text().rstrip("\n")
    except FileNotFoundError:
        raise UserError("Callhook is not running: start it with `make run` in another terminal.") from None
