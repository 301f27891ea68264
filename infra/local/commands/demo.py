"""`make demo`: delivers a report, and succeeds if the receiver got it as documented."""

from local.demo.check import send_and_check
from local.demo.receiver import Receiver
from local.demo.tenant import ready_tenant
from local.deploy import deploy
from local.launch import running_cloud
from local.settings import persistent_settings


def demo() -> int:
    settings = persistent_settings()
    with running_cloud(settings):
        deploy(settings)
        with Receiver(settings) as receiver:
            send_and_check(settings, ready_tenant(settings, receiver.url), receiver)
    return 0
