"""What `make run` prints when Callhook is up."""

from local.demo.first_calls import as_text
from local.settings import Settings


def welcome(settings: Settings, key: str, receiver: str, console: str, line: str) -> str:
    """`console` is a link that opens the console, `line` the variables of the calls."""
    return f"""
Callhook is up. This link opens the console as the demo account, for a day:

  {console}

To see all accounts, make a platform key with `make platform-key LOCAL=1` and sign in with it at {settings.base_url}/console/.

  base URL   {settings.base_url}
  API key    {key}
  receiver   {receiver}  (this terminal shows what it gets)
  log        {settings.log}

In another terminal, this line gives the calls below their variables (`make env` prints it again):

{line}

{as_text()}

Ctrl-C stops everything; the data are kept for the next run.
"""
