"""`make run`: the demo, and then it stays up to be played with."""

from local.demo.check import send_and_check
from local.demo.curl import curl_lines
from local.demo.receiver import Receiver
from local.demo.tenant import ready_tenant
from local.deploy import deploy
from local.launch import Cloud, running_cloud
from local.say import say
from local.settings import Settings, lasting_settings
from local.trouble import Trouble


def run() -> int:
    settings = lasting_settings()
    with running_cloud(settings) as cloud:
        deploy(settings)
        with Receiver() as receiver:
            tenant = ready_tenant(settings, receiver.url)
            send_and_check(settings, tenant, receiver)
            say(f"""
Callhook is up.

  base URL   {settings.base_url}
  API key    {tenant.key}
  receiver   {receiver.url}  (what it gets is shown here)
  log        {settings.log}

{curl_lines(settings, tenant, receiver.url)}

Ctrl-C stops everything; the data are kept for the next run.
""")
            _stay(cloud, settings)


def _stay(cloud: Cloud, settings: Settings) -> None:
    """Ends by Ctrl-C only, which is an exception here."""
    cloud.wait()
    raise Trouble(f"The local cloud ended by itself; the reason is in {settings.log}.")
