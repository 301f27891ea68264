"""`make run`: runs the demo, and then keeps the cloud running."""

from typing import NoReturn

from local.api import Api
from local.demo.check import send_and_check
from local.demo.console import console_link
from local.demo.exports import exports, shared_exports
from local.demo.receiver import Receiver
from local.demo.tenant import ready_tenant
from local.demo.welcome import welcome
from local.deploy import deploy
from local.launch import Cloud, running_cloud
from local.say import say
from local.settings import Settings, persistent_settings
from local.user_error import UserError


def run() -> NoReturn:
    settings = persistent_settings()
    with running_cloud(settings) as cloud:
        deploy(settings)
        with Receiver(settings) as receiver:
            tenant = ready_tenant(settings, receiver.url)
            send_and_check(settings, tenant, receiver)
            link = console_link(Api(settings.base_url, tenant.platform_key))
            line = exports(settings, tenant.key, receiver.base_url)
            with shared_exports(settings, line):
                say(welcome(settings, tenant.key, receiver.base_url, link, line))
                _stay(cloud, settings)


def _stay(cloud: Cloud, settings: Settings) -> NoReturn:
    """Waits for Ctrl-C, which raises an exception."""
    cloud.wait()
    raise UserError(f"The local cloud ended by itself: see {settings.log}.")
