"""`make run`: the demo, and then it stays up to be played with."""

from local.demo.check import send_and_check
from local.demo.exports import exports, shared_exports
from local.demo.first_calls import as_text
from local.demo.receiver import Receiver
from local.demo.tenant import Tenant, ready_tenant
from local.deploy import deploy
from local.launch import Cloud, running_cloud
from local.say import say
from local.settings import Settings, lasting_settings
from local.trouble import Trouble


def run() -> int:
    settings = lasting_settings()
    with running_cloud(settings) as cloud:
        deploy(settings)
        with Receiver(settings) as receiver:
            tenant = ready_tenant(settings, receiver.url)
            send_and_check(settings, tenant, receiver)
            line = exports(settings, tenant.key, receiver.base_url)
            with shared_exports(settings, line):
                say(_welcome(settings, tenant, receiver, line))
                _stay(cloud, settings)


def _welcome(settings: Settings, tenant: Tenant, receiver: Receiver, line: str) -> str:
    return f"""
Callhook is up.

  base URL   {settings.base_url}
  API key    {tenant.key}
  receiver   {receiver.base_url}  (this terminal shows what it gets)
  log        {settings.log}

In another terminal, this line gives the calls below their variables (`make env` prints it again):

{line}

{as_text()}

Ctrl-C stops everything; the data are kept for the next run.
"""


def _stay(cloud: Cloud, settings: Settings) -> None:
    """Ends by Ctrl-C only, which is an exception here."""
    cloud.wait()
    raise Trouble(f"The local cloud ended by itself; the reason is in {settings.log}.")
