"""The platform key of a local cloud, created as on AWS."""

from deployed import CommandError
from local.aws import session
from local.settings import STACK, Settings
from local.user_error import UserError
from platform_key import create_platform_key


def make_platform_key(settings: Settings) -> str:
    try:
        return create_platform_key(session(settings), STACK, "local", settings.endpoint)
    except CommandError as refusal:
        raise UserError(f"Failed to create a platform key: {refusal} (log: {settings.log})") from refusal
