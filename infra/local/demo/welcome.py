"""The text that `make run` prints when Callhook is ready."""

from local.demo.first_calls import as_text
from local.settings import Settings


def welcome(settings: Settings, key: str, receiver: str, console: str, line: str) -> str:
    """`console` is a link to the console, `line` sets the variables of the calls."""
    return f"""
Callhook is ready. This link opens the console for the demo account and is valid for a day:

  {console}

To see all accounts, sign in at {settings.base_url}/console/ with a platform key (`make platform-key LOCAL=1`).

  base URL   {settings.base_url}
  API key    {key}
  receiver   {receiver}  (this terminal shows what it gets)
  log        {settings.log}

Run this line in another terminal to set the variables of the calls below (`make env` prints it again):

{line}

{as_text()}

Ctrl-C stops everything; the data are kept for the next run.
"""
